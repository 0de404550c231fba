/** What was told to the service that drives an execution, and an end that it came to outside. */
import type { ExecutionEvent } from "../../flow/event.ts";
import type { ExecutionState } from "../../flow/execution.ts";
import type { Command } from "../command.ts";
import type { EndOutside } from "../follower.ts";
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

/** Once for each reason: it is told again and again. */
export function noteUnheard(
  state: ExecutionState,
  { failure }: Extract<Command, { type: "note_unheard" }>,
  at: number,
): ExecutionEvent[] {
  const before = state.service?.unheard?.failure;
  const isKnown = before?.error === failure.error && before.cause === failure.cause;
  return isKnown || state.service === null ? [] : [{ type: "service_unheard", at, failure }];
}

/** What was under way there is over; nothing of it goes on, and no mail is sent by anybody. */
export function endOutside(state: ExecutionState, ended: EndOutside, at: number): ExecutionEvent[] {
  if (state.service === null || state.stopping !== null) return [];
  const withdrawn = withdrawals(state, at);
  const open = state.definition.steps.map(({ id }) => stepState(state, id)).filter((step) => !hasEnded(step));
  switch (ended.status) {
    case "timed_out":
    case "aborted":
      return [...withdrawn, { type: "stop_begun", at, status: ended.status, by: null, compensate: false }];
    case "failed": {
      const { failure, stateName } = ended;
      const [first] = [
        ...open.filter(({ id }) => isStateOf(stateName, id)),
        ...open.filter((step) => step.status !== "pending"),
        ...open,
      ];
      const isAsking = first?.approval?.status === "pending";
      const failed: ExecutionEvent[] =
        first === undefined || isAsking ? [] : [{ type: "step_failed", at, step_id: first.id, failure }];
      return [...withdrawn, ...failed, { type: "execution_failed", at, step_id: first?.id ?? null, failure }];
    }
    case "succeeded": {
      const ends = open.map(({ id: step_id }): ExecutionEvent => {
        const output = ended.outputs[step_id] ?? null;
        if (output === null) return { type: "step_skipped", at, step_id, reason: "condition" };
        return { type: "step_succeeded", at, step_id, output };
      });
      return [...withdrawn, ...ends, { type: "execution_succeeded", at, outcome: ended.outcome }];
    }
    default:
      return ended satisfies never;
  }
}

/** States around a step have its id before their own words. */
function isStateOf(stateName: string | null, stepId: string): boolean {
  return stateName === stepId || stateName?.startsWith(`${stepId} `) === true;
}
