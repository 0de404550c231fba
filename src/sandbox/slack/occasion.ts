/** What a person's act gives the app: the right to open a view, and an address to answer at. */
import type { Occasion } from "./payload.ts";
import type { Member } from "./member-store.ts";
import type { SlackWorkspace } from "./workspace.ts";

export function occasionOf(member: Member, { identity, triggers, url }: SlackWorkspace): Occasion {
  return { identity, member, triggerId: triggers.make(member.id), url: url() };
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
