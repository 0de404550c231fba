/** What makes a thing happen once: how far schedules have fired, and claims of keys. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { ScheduleCursor } from "../../flow/record.ts";
import { decode } from "../record-codec.ts";
import { recordOf } from "./row.ts";

export class CursorTable {
  readonly #put: StatementSync;
  readonly #get: StatementSync;

  constructor(database: DatabaseSync) {
    this.#put = database.prepare("INSERT OR REPLACE INTO schedule_cursors VALUES (?, ?, ?)");
    this.#get = database.prepare("SELECT record FROM schedule_cursors WHERE flow_id = ? AND trigger = ?");
  }

  put({ flowId, trigger, record }: { flowId: string; trigger: number; record: string }): void {
    this.#put.run(flowId, trigger, record);
  }

  get({ flowId, trigger }: { flowId: string; trigger: number }): ScheduleCursor | null {
    const row = this.#get.get(flowId, trigger);
    if (row === undefined) return null;
    const name = `the cursor of trigger ${trigger} of ${flowId}`;
    return decode({ schema: ScheduleCursor, text: recordOf(row), name });
  }
}

/** Clocks of two processes differ: a claim is forgotten only when it has expired by all of them. */
const clockSkewMs = 3_600_000;

export class ClaimTable {
  readonly #claim: StatementSync;
  readonly #prune: StatementSync;

  constructor(database: DatabaseSync) {
    this.#claim = database.prepare(`INSERT INTO claims VALUES (:key, :expiresAt)
      ON CONFLICT DO UPDATE SET expires_at = excluded.expires_at WHERE expires_at <= :now`);
    // A few at each claim: more leave than come, and no claim pays for all.
    this.#prune = database.prepare(
      "DELETE FROM claims WHERE key IN (SELECT key FROM claims WHERE expires_at <= ? ORDER BY expires_at LIMIT 10)",
    );
  }

  claim({ key, now, expiresAt }: { key: string; now: number; expiresAt: number }): boolean {
    const isMine = this.#claim.run({ key, now, expiresAt }).changes === 1;
    this.#prune.run(now - clockSkewMs);
    return isMine;
  }
}
