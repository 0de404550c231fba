/** What was told to the service that drives an execution, and an end that it came to outside. */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import type { Command } from "../command.ts";
import { hasEnded, stepState } from "../readiness.ts";
import { withdrawals } from "./stop.ts";

export function noteService(
  { service }: ExecutionState,
  { what, name, redrives }: Extract<Command, { type: "note_service" }>,
  at: number,
): ExecutionEvent[] {
  if (service === null) return [];
  const isKnown = what === "stop" ? service.isStopped : service.name !== null && service.toldRedrives >= redrives;
  return isKnown ? [] : [{ type: "service_told", at, what, name, redrives }];
}

export function noteAnswered(
  { service }: ExecutionState,
  { token, late }: Extract<Command, { type: "note_answered" }>,
  at: number,
): ExecutionEvent[] {
  const known = Object.values(service?.tokens ?? {}).find((one) => one.token === token.token);
  if (known === undefined || known.isAnswered) return [];
  const { stepId: step_id, part } = token;
  const about = part === null ? { step_id } : { step_id, part };
  return [{ type: "token_answered", at, ...about, for: token.for, token: token.token, late }];
}

/** What was under way there is over; nothing of it goes on, and no mail is sent by anybody. */
export function endOutside(
  state: ExecutionState,
  { status, failure }: Extract<Command, { type: "end_outside" }>,
  at: number,
): ExecutionEvent[] {
  if (state.service === null) return [];
  const withdrawn = withdrawals(state, at);
  if (status !== "failed") {
    const begun = { type: "stop_begun" as const, at, status, by: null, compensate: false };
    return state.stopping === null ? [...withdrawn, begun] : [];
  }
  const open = state.definition.steps.map(({ id }) => stepState(state, id)).filter((step) => !hasEnded(step));
  const [first] = [...open.filter((step) => step.status !== "pending"), ...open];
  const isAsking = first?.approval?.status === "pending";
  const failed: ExecutionEvent[] =
    first === undefined || isAsking ? [] : [{ type: "step_failed", at, step_id: first.id, failure }];
  return [...withdrawn, ...failed, { type: "execution_failed", at, step_id: first?.id ?? null, failure }];
}
