import { describe, expect, test } from "vitest";
import type { LogEntry } from "../../../src/flow/event.ts";
import { openSqliteStateStore } from "../../../src/state/sqlite/sqlite-state-store.ts";
import { childProcesses } from "./child-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const writerOf = (entry: LogEntry) => {
  const [event] = entry.events;
  return event?.type === "step_succeeded" ? event.output : null;
};

async function logOf(path: string): Promise<LogEntry[]> {
  const store = await openSqliteStateStore({ path });
  const log = await store.readLog({ executionId: "e-1", after: 0 });
  await store.close();
  return log;
}

describe("several processes on one file", { timeout: 30_000 }, () => {
  const temporary = temporaryFolder();
  const start = childProcesses();

  test("They open a new file at the same time and fight for one log: one winner each, no gap, no deadlock?", async () => {
    const path = temporary("revops.db");
    const writers = ["one", "two", "three"].map((writer) => ({
      writer,
      child: start("writer-child.ts", path, writer, "150"),
    }));
    const won = new Map<number, string>();
    for (const { writer, child } of writers) {
      expect(await child.line()).toBe("ready");
      for (const line of await child.rest()) {
        expect(won.has(Number(line))).toBe(false);
        won.set(Number(line), writer);
      }
    }
    const log = await logOf(path);
    expect(log.map((entry) => entry.sequence)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(log.slice(1).map(writerOf)).toEqual(log.slice(1).map((entry) => won.get(entry.sequence)));
  });

  test("A writer is killed: is all that it was answered there, whole, and can the next one go on?", async () => {
    const path = temporary("revops.db");
    const killed = start("writer-child.ts", path, "killed", "1000000");
    await killed.line();
    let answered = 0;
    while (answered < 40) answered = Number(await killed.line());
    await killed.kill();
    for (const line of await killed.rest()) answered = Number(line);
    const log = await logOf(path);
    expect(log.length).toBeGreaterThanOrEqual(answered);
    expect(log.map((entry) => entry.sequence)).toEqual(log.map((_, index) => index + 1));
    const next = start("writer-child.ts", path, "next", String(log.length + 3));
    await next.line();
    expect(await next.rest()).toHaveLength(3);
  });
});
