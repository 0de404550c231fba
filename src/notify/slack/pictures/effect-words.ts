/** What a step let out, counted by kind: "1 mail, 2 messages". */
import type { EffectKind } from "../../../flow/effect.ts";
import type { StepEffect } from "../../../flow/execution.ts";
import { count } from "../format.ts";

const nouns: Readonly<Record<EffectKind, string>> = {
  email: "mail",
  slack_message: "message",
  calendar_event: "event",
  crm_update: "CRM update",
};

/** Null: nothing so far. */
export function effectWords(effects: readonly StepEffect[]): string | null {
  const performed = effects.filter(({ state }) => state.status === "performed");
  const words = Object.entries(nouns).flatMap(([kind, noun]) => {
    const own = performed.filter(({ planned }) => planned.effect.kind === kind).length;
    return own === 0 ? [] : [count(own, noun)];
  });
  return words.length === 0 ? null : words.join(", ");
}
