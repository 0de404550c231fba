/**
 * Issue 3's scene, point 6, where a kill hits what is in flight: an approval whose card stands open, and a mail whose fate
 * nobody can know, so that a person is asked (E2).
 */
import { describe, expect, test } from "vitest";
import { eventId } from "../../src/notify/calendar/event-id.ts";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import { startAppProcess, type AppProcess } from "./app-process.ts";
import { startHeldMailServer } from "./held-mail-server.ts";
import { buttonValue, People, type OpenCard, type OpenDoubt } from "./people.ts";
import { openExecutions, postedKeys, readRecord } from "./record.ts";

const patient = { timeout: 30_000, interval: 50 };

test("killed while an approval's card stands open: its buttons work, and everything goes out once", async () => {
  const app = await startAppProcess();
  const people = await People.at(app.url);
  const before = await cardFor(people, "Acme Robotics");
  await app.kill();
  await app.restart();
  const [card, ...others] = await people.openCards();
  expect(others).toEqual([]);
  expect(card?.message).toEqual(before.message);
  expect(await people.approve(before)).toEqual({ ok: true });
  await expect.poll(() => openExecutions(app.folder), patient).toEqual([]);
  // Another press finds no button; the one on a page that hasn't heard of it yet gets an answer.
  expect(await people.openCards()).toEqual([]);

  const { approver, executionId } = before;
  expect(await people.cards()).toHaveLength(1);
  expect((await people.mails()).map(({ to, subject }) => [to, subject.split(":")[0]])).toEqual([
    [[approver.email], "Acme Robotics"],
  ]);
  const [event, ...moreEvents] = await people.events();
  expect([event?.id, event?.summary]).toEqual([
    eventId(`${executionId}/schedule_followup`),
    "Renewal Discussion - Acme Robotics",
  ]);
  expect(moreEvents).toEqual([]);
  expect(await people.directMessages(approver)).toHaveLength(1);
  expect(await app.stop()).toEqual({ code: 0, signal: null });
  expect(postedKeys(app.folder).toSorted()).toEqual(
    [
      `${executionId}/approve_recommendations#card`,
      `${executionId}/approve_recommendations#card-details`,
      `${executionId}/send_notifications/slack:${approver.email}`,
    ].toSorted(),
  );
});

describe("killed while a mail is in flight, is a person shown the doubt, and does the answer do what it says?", () => {
  test("it arrived: none is sent, the flow goes on", async () => {
    const { app, people, server, doubt, card } = await doubtAboutAcme();
    server.takeAll();
    await expectRefused({ app, people, doubt });
    expect(await people.press(people.operator, doubt.message, actionIds.arrived)).toEqual({ ok: true });
    await expect.poll(() => openExecutions(app.folder), patient).toEqual([]);
    expect(server.mails).toHaveLength(1);
    expect(await textOf(people, doubt)).toContain(`Doubt settled, ${people.operator.name} said: it arrived`);
    await expectGoneOutOnce({ app, people, card });
  });

  test("send again: exactly one more is sent, and killed again in flight it is a doubt again", async () => {
    const { app, people, server, doubt, card } = await doubtAboutAcme();
    await expectRefused({ app, people, doubt });
    expect(await people.press(people.operator, doubt.message, actionIds.sendAgain)).toEqual({ ok: true });
    await expect.poll(() => server.mails.length, patient).toBe(2);
    await app.kill();
    server.takeAll();
    await app.restart();
    const second = await theDoubt(people);
    expect(second.effectKey).toBe(`${doubt.effectKey}#2`);
    // Neither arrived: the test's server let both go with the connection.
    await Promise.all([
      people.press(people.operator, second.message, actionIds.sendAgain),
      people.press(people.lead, second.message, actionIds.sendAgain),
    ]);
    await expect.poll(() => openExecutions(app.folder), patient).toEqual([]);
    expect(server.mails.map(({ to }) => to)).toEqual([
      [card.approver.email],
      [card.approver.email],
      [card.approver.email],
    ]);
    expect(new Set(server.mails.map(({ messageId }) => messageId)).size).toBe(3);
    await expectGoneOutOnce({ app, people, card });
  });
});

interface Doubted {
  app: AppProcess;
  people: People;
  doubt: OpenDoubt;
}

/** An approved execution whose mail was in flight when the app was killed; the app runs again and has asked. */
async function doubtAboutAcme() {
  const server = await startHeldMailServer();
  const app = await startAppProcess({ environment: server.environment });
  const people = await People.at(app.url);
  const card = await cardFor(people, "Acme Robotics");
  await people.approve(card);
  await expect.poll(() => server.mails.length, patient).toBe(1);
  await app.kill();
  await app.restart();
  const doubt = await theDoubt(people);
  expect(doubt.effectKey).toBe(`${card.executionId}/send_notifications/email:${card.approver.email}`);
  expect(buttonValue(doubt.message, actionIds.arrived)).toBe(buttonValue(doubt.message, actionIds.sendAgain));
  expect(doubt.message.text).toMatch(/^In doubt: mail to .* Did it arrive\?$/);
  // Nothing after the mail goes on, and none was sent on a guess.
  expect(server.mails).toHaveLength(1);
  expect(await people.events()).toEqual([]);
  return { app, people, server, doubt, card };
}

async function cardFor(people: People, customer: string): Promise<OpenCard> {
  await people.say(people.lead, `/revops run renewal_management ${customer}`);
  await expect.poll(() => people.openCards(), patient).toHaveLength(1);
  const [card] = await people.openCards();
  if (card === undefined) throw new Error("no card");
  return card;
}

async function theDoubt(people: People): Promise<OpenDoubt> {
  await expect.poll(() => people.openDoubts(), patient).toHaveLength(1);
  const [doubt] = await people.openDoubts();
  if (doubt === undefined) throw new Error("no doubt");
  return doubt;
}

/** Neither an operator nor an approver: told so alone, and nothing else happens, then or later. */
async function expectRefused({ app, people, doubt }: Doubted): Promise<void> {
  const { outsider } = people;
  expect(await people.press(outsider, doubt.message, actionIds.sendAgain)).toEqual({ ok: true });
  await expect
    .poll(() => people.toldTo(outsider, "revops"), patient)
    .toEqual(["An operator or an approver of this flow answers this. Nothing changed."]);
  expect(await textOf(people, doubt)).toBe(doubt.message.text);
  expect((await openExecutions(app.folder)).map(({ waiting_for }) => waiting_for.map(({ kind }) => kind))).toEqual([
    ["doubt"],
  ]);
}

async function textOf(people: People, { message }: OpenDoubt): Promise<string | undefined> {
  return (await people.channel("revops")).find(({ ts }) => ts === message.ts)?.text;
}

/** Whatever was in doubt: the rest of it is there once, and the app ends in peace. */
async function expectGoneOutOnce(parameters: { app: AppProcess; people: People; card: OpenCard }): Promise<void> {
  const { app, people, card } = parameters;
  const [event, ...moreEvents] = await people.events();
  expect(event?.id).toBe(eventId(`${card.executionId}/schedule_followup`));
  expect(moreEvents).toEqual([]);
  expect(await people.directMessages(card.approver)).toHaveLength(1);
  expect(await people.openDoubts()).toEqual([]);
  expect(await app.stop()).toEqual({ code: 0, signal: null });
  const keys = postedKeys(app.folder);
  expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  const { executions } = await readRecord(app.folder);
  expect(executions.map(({ header: { status, outcome, open } }) => [status, outcome, open])).toEqual([
    ["succeeded", "completed", false],
  ]);
}
