/** F2: a stop signal lets what runs finish for a grace period and begins nothing new; a second one doesn't wait. */
import { describe, expect, test } from "vitest";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import { startAppProcess } from "./app-process.ts";
import { startHeldMailServer } from "./held-mail-server.ts";
import { watchChanges } from "./moment.ts";
import { People } from "./people.ts";
import { watchOf } from "./processor.ts";
import { openExecutions, postedKeys } from "./record.ts";

const patient = { timeout: 30_000, interval: 50 };
const graceMs = 10_000;
/** For closing its files and ports, in time that the app has had. */
const closingMs = 5_000;

describe("a stop signal while a mail is in flight", () => {
  test("is the mail's answer heard, and does the next start go on without a doubt?", async () => {
    const { app, people, server } = await mailInFlight();
    app.signal("SIGTERM");
    await untilStopping(people);
    server.mails[0]?.take();
    const watch = watchOf(app);
    expect(await app.ended()).toEqual({ code: 0, signal: null });
    expect(watch.had()).toBeLessThan(closingMs);
    server.takeAll();
    await app.restart();
    await expect.poll(() => openExecutions(app.folder), patient).toEqual([]);
    expect(server.mails).toHaveLength(1);
    expect(await people.events()).toHaveLength(1);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    const keys = postedKeys(app.folder);
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
    expect(keys.filter((key) => key.endsWith("#doubt"))).toEqual([]);
  });

  test("does the app end with the grace period when no answer comes, and ask about the mail when it is back?", async () => {
    const { app, people, server } = await mailInFlight();
    const watch = watchOf(app);
    const begun = performance.now();
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    expect(performance.now() - begun).toBeGreaterThan(graceMs - 1_000);
    expect(watch.had()).toBeLessThan(graceMs + closingMs);
    await app.restart();
    await expect.poll(() => people.openDoubts(), patient).toHaveLength(1);
    expect(server.mails).toHaveLength(1);
  });

  test.each(["SIGTERM", "SIGINT"] as const)("does a second signal (%s) end it at once?", async (second) => {
    const { app, people } = await mailInFlight();
    app.signal("SIGTERM");
    await untilStopping(people);
    const watch = watchOf(app);
    app.signal(second);
    await app.ended();
    expect(watch.had()).toBeLessThan(2_000);
  });
});

test("does a stop wait for nothing when all is at rest, a page open and an outsider turned away?", async () => {
  const { app, people, server } = await mailInFlight();
  await app.kill();
  await app.restart();
  await expect.poll(() => people.openDoubts(), patient).toHaveLength(1);
  const [doubt] = await people.openDoubts();
  if (doubt === undefined) throw new Error("no doubt");
  await people.press(people.outsider, doubt.message, actionIds.sendAgain);
  await expect.poll(() => people.toldTo(people.outsider, "revops"), patient).toHaveLength(1);
  const page = await watchChanges(app.url);
  const watch = watchOf(app);
  expect(await app.stop()).toEqual({ code: 0, signal: null });
  expect(watch.had()).toBeLessThan(closingMs);
  page.close();
  expect(server.mails).toHaveLength(1);
});

/** One approved execution, its mail's text given to a server that keeps its answer back. */
async function mailInFlight() {
  const server = await startHeldMailServer();
  const app = await startAppProcess({ environment: server.environment });
  const people = await People.at(app.url);
  await people.say(people.lead, "/revops run renewal_management Acme Robotics");
  await expect.poll(() => people.openCards(), patient).toHaveLength(1);
  const [card] = await people.openCards();
  if (card === undefined) throw new Error("no card");
  await people.approve(card);
  await expect.poll(() => server.mails.length, patient).toBe(1);
  return { app, people, server };
}

/** The bot hears nothing more. */
async function untilStopping(people: People): Promise<void> {
  await expect.poll(async () => (await people.page.state()).bot.connected, patient).toBe(false);
}
