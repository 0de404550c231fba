/** Response addresses: five uses within thirty minutes of real time, kept over a restart. */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { SlackError } from "./slack-error.ts";

const LIFE_MS = 30 * 60_000;
const MOST_USES = 5;

const responseUrlRow = z
  .object({
    id: z.string(),
    channel: z.string(),
    user: z.string(),
    message_ts: z.string().nullable(),
    created_at: z.number(),
    uses: z.number(),
  })
  .transform(({ id, channel, user, message_ts: messageTs, created_at: createdAt, uses }) => ({
    id,
    channel,
    user,
    createdAt,
    uses,
    /** What `replace_original` means: the pressed message, or the command's last answer. */
    messageTs,
  }));

export type ResponseUrl = z.infer<typeof responseUrlRow>;

export class ResponseUrlStore {
  readonly #database: DatabaseSync;
  readonly #realNow: () => number;

  constructor(parameters: { database: DatabaseSync; realNow: () => number }) {
    this.#database = parameters.database;
    this.#realNow = parameters.realNow;
  }

  make(parameters: { id: string; channel: string; user: string; messageTs: string | null }): void {
    const { id, channel, user, messageTs } = parameters;
    const now = this.#realNow();
    // Kept a day longer than they live, so that an old one is told "expired" and not "unknown".
    this.#database.prepare("DELETE FROM response_urls WHERE created_at < ?").run(now - 86_400_000);
    this.#database
      .prepare("INSERT INTO response_urls (id, channel, user, message_ts, created_at, uses) VALUES (?, ?, ?, ?, ?, 0)")
      .run(id, channel, user, messageTs, now);
  }

  find(id: string): ResponseUrl {
    const row = this.#database.prepare("SELECT * FROM response_urls WHERE id = ?").get(id);
    if (row === undefined) throw new SlackError("no_such_url");
    return responseUrlRow.parse(row);
  }

  /** Counts a use; throws where there is none left. */
  use(id: string): ResponseUrl {
    const found = this.find(id);
    if (this.#realNow() - found.createdAt > LIFE_MS) throw new SlackError("expired_url");
    if (found.uses >= MOST_USES) throw new SlackError("used_url");
    this.#database.prepare("UPDATE response_urls SET uses = uses + 1 WHERE id = ?").run(id);
    return found;
  }

  setMessage(id: string, messageTs: string): void {
    this.#database.prepare("UPDATE response_urls SET message_ts = ? WHERE id = ?").run(messageTs, id);
  }
}
