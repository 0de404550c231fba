/**
 * A flow file in TypeScript: what it registers while it is loaded are its flows. Node runs it as it stands.
 *
 * Job: load a file's text once, again when the text has changed. Non-job: the modules that it imports; a change of those shows after
 * a restart.
 */
import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { registeredFlows, type RegisteredFlow } from "./api/registered-flows.ts";
import type { Problem } from "./flow-file.ts";

/** By address: a module runs once, so what it has registered is remembered, and so is that it failed. */
const loaded = new Map<string, Promise<RegisteredFlow[]>>();

export async function loadFlowModule({ file, text }: { file: string; text: string }): Promise<{
  flows: RegisteredFlow[];
  problems: Problem[];
}> {
  const url = pathToFileURL(resolve(file));
  url.searchParams.set("content", createHash("sha256").update(text).digest("hex").slice(0, 16));
  const known = loaded.get(url.href) ?? registeredFlows.collect(() => import(url.href));
  loaded.set(url.href, known);
  try {
    const flows = await known;
    return { flows, problems: flows.length === 0 ? [registersNothing(file)] : [] };
  } catch (error) {
    return { flows: [], problems: [problemOf(error, { file, url })] };
  }
}

function registersNothing(file: string): Problem {
  const message = "this file registers no flow: call register() on one, or move it out of the folders of flows";
  return { file, line: 1, column: 1, message, severity: "warning" };
}

function problemOf(error: unknown, { file, url }: { file: string; url: URL }): Problem {
  const said = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const at = stack.split("\n").find((line) => line.includes(url.pathname)) ?? "";
  const [, line = "1", column = "1"] = /:(\d+)(?::(\d+))?\)?$/.exec(at.trim()) ?? [];
  const message = `this file can't be loaded: ${said.trim().split("\n", 1)[0] ?? ""}`;
  return { file, line: Number(line), column: Number(column), message, severity: "error" };
}
