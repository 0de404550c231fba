/** Single values that outlive the process: tokens, the clock's offset, who acted last. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { z } from "zod";

const settingRow = z.object({ value: z.string() });

export class SettingsStore {
  readonly #read: StatementSync;
  readonly #write: StatementSync;

  constructor(database: DatabaseSync) {
    this.#read = database.prepare("SELECT value FROM settings WHERE name = ?");
    this.#write = database.prepare(
      "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    );
  }

  get(name: string): string | null {
    const row = this.#read.get(name);
    return row === undefined ? null : settingRow.parse(row).value;
  }

  set(name: string, value: string): void {
    this.#write.run(name, value);
  }

  /** What is stored, or what `make` gives, stored first. */
  getOrMake(name: string, make: () => string): string {
    const stored = this.get(name);
    if (stored !== null) return stored;
    const made = make();
    this.set(name, made);
    return made;
  }
}
