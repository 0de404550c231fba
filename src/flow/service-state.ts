/**
 * An execution that a service outside drives, as the log tells it: under which name, what the service waits to hear, and what it
 * has been told. Non-job: what is owed to it (engine/owed.ts).
 */
import type { EventOf, StepPart, TokenFor } from "./event.ts";
import type { Failure } from "./failure.ts";

export interface KeptToken {
  stepId: string;
  part: StepPart | null;
  for: TokenFor;
  token: string;
  isAnswered: boolean;
}

export interface ServiceState {
  /** Of the service's execution; null: it has not been told to start yet. */
  name: string | null;
  /** When it was told so; it may have been held back long before. */
  toldAt: number | null;
  /** How often it had been redriven when the service was told to start. */
  toldRedrives: number;
  isStopped: boolean;
  /** The last redrive was of what had been cut off, with the same input: what the service may do by itself. */
  isWholeRedrive: boolean;
  /** Why the service doesn't know yet what it is owed; null: nothing stands in the way. */
  unheard: { failure: Failure; since: number } | null;
  /** By step, part and purpose: each asking has a token of its own, and the newest counts. */
  tokens: Record<string, KeptToken>;
}

export type ServiceEvent = EventOf<"service_told" | "service_unheard" | "token_kept" | "token_answered">;

export const freshService: ServiceState = {
  name: null,
  toldAt: null,
  toldRedrives: 0,
  isStopped: false,
  isWholeRedrive: false,
  unheard: null,
  tokens: {},
};

export function evolveService(service: ServiceState, event: ServiceEvent): ServiceState {
  switch (event.type) {
    case "service_told":
      if (event.what === "stop") return { ...service, isStopped: true, unheard: null };
      // Its functions may have been quicker than the word that it runs: the tokens since the redrive count.
      return { ...service, ...started(event), isStopped: false, unheard: null };
    case "service_unheard":
      return { ...service, unheard: { failure: event.failure, since: event.at } };
    case "token_kept":
      return withToken(service, event, false);
    case "token_answered": {
      const known = service.tokens[keyOf(event)];
      return known?.token === event.token ? { ...withToken(service, event, true), unheard: null } : service;
    }
    default:
      return event satisfies never;
  }
}

function started({ at, name, redrives }: EventOf<"service_told">) {
  return { name, toldAt: at, toldRedrives: redrives };
}

/** Whoever waited there waits no more. */
export function redrivenService(service: ServiceState, { isWhole }: { isWhole: boolean }): ServiceState {
  return { ...service, isWholeRedrive: isWhole, unheard: null, tokens: {} };
}

function withToken(service: ServiceState, event: EventOf<"token_kept" | "token_answered">, isAnswered: boolean) {
  const { step_id: stepId, part = null, token } = event;
  const kept: KeptToken = { stepId, part, for: event.for, token, isAnswered };
  return { ...service, tokens: { ...service.tokens, [keyOf(event)]: kept } };
}

function keyOf(event: EventOf<"token_kept" | "token_answered">): string {
  return `${event.step_id}/${event.part ?? ""}#${event.for}`;
}
