/** The people of the workspace. Whoever was once a member stays one: their messages keep a name. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { z } from "zod";
import { inTransaction } from "../store/database.ts";
import { userIdOf } from "./slack-id.ts";

export interface SandboxUser {
  email: string;
  name: string;
  title: string;
  timezone: string;
}

const memberRow = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  title: z.string(),
  timezone: z.string(),
});

export type Member = z.infer<typeof memberRow>;

export class MemberStore {
  readonly #members: Map<string, Member>;

  constructor(database: DatabaseSync, users: readonly SandboxUser[]) {
    inTransaction(database, () => saveUsers(database, users));
    const rows = database.prepare("SELECT id, email, name, title, timezone FROM members ORDER BY position, id").all();
    this.#members = new Map(rows.map((row) => memberRow.parse(row)).map((member) => [member.id, member]));
  }

  list(): Member[] {
    return [...this.#members.values()];
  }

  find(id: string): Member | null {
    return this.#members.get(id) ?? null;
  }

  findByEmail(email: string): Member | null {
    return this.find(userIdOf(email));
  }
}

/** Those of this start first, in their order; the others behind them. */
function saveUsers(database: DatabaseSync, users: readonly SandboxUser[]): void {
  database.exec("UPDATE members SET position = position + 1000000 WHERE position < 1000000");
  const save = upsert(database);
  for (const [position, { email, name, title, timezone }] of users.entries()) {
    save.run(userIdOf(email), email.trim().toLowerCase(), name, title, timezone, position);
  }
}

function upsert(database: DatabaseSync): StatementSync {
  return database.prepare(`INSERT INTO members (id, email, name, title, timezone, position) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, title = excluded.title, timezone = excluded.timezone,
      position = excluded.position`);
}

/** What Slack calls `name`: the handle. */
export function handleOf(member: Member): string {
  return member.email.split("@", 1)[0] ?? member.email;
}
