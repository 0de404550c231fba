/** User groups: whoever the composition root says is in them. */
import type { Method } from "../method.ts";
import { SlackError } from "../slack-error.ts";
import { derivedId } from "../slack-id.ts";
import type { SlackWorkspace, UserGroup } from "../workspace.ts";

export const listGroups: Method = (args, workspace) => ({
  usergroups: workspace.groups.map((group) => ({
    id: groupId(group),
    team_id: workspace.identity.teamId,
    is_usergroup: true,
    name: group.name,
    handle: group.handle,
    description: "",
    date_delete: 0,
    user_count: memberIds(group, workspace).length,
    ...(args.flag("include_users") ? { users: memberIds(group, workspace) } : {}),
  })),
});

export const listGroupUsers: Method = (args, workspace) => {
  const id = args.required("usergroup");
  const group = workspace.groups.find((candidate) => groupId(candidate) === id);
  if (group === undefined) throw new SlackError("no_such_subteam");
  return { users: memberIds(group, workspace) };
};

function groupId({ handle }: UserGroup): string {
  return derivedId("S", handle);
}

function memberIds(group: UserGroup, { people }: SlackWorkspace): string[] {
  return group.emails.map((email) => people.findByEmail(email)?.id).filter((id) => id !== undefined);
}
