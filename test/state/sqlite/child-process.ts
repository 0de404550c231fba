/** Real processes beside the test's own, because only a killed process shows what the operating system releases. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach } from "vitest";

export interface Child {
  /** The next line of its output; rejects when it ends without one. */
  line(): Promise<string>;
  /** SIGKILL, and its end is awaited. Safe to repeat. */
  kill(): Promise<void>;
  /** All further lines until it ends by itself. */
  rest(): Promise<string[]>;
}

/** Starts `script` of this folder; what is still alive after a test is killed. */
export function childProcesses(): (script: string, ...parameters: string[]) => Child {
  const children: Child[] = [];
  afterEach(async () => {
    await Promise.all(children.splice(0).map((child) => child.kill()));
  });
  return (script, ...parameters) => {
    const path = join(import.meta.dirname, script);
    const spawned = spawn(process.execPath, [path, ...parameters], { stdio: ["ignore", "pipe", "inherit"] });
    const child = watch(spawned);
    children.push(child);
    return child;
  };
}

function watch(spawned: ChildProcess & { stdout: NodeJS.ReadableStream }): Child {
  const ended = once(spawned, "exit");
  const lines = createInterface({ input: spawned.stdout })[Symbol.asyncIterator]();
  async function line(): Promise<string> {
    const next = await lines.next();
    if (next.done === true) throw new Error("The child process ended without another line.");
    return next.value;
  }
  return {
    line,
    kill: async () => {
      spawned.kill("SIGKILL");
      await ended;
    },
    rest: async () => {
      const rest: string[] = [];
      for (let next = await lines.next(); next.done !== true; next = await lines.next()) rest.push(next.value);
      await ended;
      return rest;
    },
  };
}
