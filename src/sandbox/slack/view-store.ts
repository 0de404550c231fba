/** Open modals, a stack for each person, and each person's Home. A closed modal is gone. */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { PageFeed } from "../page-server/page-feed.ts";
import { asPageView } from "../page-server/page-view.ts";
import { inTransaction } from "../store/database.ts";

const viewRow = z
  .object({ id: z.string(), user: z.string(), kind: z.enum(["modal", "home"]), depth: z.number(), view: z.string() })
  .transform((row) => ({ ...row, view: z.record(z.string(), z.unknown()).parse(JSON.parse(row.view)) }));

/** `view` is Slack's whole view object. */
export type StoredView = z.infer<typeof viewRow>;

export class ViewStore {
  readonly #database: DatabaseSync;
  readonly #feed: PageFeed;

  constructor(parameters: { database: DatabaseSync; feed: PageFeed }) {
    this.#database = parameters.database;
    this.#feed = parameters.feed;
  }

  find(id: string): StoredView | null {
    return this.#first("id = ?", id);
  }

  findByExternalId(externalId: string): StoredView | null {
    return this.#first("json_extract(view, '$.external_id') = ?", externalId);
  }

  /** Lowest first. */
  stackOf(user: string): StoredView[] {
    const rows = this.#database
      .prepare("SELECT * FROM views WHERE user = ? AND kind = 'modal' ORDER BY depth")
      .all(user);
    return rows.map((row) => viewRow.parse(row));
  }

  topOf(user: string): StoredView | null {
    return this.stackOf(user).at(-1) ?? null;
  }

  homeOf(user: string): StoredView | null {
    return this.#first("user = ? AND kind = 'home'", user);
  }

  put(stored: StoredView): void {
    this.#save(stored);
    if (stored.kind === "home") this.#feed.publish({ type: "home", user: stored.user, view: asPageView(stored) });
    else this.#tell(stored.user);
  }

  /** A new stack: whatever was open makes way. */
  open(stored: StoredView): void {
    inTransaction(this.#database, () => {
      this.#database.prepare("DELETE FROM views WHERE user = ? AND kind = 'modal'").run(stored.user);
      this.#save(stored);
    });
    this.#tell(stored.user);
  }

  /** Closes the view and what lies on it; the one below shows again. */
  close(stored: StoredView): void {
    this.#database
      .prepare("DELETE FROM views WHERE user = ? AND kind = 'modal' AND depth >= ?")
      .run(stored.user, stored.depth);
    this.#tell(stored.user);
  }

  closeAll(user: string): void {
    this.#database.prepare("DELETE FROM views WHERE user = ? AND kind = 'modal'").run(user);
    this.#tell(user);
  }

  #save({ id, user, kind, depth, view }: StoredView): void {
    this.#database
      .prepare(
        `INSERT INTO views (id, user, kind, depth, view) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET view = excluded.view`,
      )
      .run(id, user, kind, depth, JSON.stringify(view));
  }

  #first(condition: string, ...values: string[]): StoredView | null {
    const row = this.#database.prepare(`SELECT * FROM views WHERE ${condition} LIMIT 1`).get(...values);
    return row === undefined ? null : viewRow.parse(row);
  }

  #tell(user: string): void {
    const top = this.topOf(user);
    this.#feed.publish({ type: "view", user, view: top === null ? null : asPageView(top) });
  }
}
