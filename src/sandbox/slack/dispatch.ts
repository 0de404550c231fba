/** Envelopes to the bot: what a person waits for, and events, which Slack sends again when nobody acknowledged. */
import { eventPayload, type Occasion } from "./payload.ts";
import type { Member } from "./member-store.ts";
import type { Fields } from "./problems.ts";
import { randomId } from "./slack-id.ts";
import type { After, Delivery } from "./socket-mode.ts";
import type { SlackWorkspace } from "./workspace.ts";

/** At once, after a minute, after five: the same event under the same id. */
const RETRY_AFTER_MS = [0, 60_000, 300_000];

export function occasionOf(member: Member, { identity, triggers }: SlackWorkspace): Occasion {
  return { identity, member, triggerId: triggers.make(member.id) };
}

/** A response address, stored before anybody learns of it. */
export function makeResponseUrl(
  parameters: { channel: string; user: string; messageTs: string | null },
  { responseUrls, identity, randomHex, url }: SlackWorkspace,
): { id: string; address: string } {
  const id = randomHex(16);
  responseUrls.make({ id, ...parameters });
  return { id, address: `${url()}/response/${identity.teamId}/${id}` };
}

/** Doesn't wait: an event has no answer. */
export function sendEvent(event: Fields, { workspace, after }: { workspace: SlackWorkspace; after: After }): void {
  const { identity, clock, randomHex, socket } = workspace;
  const payload = eventPayload({ identity, eventId: randomId("Ev", randomHex), at: clock.now(), event });
  const attempt = async (number: number, reason: string): Promise<void> => {
    const delivery = await socket.send({ type: "events_api", payload, retry: { attempt: number, reason } });
    const wait = RETRY_AFTER_MS[number];
    if (delivery.kind === "acknowledged" || wait === undefined) return;
    after(wait, () => void attempt(number + 1, retryReason(delivery)));
  };
  void attempt(0, "");
}

function retryReason(delivery: Delivery): string {
  return delivery.kind === "operation_timeout" ? "timeout" : "connection_failed";
}
