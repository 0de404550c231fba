/** What can be asked of one execution. The driver fills in what it found outside; `decide` says what follows. */
import type { PlannedEffect, Receipt } from "../flow/effect.ts";
import type { SetAside } from "../flow/case.ts";
import type { Approver, CaseNote, FieldEdit, PastExecution, StepPlan } from "../flow/event.ts";
import type { Failure } from "../flow/failure.ts";
import type { DecisionWord } from "../flow/flow.ts";
import type { Hold } from "../flow/hold.ts";
import type { Json, JsonObject } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";
import type { ExecutionStatus, Outcome } from "../flow/record.ts";
import type { KeptToken } from "../flow/service-state.ts";
import type { Usage } from "../flow/usage.ts";
import type { Of } from "./decide/work.ts";
import type { EndOutside } from "./follower.ts";

/** What the driver found when it looked at a ready step: its condition and its expressions, evaluated now and recorded. */
export type Found =
  | { kind: "condition_false" }
  /** Past its `due`, and told not to run then. */
  | { kind: "too_late" }
  /** Past its `due`: it waits for the recipient's next working hour. */
  | { kind: "shift"; until: number }
  | { kind: "failure"; failure: Failure }
  | { kind: "parameters"; parameters: JsonObject }
  /** Of a `wait` step. */
  | { kind: "wait"; until: number }
  /** Of a step that repeats. */
  | { kind: "items"; items: Json[] }
  /** A3: planned when the approval was asked; nothing is planned a second time. */
  | { kind: "plan"; plan: StepPlan };

export type EffectResult =
  | { kind: "performed"; receipt: Receipt }
  | { kind: "failed"; failure: Failure; retryAfterMs: number | null }
  | { kind: "doubtful"; cause: string }
  /** Not sent, and not now. */
  | { kind: "held"; hold: Hold };

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

/** How a `flow` step's execution ended. */
export interface ChildEnd {
  executionId: string;
  status: ExecutionStatus;
  outcome: Outcome | null;
  failure: Failure | null;
  /** By step id. */
  outputs: JsonObject;
}

export type Command =
  /** `epoch`: the one that was found; who finds another meanwhile has come too late (D5). */
  | { type: "take_over"; owner: string; epoch: number }
  | { type: "queue"; keys: string[] }
  /** It has a place under this key now. */
  | { type: "admit"; key: string }
  | ({ type: "begin" } & Of & { found: Found })
  | ({ type: "retry" } & Of)
  | ({ type: "answer" } & Of & { attempt: number; output: Json; usage?: Usage })
  | ({ type: "plan_effects" } & Of & { attempt: number; output: Json; effects: PlannedEffect[]; usage?: Usage })
  | ({ type: "settle_effect" } & Of & { attempt: number; key: string; result: EffectResult })
  | ({ type: "fail" } & Of & { attempt: number; failure: Failure; retryAfterMs: number | null; usage?: Usage })
  /** `end`: it has ended already, and tells nobody any more. */
  | ({ type: "note_child" } & Of & { attempt: number; executionId: string; end: ChildEnd | null })
  | ({ type: "end_child" } & Of & { child: ChildEnd })
  | { type: "end_wait"; stepId: string }
  | ({ type: "time_out_child" } & Of)
  | { type: "ask_approval"; stepId: string; asking: Asking }
  | {
      type: "vote";
      stepId: string;
      version: number;
      person: Person;
      decision: DecisionWord;
      reason: string | null;
      aside?: SetAside;
    }
  | { type: "edit"; stepId: string; version: number; person: Person; edits: FieldEdit[]; proposal: Proposal }
  | { type: "remind"; stepId: string }
  | { type: "escalate"; stepId: string }
  | { type: "resolve_doubt"; key: string; person: Person; answer: "send_again" | "arrived" }
  | { type: "expire_approval"; stepId: string }
  | { type: "post_card"; card: string; channel: string; ts: string }
  | { type: "plan_notice"; effect: PlannedEffect | null }
  | { type: "settle_notice"; result: EffectResult }
  | { type: "note_case"; note: CaseNote }
  | { type: "note_service"; what: "start" | "stop"; name: string; redrives: number }
  | { type: "note_answered"; token: KeptToken; late: boolean }
  | { type: "note_unheard"; failure: Failure }
  /** The service that drives it has ended it, or will never begin it. */
  | { type: "end_outside"; end: EndOutside }
  | { type: "abort"; person: Person | null; compensate: boolean }
  | { type: "time_out" }
  /** `queuedFor`: keys under which it must wait for a place first. */
  | { type: "redrive"; person: Person | null; from: string | null; input: JsonObject | null; queuedFor: string[] };
