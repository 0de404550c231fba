/** The workspace's people. */
import { pageOf } from "../cursor.ts";
import { asSlackBotUser, asSlackUser } from "../member-object.ts";
import type { Member } from "../member-store.ts";
import type { Method } from "../method.ts";
import { SlackError } from "../slack-error.ts";
import type { SlackWorkspace } from "../workspace.ts";

export const listUsers: Method = (args, workspace) => {
  const everybody = [
    ...workspace.people.list().map((member) => shown(member, workspace)),
    asSlackBotUser(workspace.identity),
  ];
  const { items, nextCursor } = pageOf(everybody, args.text("cursor"), args.count("limit", 1_000, 1_000));
  return {
    members: items,
    cache_ts: Math.floor(workspace.clock.now() / 1_000),
    response_metadata: { next_cursor: nextCursor },
  };
};

export const userInfo: Method = (args, workspace) => {
  const id = args.text("user") ?? "";
  if (id === workspace.identity.botUserId) return { user: asSlackBotUser(workspace.identity) };
  const member = workspace.people.find(id);
  if (member === null) throw new SlackError("user_not_found");
  return { user: shown(member, workspace) };
};

export const lookupByEmail: Method = (args, workspace) => {
  const member = workspace.people.findByEmail(args.required("email"));
  if (member === null) throw new SlackError("users_not_found");
  return { user: shown(member, workspace) };
};

function shown(member: Member, { identity, clock }: SlackWorkspace): Record<string, unknown> {
  return asSlackUser({ member, identity, now: clock.now() });
}
