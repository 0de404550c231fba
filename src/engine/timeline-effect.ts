/** What is sent, as lines of a history: planned, begun, arrived or not, in doubt, and what a person said about the doubt. */
import type { EffectEvent, StepEffect } from "../flow/effect-state.ts";
import type { EventOf } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { summary } from "./cards.ts";
import { workAt } from "./decide/work.ts";
import { both, unended } from "./explain-words.ts";
import { instant } from "./refusal.ts";
import type { Told } from "./timeline-line.ts";
import { partName, usageDetails } from "./timeline-words.ts";

export function tellEffect(event: EffectEvent | EventOf<"effects_planned">, before: ExecutionState): Told {
  if (event.type === "effects_planned") return tellPlan(event);
  const { key } = event;
  const effect = effectAt(before, event);
  const what = `${nameOf(event, before)}: ${effect === null ? key : summary(effect.planned.effect)}`;
  switch (event.type) {
    case "effect_begun":
      return { text: `${what}: being sent.`, details: { key } };
    case "effect_performed": {
      const { receipt } = event;
      const said = receipt === null ? "" : ` (${receipt.summary})`;
      return { text: `${what}: done${said}.`, details: { key, receipt } };
    }
    case "effect_failed": {
      const { failure } = event;
      return { text: `${what}: failed with ${failure.error}: ${unended(failure.cause)}.`, details: { key, failure } };
    }
    case "effect_doubted":
      return { text: `${what}: nobody knows whether it arrived. ${event.cause}`, details: { key, cause: event.cause } };
    case "effect_held": {
      const { cause, reason, until } = event.hold;
      const then = until === null ? "It isn't sent." : `It goes out ${instant(until, before)}.`;
      return { text: `${what}: held back. ${cause} ${then}`, details: { key, reason, until } };
    }
    case "doubt_resolved": {
      const { answer, by } = event;
      const word = answer === "arrived" ? "it arrived" : "send again";
      return { text: `${what}: ${by.name} said: ${word}.`, details: { key, answer, by: { ...by } } };
    }
    default:
      return event satisfies never;
  }
}

function tellPlan(event: EventOf<"effects_planned">): Told {
  const planned = event.effects.map(({ effect }) => summary(effect));
  const isNotice = event.effects[0]?.target === "#failure";
  const name = isNotice ? "The word about the failure" : partName(event);
  const effects = event.effects.map(({ target, effect }) => ({ target, kind: effect.kind, summary: summary(effect) }));
  const text = planned.length === 0 ? `${name} has nothing to send.` : `${name} is to send: ${both(planned)}.`;
  return { text, output: event.output, details: { effects, ...usageDetails(event) } };
}

function effectAt(state: ExecutionState, { step_id, part, key }: EffectEvent): StepEffect | null {
  if (state.notice?.key === key) return state.notice;
  return workAt(state, { stepId: step_id, part: part ?? null })?.effects?.find((effect) => effect.key === key) ?? null;
}

function nameOf(event: EffectEvent, state: ExecutionState): string {
  return state.notice?.key === event.key ? "The word about the failure" : partName(event);
}
