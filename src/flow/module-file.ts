/**
 * A file in TypeScript that an app takes up while it runs: Node runs it as it stands.
 *
 * Job: run a file's text once, again when the text has changed, and say where it goes wrong. Non-job: the modules that it imports: a
 * change of those shows after a restart. A loop without an end holds the whole process, as any program's would.
 */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { registeredFlows, type RegisteredFlow } from "./api/registered-flows.ts";
import type { Problem } from "./flow-file.ts";

/** Rejects with `LateError` when `work` has not ended after so many milliseconds. */
export type Within = <T>(work: Promise<T>, ms: number) => Promise<T>;

export class LateError extends Error {}

export interface LoadedModule {
  /** By name. */
  exports: Readonly<Record<string, unknown>>;
  /** What it has registered while it was loaded. */
  flows: RegisteredFlow[];
}

interface Loading {
  work: Promise<LoadedModule>;
  /** Nobody waits for it again. */
  isLate: boolean;
}

const patienceMs = 10_000;
/** By address: a module runs once, so what came of it is remembered, and so is that it failed. */
const known = new Map<string, Loading>();

export async function loadModule(asked: {
  file: string;
  text: string;
  within: Within | undefined;
}): Promise<LoadedModule | Problem> {
  const { file, text, within } = asked;
  const url = pathToFileURL(resolve(file));
  url.searchParams.set("content", createHash("sha256").update(text).digest("hex").slice(0, 16));
  const loading = known.get(url.href) ?? { work: load(url), isLate: false };
  known.set(url.href, loading);
  // One that nobody waits for any more may still fail.
  loading.work.catch(() => {});
  try {
    if (loading.isLate) return await Promise.race([loading.work, Promise.reject(new LateError())]);
    return await (within === undefined ? loading.work : within(loading.work, patienceMs));
  } catch (error) {
    if (!(error instanceof LateError)) return problemOf(error, { file, url });
    loading.isLate = true;
    return errorAt(
      file,
      `this file isn't loaded after ${patienceMs / 1000} seconds: it waits at its top level for what never comes`,
    );
  }
}

export function isProblem(loaded: LoadedModule | Problem): loaded is Problem {
  return "message" in loaded;
}

async function load(url: URL): Promise<LoadedModule> {
  const { result, flows } = await registeredFlows.collect<object>(() => import(url.href));
  return { exports: { ...result }, flows };
}

function problemOf(error: unknown, { file, url }: { file: string; url: URL }): Problem {
  const said = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const at = stack.split("\n").find((line) => line.includes(url.pathname)) ?? "";
  const [, line = "1", column = "1"] = /:(\d+)(?::(\d+))?\)?$/.exec(at.trim()) ?? [];
  const message = `this file can't be loaded: ${said.trim().split("\n", 1)[0] ?? ""}`;
  return { file, line: Number(line), column: Number(column), message, severity: "error" };
}

function errorAt(file: string, message: string): Problem {
  return { file, line: 1, column: 1, message, severity: "error" };
}
