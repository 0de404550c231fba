/** Which thread a message goes into. */
import type { MessageStore } from "./message-store.ts";
import { SlackError } from "./slack-error.ts";
import { normalTs } from "./timestamp.ts";

/** A reply to a reply stands in the same thread. Null: in none. */
export function threadOf(given: string | null, channel: string, messages: MessageStore): string | null {
  if (given === null) return null;
  const parent = messages.find(channel, normalTs(given) ?? "");
  if (parent === null || parent.ephemeralFor !== null) throw new SlackError("thread_not_found");
  return parent.threadTs ?? parent.ts;
}
