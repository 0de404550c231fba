/** A message as it is stored, and as Slack's API shows it. */
import { z } from "zod";
import { asSlackFile, type FileInfo } from "./file.ts";
import type { Identity } from "./identity.ts";

export const blocks = z.array(z.record(z.string(), z.unknown()));
export type Block = z.infer<typeof blocks>[number];

export const metadata = z.object({ event_type: z.string().min(1), event_payload: z.record(z.string(), z.unknown()) });
export type Metadata = z.infer<typeof metadata>;

export interface Message {
  channel: string;
  ts: string;
  threadTs: string | null;
  user: string;
  text: string;
  blocks: Block[];
  metadata: Metadata | null;
  /** The ts of the last edit. */
  edited: string | null;
  ephemeralFor: string | null;
  /** What stands for a deleted thread's first message. */
  isTombstone: boolean;
  files: FileInfo[];
}

export interface ThreadSummary {
  replyCount: number;
  replyUsers: string[];
  latestReply: string;
}

/** `conversations.history` gives a message's payload of metadata only to who asks for it. */
export function asSlackMessage(parameters: {
  message: Message;
  identity: Identity;
  /** The sandbox's own address, which files have. */
  url: string;
  thread?: ThreadSummary | null;
  withMetadata?: boolean;
}): Record<string, unknown> {
  const { message, identity, url, thread = null, withMetadata = false } = parameters;
  return {
    user: message.user,
    type: "message",
    ...(message.isTombstone ? { subtype: "tombstone", hidden: true } : {}),
    ts: message.ts,
    ...(message.user === identity.botUserId ? botFields(identity) : { client_msg_id: clientMessageId(message) }),
    text: message.text,
    team: identity.teamId,
    ...(message.edited === null ? {} : { edited: { user: message.user, ts: message.edited } }),
    ...(message.blocks.length === 0 ? {} : { blocks: message.blocks }),
    ...(message.threadTs === null ? {} : { thread_ts: message.threadTs }),
    ...fileFields(message.files, identity, url),
    ...threadFields(thread, message.ts),
    ...metadataFields(message.metadata, withMetadata),
  };
}

function botFields(identity: Identity): Record<string, unknown> {
  const { botId, appId, botName, teamId } = identity;
  return {
    bot_id: botId,
    app_id: appId,
    bot_profile: { id: botId, app_id: appId, name: botName, deleted: false, updated: 0, team_id: teamId, icons: {} },
  };
}

function fileFields(files: readonly FileInfo[], identity: Identity, url: string): Record<string, unknown> {
  if (files.length === 0) return {};
  return { files: files.map((file) => asSlackFile({ file, identity, url })), upload: true };
}

function threadFields(thread: ThreadSummary | null, ts: string): Record<string, unknown> {
  if (thread === null) return {};
  return {
    thread_ts: ts,
    reply_count: thread.replyCount,
    reply_users_count: thread.replyUsers.length,
    reply_users: thread.replyUsers,
    latest_reply: thread.latestReply,
    is_locked: false,
    subscribed: false,
  };
}

function metadataFields(stored: Metadata | null, withPayload: boolean): Record<string, unknown> {
  if (stored === null) return {};
  return { metadata: withPayload ? stored : { event_type: stored.event_type } };
}

/** A UUID's shape, from the message itself. */
export function clientMessageId(message: Pick<Message, "ts">): string {
  const digits = message.ts.replace(".", "").padStart(32, "0");
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    "-",
  );
}
