/** What Slack sends to the app, in Slack's shapes. Pure. */
import type { Channel } from "./channel-store.ts";
import type { Identity } from "./identity.ts";
import { handleOf, type Member } from "./member-store.ts";
import { asSlackMessage, clientMessageId, type Message } from "./message.ts";
import type { Fields } from "./problems.ts";

/** Who did it, and what the answer may use. */
export interface Occasion {
  identity: Identity;
  member: Member;
  triggerId: string;
  /** The sandbox's own. */
  url: string;
}

export function channelName(channel: Channel): string {
  return channel.kind === "im" ? "directmessage" : channel.name;
}

/** Everything here is text, as it was when commands came as a form. */
export function slashCommandPayload(
  parameters: Occasion & { channel: Channel; command: string; text: string; responseUrl: string },
): Fields {
  const { identity, member, channel, command, text, responseUrl, triggerId } = parameters;
  return {
    token: identity.verificationToken,
    team_id: identity.teamId,
    team_domain: identity.teamDomain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: member.id,
    user_name: handleOf(member),
    command,
    text,
    api_app_id: identity.appId,
    is_enterprise_install: "false",
    response_url: responseUrl,
    trigger_id: triggerId,
  };
}

/** An ephemeral message isn't sent along: Slack doesn't keep it. */
export function messageActionsPayload(
  parameters: Occasion & { channel: Channel; message: Message; action: Fields; responseUrl: string },
): Fields {
  const { identity, channel, message, action, responseUrl, url } = parameters;
  const isEphemeral = message.ephemeralFor !== null;
  return {
    type: "block_actions",
    ...interaction(parameters),
    container: {
      type: "message",
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: isEphemeral,
      ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    },
    channel: { id: channel.id, name: channelName(channel) },
    ...(isEphemeral ? {} : { message: asSlackMessage({ message, identity, url, withMetadata: true }) }),
    state: { values: {} },
    response_url: responseUrl,
    actions: [action],
  };
}

export function viewActionsPayload(parameters: Occasion & { view: Fields; action: Fields }): Fields {
  const { view, action } = parameters;
  return {
    type: "block_actions",
    ...interaction(parameters),
    container: { type: "view", view_id: view["id"] },
    view,
    actions: [action],
  };
}

export function viewSubmissionPayload(parameters: Occasion & { view: Fields }): Fields {
  return { type: "view_submission", ...interaction(parameters), view: parameters.view, response_urls: [] };
}

export function viewClosedPayload(
  parameters: Pick<Occasion, "identity" | "member"> & { view: Fields; isCleared: boolean },
): Fields {
  const { trigger_id: _none, ...fields } = interaction({ ...parameters, triggerId: "" });
  return { type: "view_closed", ...fields, view: parameters.view, is_cleared: parameters.isCleared };
}

function interaction({ identity, member, triggerId }: Omit<Occasion, "url">): Fields {
  const { teamId, teamDomain, appId, verificationToken } = identity;
  const handle = handleOf(member);
  return {
    user: { id: member.id, username: handle, name: handle, team_id: teamId },
    api_app_id: appId,
    token: verificationToken,
    trigger_id: triggerId,
    team: { id: teamId, domain: teamDomain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function eventPayload(parameters: { identity: Identity; eventId: string; at: number; event: Fields }): Fields {
  const { identity, eventId, at, event } = parameters;
  const { teamId, appId, botUserId, verificationToken } = identity;
  const authorization = { enterprise_id: null, team_id: teamId, user_id: botUserId, is_bot: true };
  return {
    token: verificationToken,
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: "event_callback",
    event_id: eventId,
    event_time: Math.floor(at / 1_000),
    authorizations: [{ ...authorization, is_enterprise_install: false }],
    is_ext_shared_channel: false,
    event_context: `4-${eventId}`,
  };
}

/** `app_mention`, or `message` in a direct message. */
export function messageEvent(parameters: {
  type: "app_mention" | "message";
  message: Message;
  identity: Identity;
}): Fields {
  const { type, message, identity } = parameters;
  return {
    type,
    user: message.user,
    ts: message.ts,
    client_msg_id: clientMessageId(message),
    text: message.text,
    team: identity.teamId,
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    blocks: [richText(message)],
    channel: message.channel,
    event_ts: message.ts,
    ...(type === "message" ? { channel_type: "im" } : {}),
  };
}

export function homeOpenedEvent(parameters: {
  member: Member;
  channel: string;
  view: Fields | null;
  ts: string;
}): Fields {
  const { member, channel, view, ts } = parameters;
  return {
    type: "app_home_opened",
    user: member.id,
    channel,
    tab: "home",
    ...(view === null ? {} : { view }),
    event_ts: ts,
  };
}

/** What Slack's composer makes: the words, without the markup that `text` carries. */
function richText(message: Message): Fields {
  const elements = [{ type: "rich_text_section", elements: [{ type: "text", text: message.text }] }];
  return { type: "rich_text", block_id: message.ts.slice(-5), elements };
}
