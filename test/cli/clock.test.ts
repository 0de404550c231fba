/** Does the terminal agree with the sandbox on what time it is, however far its page has moved the clock? */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { offsetSetting } from "../../src/sandbox/sandbox-clock.ts";
import { storedOffsetMs } from "../../src/sandbox/stored-offset.ts";
import { openDatabase } from "../../src/sandbox/store/database.ts";
import { SettingsStore } from "../../src/sandbox/store/settings-store.ts";
import { sitDown, type Sitting } from "./terminal-line.ts";

const day = 86_400_000;
const Answer = z.object({ now: z.string() });

let sitting: Sitting;
let databasePath = "";
beforeEach(async () => {
  sitting = await sitDown();
  await mkdir(join(sitting.folder, "data"));
  databasePath = join(sitting.folder, "data/sandbox.db");
});
afterEach(() => sitting.close());

/** As the page does. */
function moveBy(offsetMs: number): void {
  const database = openDatabase(databasePath);
  new SettingsStore(database).set(offsetSetting, String(offsetMs));
  database.close();
}

async function daysAhead(): Promise<number> {
  const { now } = Answer.parse(await sitting.json("customers"));
  return Math.round((Date.parse(now) - Date.now()) / day) + 0;
}

it("without a sandbox, and with one whose clock stands as it is", async () => {
  expect(await daysAhead()).toBe(0);
  openDatabase(databasePath).close();
  expect(await daysAhead()).toBe(0);
});

it("as far ahead as the sandbox, for what it shows and for what it starts", async () => {
  moveBy(40 * day);
  expect(storedOffsetMs({ databasePath })).toBe(40 * day);
  expect(await daysAhead()).toBe(40);
  const Status = z.object({ executions: z.array(z.object({ started_at: z.string() })) });
  await sitting.line("run", "review", "acme");
  const [started] = Status.parse(await sitting.json("status")).executions;
  expect(Math.round((Date.parse(started?.started_at ?? "") - Date.now()) / day)).toBe(40);
});

it("beside a real workspace a sandbox's clock counts for nothing", async () => {
  moveBy(40 * day);
  Object.assign(sitting.environment, { SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" });
  expect(await daysAhead()).toBe(0);
});
