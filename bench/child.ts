/** One run of a measure in a process of its own: it prints its figures as the last line, as JSON. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";

const Figures = z.record(z.string(), z.number());

export interface Child {
  /** Lines as they come. */
  lines: AsyncIterable<string>;
  kill(): void;
  ended: Promise<void>;
}

export function startChild(script: string, args: readonly string[]): Child {
  const child = spawn(process.execPath, ["--expose-gc", join(import.meta.dirname, script), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject).once("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL") resolve();
      else reject(new Error(`${script} ended with ${code ?? signal}`));
    });
  });
  return { lines: createInterface({ input: child.stdout }), kill: () => child.kill("SIGKILL"), ended };
}

export async function figuresOf(script: string, args: readonly string[]): Promise<Record<string, number>> {
  const child = startChild(script, args);
  let last = "{}";
  for await (const line of child.lines) last = line;
  await child.ended;
  return Figures.parse(JSON.parse(last));
}

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "revops-bench-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
