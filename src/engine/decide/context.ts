/** What the decider is given besides state and command, and how it answers. */
import type { EffectKind } from "../../flow/effect.ts";
import type { ExecutionEvent } from "../../flow/event.ts";
import type { RefusalReason } from "../engine.ts";

export type Idempotency = Record<EffectKind, "native" | "lookup" | "none">;

export interface DecideContext {
  now: number;
  /** 0 ≤ x < 1: the jitter's draw. */
  fraction: number;
  idempotency: Idempotency;
}

export interface Decided {
  events: ExecutionEvent[];
  refusal: RefusalReason | null;
}

export const refuse = (refusal: RefusalReason): Decided => ({ events: [], refusal });
export const accept = (events: ExecutionEvent[]): Decided => ({ events, refusal: null });
