/** What can be asked of one execution. The driver fills in what it found outside; `decide` says what follows. */
import type { PlannedEffect, Receipt } from "../flow/effect.ts";
import type { Approver, FieldEdit, PastExecution, StepPlan } from "../flow/event.ts";
import type { Failure } from "../flow/failure.ts";
import type { DecisionWord } from "../flow/flow.ts";
import type { Json, JsonObject } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";

/** What the driver found when it looked at a ready step: its condition and its expressions, evaluated now and recorded. */
export type Found =
  | { kind: "condition_false" }
  | { kind: "failure"; failure: Failure }
  | { kind: "parameters"; parameters: JsonObject }
  /** A3: planned when the approval was asked; nothing is planned a second time. */
  | { kind: "plan"; plan: StepPlan };

export type EffectResult =
  | { kind: "performed"; receipt: Receipt }
  | { kind: "failed"; failure: Failure; retryAfterMs: number | null }
  | { kind: "doubtful"; cause: string };

/** What an approval would let out, and the hash of all that its approvers are shown (A3). */
export interface Proposal {
  plans: StepPlan[];
  later: string[];
  hash: string;
}

/** What asking for an approval found. */
export interface Asking extends Proposal {
  approvers: Approver[];
  escalateTo: Approver[];
  /** Nobody but the requester could decide, so it goes to `escalate.to` at once (A2). */
  isEscalated: boolean;
  history: PastExecution[];
  listed: boolean;
}

export type Command =
  | { type: "take_over"; owner: string }
  | { type: "begin_step"; stepId: string; found: Found }
  | { type: "retry_step"; stepId: string }
  | { type: "answer"; stepId: string; attempt: number; output: Json }
  | { type: "plan_effects"; stepId: string; attempt: number; output: Json; effects: PlannedEffect[] }
  | { type: "settle_effect"; stepId: string; attempt: number; key: string; result: EffectResult }
  | { type: "fail"; stepId: string; attempt: number; failure: Failure; retryAfterMs: number | null }
  | { type: "ask_approval"; stepId: string; asking: Asking }
  | { type: "vote"; stepId: string; version: number; person: Person; decision: DecisionWord; reason: string | null }
  | { type: "edit"; stepId: string; version: number; person: Person; edits: FieldEdit[]; proposal: Proposal }
  | { type: "remind"; stepId: string }
  | { type: "escalate"; stepId: string }
  | { type: "resolve_doubt"; key: string; person: Person; answer: "send_again" | "arrived" }
  | { type: "expire_approval"; stepId: string }
  | { type: "post_card"; card: string; channel: string; ts: string }
  | { type: "plan_notice"; effect: PlannedEffect | null }
  | { type: "settle_notice"; result: EffectResult }
  | { type: "redrive"; person: Person | null };
