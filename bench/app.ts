/** The app as `npm start` starts it, in a process of its own: how long it takes, and how it answers under load; and what no app is under. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { endWithThis } from "./child.ts";
import { nodeFlags } from "./node-flags.ts";

const projectFolder = join(import.meta.dirname, "..");

export interface RunningApp {
  url: string;
  /** Milliseconds from the start of the process to a page that is served whole. */
  startMs: number;
  stop(): Promise<void>;
}

/** Of nothing but Bolt and one page. */
export function startBareApp(environment: Readonly<Record<string, string>>): Promise<RunningApp> {
  return startApp(environment, "bench/children/bare-app.ts");
}

export async function startApp(
  environment: Readonly<Record<string, string>>,
  script = "bin/app.mjs",
): Promise<RunningApp> {
  const begin = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, script], {
    cwd: projectFolder,
    env: { PATH: process.env["PATH"], PORT: "0", ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithThis(child);
  const url = await printedAddress(child);
  const page = await fetch(url);
  await page.text();
  const startMs = performance.now() - begin;
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return {
    url,
    startMs,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const printed = /http:\/\/\S+/.exec(text);
      if (printed !== null) resolve(printed[0]);
    });
    child.once("close", () => reject(new Error("the app ended before it printed its address")));
  });
}
