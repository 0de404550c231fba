/** A person, or the bot, as Slack's API shows a user. */
import type { Identity } from "./identity.ts";
import { handleOf, type Member } from "./member-store.ts";
import { zoneLabel, zoneOffsetSeconds } from "./zone.ts";

export function asSlackUser(parameters: { member: Member; identity: Identity; now: number }): Record<string, unknown> {
  const { member, identity, now } = parameters;
  const [firstName = member.name, ...rest] = member.name.split(" ");
  return {
    ...userFields({ id: member.id, handle: handleOf(member), name: member.name, identity }),
    tz: member.timezone,
    tz_label: zoneLabel(member.timezone, now),
    tz_offset: zoneOffsetSeconds(member.timezone, now),
    profile: {
      ...profileFields(member.name, identity),
      title: member.title,
      email: member.email,
      first_name: firstName,
      last_name: rest.join(" "),
    },
    is_bot: false,
    is_app_user: false,
  };
}

export function asSlackBotUser(identity: Identity): Record<string, unknown> {
  const { botUserId, botName, botId, appId } = identity;
  return {
    ...userFields({ id: botUserId, handle: botName.toLowerCase(), name: botName, identity }),
    tz: "America/Los_Angeles",
    tz_label: "Pacific Standard Time",
    tz_offset: -28_800,
    profile: { ...profileFields(botName, identity), title: "", api_app_id: appId, bot_id: botId, always_active: true },
    is_bot: true,
    is_app_user: false,
  };
}

function userFields(parameters: {
  id: string;
  handle: string;
  name: string;
  identity: Identity;
}): Record<string, unknown> {
  const { id, handle, name, identity } = parameters;
  return {
    id,
    team_id: identity.teamId,
    name: handle,
    deleted: false,
    color: "4bbe2e",
    real_name: name,
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: false,
    is_ultra_restricted: false,
    updated: 0,
    is_email_confirmed: true,
  };
}

function profileFields(name: string, identity: Identity): Record<string, unknown> {
  return {
    phone: "",
    real_name: name,
    real_name_normalized: name,
    display_name: name,
    display_name_normalized: name,
    status_text: "",
    status_emoji: "",
    status_expiration: 0,
    team: identity.teamId,
  };
}
