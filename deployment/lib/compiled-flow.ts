/** What of a flow is deployed, as the compiler writes it: machines with placeholders for ARNs, and when they start. */
import type { Json, JsonObject } from "../../src/flow/json.ts";

export interface CompiledSchedule {
  /** EventBridge Scheduler's own syntax. */
  expression: string;
  timezone: string;
  /** How much later it may fire at most; null: at its instant. */
  window_minutes: number | null;
  /** Which machine it starts: the flow's own, or the batch over customers. */
  starts: "flow" | "batch";
  input: JsonObject;
}

export interface CompiledFlow {
  flow_id: string;
  version: string;
  /** Of the definition (D4). */
  hash: string;
  machine: JsonObject;
  /** The batch over the customers of a filter; null: no trigger needs one. */
  batch: JsonObject | null;
  schedules: readonly CompiledSchedule[];
  /** The flows that its steps start. */
  sub_flows: readonly string[];
  /** What people are told of it before it is deployed. */
  report: CompiledReport;
}

export interface CompiledReport {
  /** Waits that the flow doesn't ask for: `waits` begins only after `for`. */
  added: readonly { waits: string; for: string }[];
  /** What is otherwise than on the embedded engine. */
  notes: readonly { step: string | null; message: string }[];
  transitions: number;
  events: number;
  definition_bytes: number;
  /** For each step that repeats, what one item more takes. */
  per_item: readonly { step: string; transitions: number; events: number }[];
  /** US dollars for one execution's transitions. */
  cost: number;
}

/** A whole text that is a placeholder gives way to its ARN; text of the flow that merely looks like one stays. */
export function filledIn(value: Json, arns: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return arns.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => filledIn(each, arns));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledIn(each, arns)]));
}

/** All placeholders in it, so that one without an ARN is found before anything is deployed. */
export function placeholdersIn(value: Json): string[] {
  if (typeof value === "string") return placeholder.test(value) ? [value] : [];
  if (value === null || typeof value !== "object") return [];
  return [...new Set(Object.values(value).flatMap(placeholdersIn))];
}

const placeholder = /^\$\{(?:ActionsFunction|EffectsFunction|StateMachine_[a-z][a-z0-9_]*)\}$/;
