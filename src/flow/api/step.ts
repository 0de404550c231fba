/** One step as a program says it: an agent's action, or with `type` an approval, a wait or a flow. Durations are ISO 8601. */
import type { AgentName, DecisionWord } from "../flow.ts";
import type { ErrorName } from "../failure.ts";
import type { JsonObject } from "../json.ts";
import { written } from "./written.ts";

export interface RetryArguments {
  /** Counts the first try. */
  maxAttempts?: number;
  interval?: string;
  backoffRate?: number;
  maxInterval?: string;
  jitter?: "full" | "none";
  on?: ErrorName[];
}

interface CommonArguments {
  id: string;
  dependsOn?: string | (string | { step: string; optional?: boolean })[];
  /** One `${…}` that gives true or false. */
  when?: string;
  timeout?: string;
  /** An instant, ISO 8601, or one `${…}` that gives one. */
  due?: string;
  late?: "run" | "skip" | "shift";
}

/** Which action, with what. Where the actions are known, a narrower type takes its place (`src/app/typed-step.ts`). */
export interface ActionCall {
  agent: AgentName;
  action: string;
  /** Values may hold `${…}`. */
  parameters?: JsonObject;
}

interface RepeatableArguments<Call> {
  onError?: "fail" | "continue" | "compensate";
  /** One `${…}` that gives a list. */
  forEach?: string;
  maxConcurrency?: number;
  compensate?: Call;
}

interface AgentStepOptions<Call> extends CommonArguments, RepeatableArguments<Call> {
  type?: "agent";
  retry?: RetryArguments;
}

export type AgentStepArguments<Call = ActionCall> = AgentStepOptions<Call> & Call;

export interface ApprovalStepArguments extends CommonArguments {
  type: "approval";
  approvers: string | string[];
  quorum?: number;
  editable?: string | string[];
  reasonRequired?: DecisionWord | DecisionWord[];
  requesterMayDecide?: boolean;
  remindAfter?: string;
  escalate?: { after?: string; to: string | string[] };
  onTimeout?: "expire" | "approve" | "escalate";
}

/** Exactly one of `duration` and `until`. */
export interface WaitStepArguments extends CommonArguments {
  type: "wait";
  duration?: string;
  until?: string;
}

export interface FlowStepArguments<Call = ActionCall> extends CommonArguments, RepeatableArguments<Call> {
  type: "flow";
  flowId: string;
  /** Values may hold `${…}`. */
  input?: JsonObject;
}

export type StepArguments<Call = ActionCall> =
  AgentStepArguments<Call> | ApprovalStepArguments | WaitStepArguments | FlowStepArguments<Call>;

export class Step {
  /** With the keys of a flow file. */
  readonly document: Record<string, unknown>;

  constructor(named: StepArguments) {
    const retry = "retry" in named && named.retry !== undefined ? { retry: written(named.retry) } : {};
    this.document = { ...written(named), ...retry };
  }
}
