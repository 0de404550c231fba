/**
 * E3 at the last moment: the envelope that the library would send (MAIL FROM, RCPT TO) against the plan. The headers are for
 * people; who gets a mail is the envelope alone, so anything but the planned people, each once or more, stops it. Pure.
 */
import { list } from "../slack/format.ts";

export interface Envelope {
  from: string | false;
  to: readonly string[];
}

/** Null: it is the plan. */
export function envelopeProblem(envelope: Envelope, plan: { from: string; to: readonly string[] }): string | null {
  const isPlan = envelope.from === plan.from && peopleOf(envelope.to) === peopleOf(plan.to);
  return isPlan
    ? null
    : `The mail to ${list(plan.to, "and")} would have gone to ${list(envelope.to, "and") || "nobody"}, so it was not sent.`;
}

/** A blank stands in no address that was checked, so it parts them. The domain alone knows no capitals (RFC 5321, 2.4). */
function peopleOf(addresses: readonly string[]): string {
  return [...new Set(addresses.map(asMailbox))].toSorted().join(" ");
}

function asMailbox(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, at)}@${address.slice(at + 1).toLowerCase()}`;
}
