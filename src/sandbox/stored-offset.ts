/** How far the sandbox's clock has been moved, as its database says: for a process beside the sandbox that must agree with it. */
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { offsetSetting } from "./sandbox-clock.ts";
import { SettingsStore } from "./store/settings-store.ts";

/** In milliseconds; 0: there is no such database yet, or nobody has moved it. Writes nothing. */
export function storedOffsetMs({ databasePath }: { databasePath: string }): number {
  if (!existsSync(databasePath)) return 0;
  const database = new DatabaseSync(databasePath, { readOnly: true, timeout: 5_000 });
  try {
    return Number(new SettingsStore(database).get(offsetSetting) ?? 0);
  } finally {
    database.close();
  }
}
