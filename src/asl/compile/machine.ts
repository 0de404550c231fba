/** The subset of Amazon States Language that the compiler writes: JSONata with variables. States stand in the order of a reading. */
import type { Json, JsonObject } from "../../flow/json.ts";

export interface Machine {
  Comment: string;
  QueryLanguage: "JSONata";
  StartAt: string;
  TimeoutSeconds?: number;
  States: Record<string, State>;
}

export type State =
  TaskState | ChoiceState | PassState | WaitState | ParallelState | MapState | SucceedState | FailState;

/** What follows a state: another one, or the end of its branch. */
export interface Onward {
  Assign?: JsonObject;
  Output?: Json;
  Next?: string;
  End?: true;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds: number;
  MaxAttempts: number;
  BackoffRate: number;
  MaxDelaySeconds?: number;
  JitterStrategy: "FULL" | "NONE";
}

export interface Catcher {
  ErrorEquals: string[];
  Assign?: JsonObject;
  Output?: Json;
  Next: string;
}

export interface TaskState extends Onward {
  Type: "Task";
  Comment?: string;
  Resource: string;
  Arguments: JsonObject;
  TimeoutSeconds?: number;
  Retry?: Retrier[];
  Catch?: Catcher[];
}

export interface ChoiceRule {
  Condition: string;
  Assign?: JsonObject;
  Output?: Json;
  Next: string;
}

export interface ChoiceState {
  Type: "Choice";
  Comment?: string;
  Choices: ChoiceRule[];
  Default: string;
  Assign?: JsonObject;
}

export interface PassState extends Onward {
  Type: "Pass";
  Comment?: string;
}

export interface WaitState extends Onward {
  Type: "Wait";
  Comment?: string;
  Seconds?: number;
  Timestamp?: string;
}

export interface Branch {
  StartAt: string;
  States: Record<string, State>;
}

export interface ParallelState extends Onward {
  Type: "Parallel";
  Comment?: string;
  Arguments?: JsonObject;
  Branches: Branch[];
  Catch?: Catcher[];
}

export interface MapState extends Onward {
  Type: "Map";
  Comment?: string;
  Items: string;
  ItemSelector?: JsonObject;
  MaxConcurrency: number;
  /** Of a Distributed Map. */
  ToleratedFailurePercentage?: number;
  ItemProcessor: Branch & {
    ProcessorConfig: { Mode: "INLINE" } | { Mode: "DISTRIBUTED"; ExecutionType: "STANDARD" | "EXPRESS" };
  };
  Catch?: Catcher[];
}

export interface SucceedState {
  Type: "Succeed";
  Output?: Json;
}

export interface FailState {
  Type: "Fail";
  Error: string;
  Cause: string;
}

/** States that belong together, and the one that is entered first. */
export interface Fragment {
  entry: string;
  states: [string, State][];
}

/** Where a state may lead, in its own branch. */
export function targetsOf(state: State): string[] {
  if (state.Type === "Succeed" || state.Type === "Fail") return [];
  if (state.Type === "Choice") return [...state.Choices.map(({ Next }) => Next), state.Default];
  const caught = "Catch" in state ? (state.Catch ?? []).map(({ Next }) => Next) : [];
  return [...(state.Next === undefined ? [] : [state.Next]), ...caught];
}

/** JSONata where a field takes a value. */
export const jsonata = (expression: string): string => `{% ${expression} %}`;

/** A text or key as JSONata writes it. */
export const quoted = (text: string): string => JSON.stringify(text);

/** What Step Functions would take for an expression, said as one that gives just this text. */
export function literal(text: string): string {
  return text.startsWith("{%") ? jsonata(`"{" & ${quoted(text.slice(1))}`) : text;
}

export function branch({ entry, states }: Fragment): Branch {
  return { StartAt: entry, States: Object.fromEntries(states) };
}
