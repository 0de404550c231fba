/**
 * Uploaded files, with their bytes, and the messages that they are shared by.
 *
 * A file comes in three steps: an address is given out, the bytes arrive there, the upload is completed. It is nobody's to see
 * before the third.
 */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { mimetypeOf } from "./file-kind.ts";
import { fileInfo, type FileInfo, type FileShare } from "./file.ts";

/** Slack looks at a file (what it is, whether it is harmful) after it has said that it took it. */
const LOOKING_MS = 400;

const fileRow = z
  .object({
    id: z.string(),
    name: z.string(),
    title: z.string(),
    alt_text: z.string(),
    mimetype: z.string(),
    size: z.number(),
    created_at: z.number(),
    ready_at: z.number(),
  })
  .transform((row): FileInfo =>
    fileInfo.parse({
      id: row.id,
      name: row.name,
      title: row.title,
      altText: row.alt_text,
      mimetype: row.mimetype,
      sizeBytes: row.size,
      createdAt: row.created_at,
      readyAt: row.ready_at,
    }),
  );
const uploadRow = z.object({ id: z.string(), name: z.string(), size: z.number() });
const contentRow = z.object({ content: z.instanceof(Uint8Array) });
const shareRow = z.object({ channel: z.string(), kind: z.enum(["channel", "im"]), ts: z.string() });

const COLUMNS = "id, name, title, alt_text, mimetype, size, created_at, ready_at";
const DONE = "content IS NOT NULL AND ready_at IS NOT NULL";

/** An upload that waits for its bytes. */
export type Upload = z.infer<typeof uploadRow>;

export class FileStore {
  readonly #database: DatabaseSync;
  readonly #now: () => number;
  readonly #realNow: () => number;

  constructor(parameters: { database: DatabaseSync; now: () => number; realNow: () => number }) {
    this.#database = parameters.database;
    this.#now = parameters.now;
    this.#realNow = parameters.realNow;
  }

  begin(parameters: { id: string; uploadId: string; name: string; sizeBytes: number; altText: string }): void {
    const { id, uploadId, name, sizeBytes, altText } = parameters;
    this.#database
      .prepare("INSERT INTO files (id, upload_id, name, size, alt_text, created_at) VALUES (?, ?, ?, ?, ?, ?)")
      .run(id, uploadId, name, sizeBytes, altText, Math.floor(this.#now() / 1_000));
  }

  /** Null: no such address, or one that has had its bytes and was completed. */
  findUpload(uploadId: string): Upload | null {
    const row = this.#database
      .prepare("SELECT id, name, size FROM files WHERE upload_id = ? AND ready_at IS NULL")
      .get(uploadId);
    return row === undefined ? null : uploadRow.parse(row);
  }

  receive(upload: Upload, content: Uint8Array): void {
    this.#database
      .prepare("UPDATE files SET content = ?, mimetype = ? WHERE id = ?")
      .run(content, mimetypeOf(upload.name, content), upload.id);
  }

  /** Null: no such upload, no bytes yet, or completed before. */
  complete(id: string, title: string | null): FileInfo | null {
    const row = this.#database
      .prepare(
        `UPDATE files SET title = coalesce(?, name), ready_at = ?
         WHERE id = ? AND content IS NOT NULL AND ready_at IS NULL RETURNING ${COLUMNS}`,
      )
      .get(title, this.#realNow() + LOOKING_MS, id);
    return row === undefined ? null : fileRow.parse(row);
  }

  find(id: string): FileInfo | null {
    const row = this.#database.prepare(`SELECT ${COLUMNS} FROM files WHERE id = ? AND ${DONE}`).get(id);
    return row === undefined ? null : fileRow.parse(row);
  }

  content(id: string): Buffer | null {
    const row = this.#database.prepare(`SELECT content FROM files WHERE id = ? AND ${DONE}`).get(id);
    return row === undefined ? null : Buffer.from(contentRow.parse(row).content);
  }

  sharesOf(id: string): FileShare[] {
    return this.#database
      .prepare(
        `SELECT s.channel, c.kind, s.ts FROM file_shares s JOIN channels c ON c.id = s.channel WHERE s.file = ? ORDER BY s.ts`,
      )
      .all(id)
      .map((row) => shareRow.parse(row));
  }
}
