/** D5 with the state on DynamoDB: a killed process is followed within ten seconds, one that stood still does nothing more. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import { startAppProcess, type AppProcess } from "./app-process.ts";
import { sceneDynamoDb } from "./dynamodb.ts";
import { startHeldMailServer } from "./held-mail-server.ts";
import { People } from "./people.ts";
import { watchOf } from "./processor.ts";
import { postedKeys } from "./record.ts";

const dynamoDb = sceneDynamoDb();
const patient = { timeout: 30_000, interval: 50 };
const withinMs = 10_000;
/** For a card. */
const cardMs = 3_000;

describe("the state on DynamoDB", () => {
  test("Killed with a mail in flight: is it taken over within ten seconds, and is nobody written to twice?", async () => {
    const { app, people, server } = await mailInFlight();
    await app.kill();
    await app.restart();
    const watch = watchOf(app);
    await expect.poll(() => people.openDoubts(), patient).toHaveLength(1);
    expect(watch.had()).toBeLessThan(withinMs + cardMs);
    expect(server.mails).toHaveLength(1);
    expectEachOnce(app);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
  });

  test("Stopped as an operator does: does the next start go on at once, without waiting for a lease?", async () => {
    const { app, people, server } = await mailInFlight();
    server.mails[0]?.take();
    server.takeAll();
    await expect.poll(() => people.events(), patient).toHaveLength(1);
    await people.say(people.lead, "/revops run renewal_management");
    await expect.poll(async () => (await people.openCards()).length, patient).toBeGreaterThan(2);
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    await app.restart();
    const [card] = await people.openCards();
    if (card === undefined) throw new Error("no card");
    await people.approve(card);
    await expect.poll(() => people.events(), patient).toHaveLength(2);
    expectEachOnce(app);
  });

  test("Stood still while another process took over: is it done with when it wakes, and is nothing of it done twice?", async () => {
    const { app, people, server, environment } = await mailInFlight();
    app.signal("SIGSTOP");
    const other = await startAppProcess({ environment });
    const watch = watchOf(other);
    const others = await People.at(other.url);
    await expect.poll(() => others.openDoubts(), patient).toHaveLength(1);
    expect(watch.had()).toBeLessThan(withinMs + cardMs);
    app.signal("SIGCONT");
    server.mails[0]?.take();
    server.takeAll();
    expect(await app.ended()).toEqual({ code: 1, signal: null });
    expect(app.stderr.join("\n")).toContain("another took over its executions");
    const [doubt] = await others.openDoubts();
    if (doubt === undefined) throw new Error("no doubt");
    await others.press(others.lead, doubt.message, actionIds.arrived);
    await expect.poll(() => others.events(), patient).toHaveLength(1);
    expect(server.mails).toHaveLength(1);
    await app.restart();
    expect(await people.events()).toEqual([]);
  });

  test("Stood still while nobody watched: does it go on when it wakes, with a doubt about what it was sending?", async () => {
    const { app, people, server } = await mailInFlight();
    const stopped = performance.now();
    app.signal("SIGSTOP");
    await expect.poll(() => performance.now() - stopped, patient).toBeGreaterThan(withinMs);
    app.signal("SIGCONT");
    await expect.poll(() => people.openDoubts(), patient).toHaveLength(1);
    expect(server.mails).toHaveLength(1);
    expectEachOnce(app);
  });
});

function expectEachOnce(app: AppProcess): void {
  const keys = postedKeys(join(app.folder, "data"));
  expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
}

/** One approved execution, its mail's text given to a server that keeps its answer back. */
async function mailInFlight() {
  const server = await startHeldMailServer();
  const environment = { ...(await dynamoDb.environment()), ...server.environment };
  const app = await startAppProcess({ environment });
  const people = await People.at(app.url);
  await people.say(people.lead, "/revops run renewal_management Acme Robotics");
  await expect.poll(() => people.openCards(), patient).toHaveLength(1);
  const [card] = await people.openCards();
  if (card === undefined) throw new Error("no card");
  await people.approve(card);
  await expect
    .poll(() => server.mails.map(({ to, messageId }) => [to, messageId, performance.now()]), patient)
    .toHaveLength(1);
  return { app, people, server, environment };
}
