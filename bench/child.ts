/** One part of a measure in a process of its own: it prints its figures as the last line, as JSON. */
import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { nodeFlags } from "./node-flags.ts";

const Figures = z.record(z.string(), z.number());

export interface Child {
  /** Lines as they come. */
  lines: AsyncIterable<string>;
  kill(signal?: "SIGKILL" | "SIGTERM"): void;
  /** Rejects where it ended by itself and not well. */
  ended: Promise<void>;
}

/** `script`: a file of `bench/children`; `options` is its only argument, as JSON; `environment` comes on top. */
export function startChild(script: string, options: object, environment: Record<string, string> = {}): Child {
  const path = join(import.meta.dirname, "children", script);
  const child = spawn(process.execPath, [...nodeFlags, path, JSON.stringify(options)], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  endWithThis(child);
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", reject).once("close", (code, signal) => {
      if (code === 0 || signal === "SIGKILL" || signal === "SIGTERM") resolve();
      else reject(new Error(`${script} ended with ${code ?? signal}`));
    });
  });
  return {
    lines: createInterface({ input: child.stdout }),
    kill: (signal = "SIGKILL") => child.kill(signal),
    ended,
  };
}

export async function lastLineOf(...started: Parameters<typeof startChild>): Promise<unknown> {
  const child = startChild(...started);
  let last = "{}";
  for await (const line of child.lines) last = line;
  await child.ended;
  return JSON.parse(last);
}

export async function figuresOf(...started: Parameters<typeof startChild>): Promise<Record<string, number>> {
  return Figures.parse(await lastLineOf(...started));
}

/** What a child was started with. */
export function optionsOf<Options>(schema: z.ZodType<Options>): Options {
  return schema.parse(JSON.parse(process.argv[2] ?? "{}"));
}

/** However this process ends, short of kill -9. */
export function endWithThis(child: ChildProcess): void {
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  child.once("close", () => process.off("exit", end));
}

/** It is gone afterwards, however this process ends, short of kill -9. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "revops-bench-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await work(folder);
  } finally {
    process.off("exit", remove);
    await rm(folder, { recursive: true, force: true });
  }
}
