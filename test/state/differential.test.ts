/** Memory and SQLite answer any sequence of calls alike: the engine's tests run on the one, its users on the other. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { MemoryStateStore } from "../../src/state/memory.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { outcome, storeCalls } from "./differential-calls.ts";

const calls = storeCalls({ auditId: fc.constantFrom("a-1", "a-2", "a-3") });

test("Do memory and SQLite ever answer differently, corrupt records included? (property)", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(...calls), { minLength: 1, maxLength: 60 }), async (sequence) => {
      const reports: string[][] = [[], []];
      const memory = new MemoryStateStore({ onCorrupt: (error) => reports[0]?.push(error.message) });
      const sqlite = await openSqliteStateStore({
        path: ":memory:",
        onCorrupt: (error) => reports[1]?.push(error.message),
      });
      for (const call of sequence) expect(await outcome(call(sqlite))).toEqual(await outcome(call(memory)));
      expect(reports[1]).toEqual(reports[0]);
      await Promise.all([memory.close(), sqlite.close()]);
    }),
    { numRuns: 150 },
  );
});
