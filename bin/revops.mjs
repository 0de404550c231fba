#!/usr/bin/env node
/**
 * `npx revops`: hands over to the terminal, in this process where its Node runs TypeScript as it is, else in the Node 24 of
 * node_modules. Plain JavaScript, since whatever Node the machine has reads it first.
 */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const neededMajor = 24;

if (Number.parseInt(process.versions.node, 10) >= neededMajor) await import("./cli.mjs");
else handOver();

function handOver() {
  const node = installedNode();
  if (node === null) {
    console.error(
      `RevOps Flows needs Node ${neededMajor}, and this is ${process.versions.node}: run npm ci in its folder.`,
    );
    process.exit(1);
  }
  const cli = fileURLToPath(new URL("cli.mjs", import.meta.url));
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: "inherit" });
  // The terminal sends its signals to both; whoever signals this process alone means the command.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", (error) => {
    console.error(`${node} can't be run (${error.message}): run npm ci again.`);
    process.exit(1);
  });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}

/** Null: the project's packages aren't installed. */
function installedNode() {
  try {
    return createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    return null;
  }
}
