/** Do both engines do the same? Says how they differ; null: they don't. */
import { isDeepStrictEqual } from "node:util";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import type { Json } from "../../../src/flow/json.ts";
import { idOf, type Case, type Part } from "./case.ts";
import { liveEmbedded } from "./embedded.ts";
import { liveInterpreted } from "./interpreted.ts";
import type { Trace } from "./trace.ts";

export async function difference(played: Case): Promise<string | null> {
  const { trace: embedded, ...lived } = await liveEmbedded(played);
  const compiled = await liveInterpreted(played, lived);
  const { definition } = lived;
  // Nothing inside a machine catches that, so it tells neither of its steps nor anybody of its end.
  if (embedded.status === "timed_out")
    return (
      differs("status", "timed_out", compiled.status) ??
      differs("calls", counted(played, embedded), counted(played, compiled))
    );
  return (
    differs("status", embedded.status, compiled.status) ??
    differs("outcome", embedded.outcome, compiled.outcome) ??
    differs(
      "steps",
      timeless(played, embedded.steps),
      timeless(played, approvalsInWords(definition, compiled.steps)),
    ) ??
    differs("calls", counted(played, embedded), counted(played, compiled)) ??
    differs("told", embedded.told, compiled.told) ??
    differs("undone", embedded.undone.toSorted(), compiled.undone.toSorted()) ??
    endError(embedded, compiled) ??
    outOfOrder(played, embedded, "embedded") ??
    outOfOrder(played, compiled, "compiled") ??
    undoneOutOfOrder(played, compiled)
  );
}

function differs(what: string, embedded: unknown, compiled: unknown): string | null {
  if (isDeepStrictEqual(embedded, compiled)) return null;
  return `${what}: embedded ${JSON.stringify(embedded)}\n  compiled ${JSON.stringify(compiled)}`;
}

/** What is planned ahead of an approval is called when that is asked, by the engine and by the real handlers; these plan nothing. */
function counted({ parts }: Case, { calls }: Trace): Trace["calls"] {
  const isCounted = ([step]: [string, number]) => !isPlannedAhead(parts, Number(step.split("/")[0]?.slice(1)));
  return Object.fromEntries(Object.entries(calls).filter(isCounted));
}

function isPlannedAhead(parts: readonly Part[], place: number): boolean {
  const first = parts.findIndex(({ kind }) => kind === "approval");
  return first !== -1 && place > first && parts[place]?.kind === "notify";
}

/** A decision is compared by its word: who and when are the world's. */
function approvalsInWords(definition: FlowDefinition, steps: Trace["steps"]): Trace["steps"] {
  return Object.fromEntries(
    definition.steps.flatMap(({ id, kind }) => {
      const step = steps[id];
      if (step === undefined) return [];
      const { output } = step;
      const isDecision = kind === "approval" && typeof output === "object" && output !== null && "decision" in output;
      return [[id, isDecision && !Array.isArray(output) ? { ...step, output: output["decision"] ?? null } : step]];
    }),
  );
}

/** How long people took is not the engine's affair, so neither is when a wait that follows them ends. */
function timeless({ parts }: Case, steps: Trace["steps"]): Trace["steps"] {
  return Object.fromEntries(
    Object.entries(steps).map(([id, step]) => {
      const part = parts[Number(id.slice(1))];
      const isLong = part?.kind === "wait" && typeof part.wait !== "string" && step.status === "succeeded";
      if (isLong) return [id, { ...step, output: "waited" }];
      if (step.output === undefined) return [id, step];
      const output = withoutReasons(step.output);
      return [id, { ...step, output: part?.child === "waits" ? withoutInstants(output) : output }];
    }),
  );
}

function withoutInstants(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutInstants);
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).map(([key, field]): [string, Json] => [key, withoutInstants(field)]);
  return Object.fromEntries(fields.map(([key, field]) => [key, key === "waited_until" ? "waited" : field]));
}

/** What an expression failed with, or that time ran out, is told by the engine in its own words, by Step Functions in others. */
function withoutReasons(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutReasons);
  if (typeof value !== "object" || value === null) return value;
  const isReason = typeof value["error"] === "string" && /^(Expression\.|Flow\.|Step\.Timeout)/.test(value["error"]);
  const fields = Object.entries(value).filter(([key]) => !isReason || key !== "cause");
  return Object.fromEntries(fields.map(([key, field]) => [key, withoutReasons(field)]));
}

/** Of several failures the embedded engine names the first in time, the machine the first along the graph. */
function endError(embedded: Trace, compiled: Trace): string | null {
  if (embedded.error === compiled.error) return null;
  const errors = Object.values(embedded.steps).map(({ error }) => error);
  return errors.includes(compiled.error ?? "") ? null : differs("error", embedded.error, compiled.error);
}

function outOfOrder({ parts }: Case, { order }: Trace, engine: string): string | null {
  for (const [place, part] of parts.entries()) {
    const first = order.findIndex(({ what, step }) => what === "begin" && step === idOf(place));
    if (first === -1 || isPlannedAhead(parts, place)) continue;
    for (const { part: before } of part.after ?? []) {
      const last = order.findLastIndex(({ what, step }) => what === "end" && step === idOf(before));
      if (last > first) return `${engine}: ${idOf(place)} began before ${idOf(before)} had ended`;
    }
  }
  return null;
}

function undoneOutOfOrder({ parts }: Case, { undone }: Trace): string | null {
  for (const [place, part] of parts.entries()) {
    const at = undone.indexOf(idOf(place));
    for (const { part: before } of part.after ?? []) {
      const earlier = undone.indexOf(idOf(before));
      if (at !== -1 && earlier !== -1 && earlier < at) return `${idOf(before)} was taken back before ${idOf(place)}`;
    }
  }
  return null;
}
