/** Channels are named in `revops.yml`, but Slack's history is asked for by id: the way from one to the other. */
import type { WebClient } from "@slack/web-api";
import { FailureError } from "../../flow/failure.ts";
import { slackFailure } from "./slack-failure.ts";

const pageSize = 1000;

export interface SlackChannels {
  /** Takes `#name`, `name` or an id. Throws `FailureError` (`Effect.Refused`) for a channel that nobody sees. */
  id(channel: string): Promise<string>;
  /** What a post's answer says, so that nobody has to ask for it. */
  learn(channel: string, id: string): void;
  /** After `channel_not_found`: it was renamed, archived or made again. */
  forget(channel: string): void;
}

export function createSlackChannels({ client }: { client: WebClient }): SlackChannels {
  const ids = new Map<string, string>();
  return {
    learn: (channel, id) => void ids.set(nameOf(channel), id),
    forget: (channel) => void ids.delete(nameOf(channel)),
    async id(channel) {
      const name = nameOf(channel);
      if (isChannelId(name)) return name;
      const known = ids.get(name) ?? (await lookUp(client, name, ids));
      if (known !== undefined) return known;
      const cause = `Slack knows no channel #${name}. Check the channels in revops.yml and invite the app there.`;
      throw new FailureError({ error: "Effect.Refused", cause });
    },
  };
}

/** Ids are upper case, names lower: none can be taken for the other. */
function isChannelId(text: string): boolean {
  return /^[CGD][A-Z0-9]{5,}$/.test(text);
}

function nameOf(channel: string): string {
  return channel.trim().replace(/^#/, "");
}

async function lookUp(client: WebClient, name: string, ids: Map<string, string>): Promise<string | undefined> {
  let cursor: string | undefined;
  do {
    const page = await listPage(client, name, cursor);
    for (const channel of page.channels ?? []) {
      if (channel.name !== undefined && channel.id !== undefined) ids.set(channel.name, channel.id);
    }
    cursor = page.response_metadata?.next_cursor;
  } while (!ids.has(name) && cursor !== undefined && cursor !== "");
  return ids.get(name);
}

async function listPage(client: WebClient, name: string, cursor: string | undefined) {
  try {
    return await client.conversations.list({
      types: "public_channel,private_channel",
      exclude_archived: true,
      limit: pageSize,
      ...(cursor === undefined ? {} : { cursor }),
    });
  } catch (error) {
    throw slackFailure(error, { method: "conversations.list", subject: `#${name}`, posts: false });
  }
}
