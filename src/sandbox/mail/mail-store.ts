/** Every mail that was accepted. */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { PageMail } from "../page-api.ts";
import type { PageFeed } from "../page-server/page-feed.ts";

const headers = z.array(z.object({ name: z.string(), value: z.string() }));

const mailRow = z
  .object({
    id: z.number(),
    at: z.number(),
    sender: z.string(),
    recipients: z.string(),
    subject: z.string(),
    html: z.string().nullable(),
    text: z.string().nullable(),
    headers: z.string(),
  })
  .transform((row): PageMail => ({
    id: String(row.id),
    at: new Date(row.at).toISOString(),
    from: row.sender,
    to: z.array(z.string()).parse(JSON.parse(row.recipients)),
    subject: row.subject,
    html: row.html,
    text: row.text,
    headers: headers.parse(JSON.parse(row.headers)),
  }));

export class MailStore {
  readonly #database: DatabaseSync;
  readonly #feed: PageFeed;

  constructor(parameters: { database: DatabaseSync; feed: PageFeed }) {
    this.#database = parameters.database;
    this.#feed = parameters.feed;
  }

  add(mail: Omit<PageMail, "id" | "at"> & { at: number }): PageMail {
    const { at, from, to, subject, html, text } = mail;
    const row = this.#database
      .prepare(
        `INSERT INTO mails (at, sender, recipients, subject, html, text, headers) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING *`,
      )
      .get(at, from, JSON.stringify(to), subject, html, text, JSON.stringify(mail.headers));
    const stored = mailRow.parse(row);
    this.#feed.publish({ type: "mail", mail: stored });
    return stored;
  }

  /** Newest first. */
  list(): PageMail[] {
    return this.#database
      .prepare("SELECT * FROM mails ORDER BY id DESC")
      .all()
      .map((row) => mailRow.parse(row));
  }
}
