/** An effect in a report: whom it reaches and what it is, in a few words. Pure. */
import { updateInWords } from "../flow/crm-change.ts";
import type { Effect, EffectKind } from "../flow/effect.ts";

const longest = 80;

export function effectWords(effect: Effect): { kind: EffectKind; to: string[]; what: string } {
  const { kind } = effect;
  switch (effect.kind) {
    case "email":
      return { kind, to: [effect.to], what: `mail: ${short(effect.subject)}` };
    case "slack_message": {
      const to = effect.to.kind === "person" ? effect.to.email : effect.to.channel;
      return { kind, to: [to], what: `message: ${short(plainly(effect.text))}` };
    }
    case "calendar_event":
      return { kind, to: effect.attendees, what: `event: ${short(effect.title)}` };
    case "crm_update":
      return { kind, to: [effect.customer.name], what: short(updateInWords(effect)) };
    default:
      return effect satisfies never;
  }
}

/** What mrkdwn says: whoever shows it escapes it for its own place (T2). `&amp;` last, so that a typed "&lt;" stays one. */
function plainly(mrkdwn: string): string {
  return mrkdwn.replaceAll("*", "").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`;
}
