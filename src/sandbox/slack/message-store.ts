/**
 * Every message, in SQLite before anybody sees it. Gives out `ts`: of the sandbox's clock, unique, increasing over restarts.
 * Each change is told to the page, a thread's first message with it, since its count of replies changed.
 */
import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { z } from "zod";
import type { PageFeed } from "../page-server/page-feed.ts";
import { asPageMessage } from "../page-server/page-message.ts";
import { inTransaction } from "../store/database.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import { fileInfo } from "./file.ts";
import { blocks, metadata, type Message, type ThreadSummary } from "./message.ts";
import { formatTs, tsMicros } from "./timestamp.ts";

/** `files`: ids of uploads that are completed. */
export type NewMessage = Omit<Message, "ts" | "edited" | "isTombstone" | "files"> & { files?: readonly string[] };
export type MessageContent = Partial<Pick<Message, "text" | "blocks" | "metadata">>;

const messageRow = z
  .object({
    channel: z.string(),
    ts: z.string(),
    thread_ts: z.string().nullable(),
    user: z.string(),
    text: z.string(),
    blocks: z.string(),
    metadata: z.string().nullable(),
    edited: z.string().nullable(),
    ephemeral_for: z.string().nullable(),
    is_tombstone: z.number(),
    files: z.string(),
  })
  .transform((row): Message => ({
    channel: row.channel,
    ts: row.ts,
    threadTs: row.thread_ts,
    user: row.user,
    text: row.text,
    blocks: blocks.parse(JSON.parse(row.blocks)),
    metadata: row.metadata === null ? null : metadata.parse(JSON.parse(row.metadata)),
    edited: row.edited,
    ephemeralFor: row.ephemeral_for,
    isTombstone: row.is_tombstone === 1,
    files: z.array(fileInfo).parse(JSON.parse(row.files)),
  }));

const WITH_FILES = `SELECT *, (
  SELECT json_group_array(json_object('id', id, 'name', name, 'title', title, 'altText', alt_text, 'mimetype', mimetype,
    'sizeBytes', size, 'createdAt', created_at, 'readyAt', ready_at))
  FROM (SELECT f.* FROM file_shares s JOIN files f ON f.id = s.file
    WHERE s.channel = messages.channel AND s.ts = messages.ts ORDER BY s.position)
) AS files FROM messages`;
/** Without statistics SQLite takes the primary key, and reads the whole channel for one thread. */
const BY_THREAD = "INDEXED BY messages_by_thread";
const summaryRow = z.object({ thread_ts: z.string(), replies: z.number(), users: z.string(), latest: z.string() });
const countRow = z.object({ replies: z.number() });
const lastTsSetting = "last_ts";

export class MessageStore {
  readonly #database: DatabaseSync;
  readonly #settings: SettingsStore;
  readonly #feed: PageFeed;
  readonly #now: () => number;
  readonly #insert: StatementSync;
  readonly #replace: StatementSync;
  #lastMicros: number;

  constructor(parameters: { database: DatabaseSync; settings: SettingsStore; feed: PageFeed; now: () => number }) {
    this.#database = parameters.database;
    this.#settings = parameters.settings;
    this.#feed = parameters.feed;
    this.#now = parameters.now;
    this.#lastMicros = tsMicros(parameters.settings.get(lastTsSetting) ?? "0");
    this.#insert = this.#database.prepare(
      "INSERT INTO messages (channel, ts, thread_ts, user, text, blocks, metadata, ephemeral_for) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#replace = this.#database.prepare(
      "UPDATE messages SET text = ?, blocks = ?, metadata = ?, edited = ?, is_tombstone = ? WHERE channel = ? AND ts = ?",
    );
  }

  post({ files = [], ...given }: NewMessage): Message {
    const message = inTransaction(this.#database, () => {
      const made: Message = { ...given, ts: this.#nextTs(), edited: null, isTombstone: false, files: [] };
      const { channel, ts, threadTs, user, text, ephemeralFor } = made;
      const stored = made.metadata === null ? null : JSON.stringify(made.metadata);
      this.#insert.run(channel, ts, threadTs, user, text, JSON.stringify(made.blocks), stored, ephemeralFor);
      if (files.length === 0) return made;
      const share = this.#database.prepare("INSERT INTO file_shares (channel, ts, position, file) VALUES (?, ?, ?, ?)");
      for (const [position, file] of files.entries()) share.run(channel, ts, position, file);
      return this.find(channel, ts) ?? made;
    });
    this.#tell(message);
    if (message.threadTs !== null && message.ephemeralFor === null) this.#tellParent(message);
    return message;
  }

  edit(message: Message, content: MessageContent): Message {
    const edited = inTransaction(this.#database, () => {
      const next: Message = { ...message, ...content, edited: this.#nextTs() };
      this.#save(next);
      return next;
    });
    this.#tell(edited);
    return edited;
  }

  /** The first message of a thread leaves a tombstone, as in Slack. */
  remove(message: Message): void {
    this.#database.prepare("DELETE FROM file_shares WHERE channel = ? AND ts = ?").run(message.channel, message.ts);
    if (this.#replyCount(message) > 0) {
      const tombstone = {
        ...message,
        text: "This message was deleted.",
        blocks: [],
        metadata: null,
        files: [],
        isTombstone: true,
      };
      this.#save(tombstone);
      return this.#tell(tombstone);
    }
    this.#database.prepare("DELETE FROM messages WHERE channel = ? AND ts = ?").run(message.channel, message.ts);
    this.#feed.publish({ type: "message_deleted", channel: message.channel, ts: message.ts });
    if (message.threadTs !== null) this.#tellParent(message);
  }

  find(channel: string, ts: string): Message | null {
    const row = this.#database.prepare(`${WITH_FILES} WHERE channel = ? AND ts = ?`).get(channel, ts);
    return row === undefined ? null : messageRow.parse(row);
  }

  /** The whole channel as one person sees it, threads included, oldest first. */
  visibleTo(channel: string, user: string): Message[] {
    return this.#select("channel = ? AND (ephemeral_for IS NULL OR ephemeral_for = ?) ORDER BY ts", channel, user);
  }

  /** Newest first, without replies and ephemeral ones; both ends inclusive. */
  history(parameters: { channel: string; from: string; to: string; limit: number }): Message[] {
    const { channel, from, to, limit } = parameters;
    return this.#select(
      "channel = ? AND ts >= ? AND ts <= ? AND thread_ts IS NULL AND ephemeral_for IS NULL ORDER BY ts DESC LIMIT ?",
      channel,
      from,
      to,
      limit,
    );
  }

  /** The first message and its replies, oldest first; empty where there is no such message. */
  thread(channel: string, ts: string): Message[] {
    const first = this.find(channel, ts);
    if (first === null || first.ephemeralFor !== null) return [];
    const replies = this.#database
      .prepare(`${WITH_FILES} ${BY_THREAD} WHERE channel = ? AND thread_ts = ? AND ephemeral_for IS NULL ORDER BY ts`)
      .all(channel, ts);
    return [first, ...replies.map((row) => messageRow.parse(row))];
  }

  threads(channel: string): Map<string, ThreadSummary> {
    const rows = this.#database
      .prepare(
        `SELECT thread_ts, count(*) AS replies, json_group_array(DISTINCT user) AS users, max(ts) AS latest
         FROM messages ${BY_THREAD} WHERE channel = ? AND thread_ts IS NOT NULL AND ephemeral_for IS NULL GROUP BY thread_ts`,
      )
      .all(channel);
    return new Map(
      rows
        .map((row) => summaryRow.parse(row))
        .map((row) => [
          row.thread_ts,
          {
            replyCount: row.replies,
            replyUsers: z.array(z.string()).parse(JSON.parse(row.users)),
            latestReply: row.latest,
          },
        ]),
    );
  }

  #select(condition: string, ...values: (string | number)[]): Message[] {
    const rows: Record<string, SQLOutputValue>[] = this.#database
      .prepare(`${WITH_FILES} WHERE ${condition}`)
      .all(...values);
    return rows.map((row) => messageRow.parse(row));
  }

  #save(message: Message): void {
    const { text, edited, channel, ts, isTombstone } = message;
    const stored = message.metadata === null ? null : JSON.stringify(message.metadata);
    this.#replace.run(text, JSON.stringify(message.blocks), stored, edited, isTombstone ? 1 : 0, channel, ts);
  }

  #nextTs(): string {
    this.#lastMicros = Math.max(this.#lastMicros + 1, this.#now() * 1_000);
    const ts = formatTs(this.#lastMicros);
    this.#settings.set(lastTsSetting, ts);
    return ts;
  }

  #tell(message: Message): void {
    this.#feed.publish({ type: "message", message: asPageMessage(message, this.#replyCount(message)) });
  }

  #replyCount({ channel, ts, threadTs }: Message): number {
    if (threadTs !== null) return 0;
    const count = this.#database.prepare(
      `SELECT count(*) AS replies FROM messages ${BY_THREAD} WHERE channel = ? AND thread_ts = ? AND ephemeral_for IS NULL`,
    );
    return countRow.parse(count.get(channel, ts)).replies;
  }

  #tellParent(message: Message): void {
    const parent = message.threadTs === null ? null : this.find(message.channel, message.threadTs);
    if (parent !== null) this.#tell(parent);
  }
}
