/** A day at the page, over many lives of the app: what was decided, what is asked, and kills at random moments. */
import { expect } from "vitest";
import { hashedName } from "../../src/notify/email/mailer.ts";
import { actionIds } from "../../src/notify/slack/action-ids.ts";
import type { AppProcess } from "./app-process.ts";
import { passed, watchChanges, type Counted, type Draw } from "./moment.ts";
import type { OpenCard, OpenDoubt, People } from "./people.ts";
import { openExecutions } from "./record.ts";

/** The sandbox's sender. */
const sender = { address: "revops@example.com" };
/** For what a busy machine does in its own time. */
export const patient = { timeout: 60_000, interval: 100 };
/** Nothing more comes: the moment is now. */
const quietMs = 8_000;

export type Decision = "approve" | "reject";

/** 0 ≤ x < 1, of whatever the kill may wait for: a count of changes, a part of a start. */
export type Moment = Readonly<{ place: number; laterMs: number }>;

export interface Day {
  app: AppProcess;
  people: People;
  /** For choices: whom to reject, whom to run. */
  draw: Draw;
  /** For the kills to come. */
  moments: Moment[];
  /** By execution: what its approver wants, over all lives of the app. */
  decisions: Map<string, Decision>;
  /** What happened, in words. */
  kills: string[];
  /** What the app of this life has heard and needs no second press. */
  heard: Set<string>;
  /** How long the last start took. */
  startMs: number;
}

/** Kills at a random change while people act, and starts again. */
export async function killDuring(
  day: Day,
  parameters: { what: string; most: number; counted?: Counted; act: () => Promise<unknown> },
): Promise<void> {
  const { what, most, counted = "change", act } = parameters;
  const before = await standing(day);
  const { place, laterMs } = nextMoment(day);
  const count = 1 + Math.floor(place * most);
  const changes = await watchChanges(day.app.url, counted);
  const acting = act().catch(unlessCut);
  const came = await changes.reach(count, quietMs);
  // A mail is in flight for a moment only after it has been stored.
  const afterMs = counted === "mail" ? 0 : laterMs;
  if (afterMs > 0) await passed(afterMs);
  await day.app.kill();
  changes.close();
  await acting;
  day.kills.push(`${what}: at ${counted} ${count}${came === "quiet" ? ", which never came," : ""} + ${afterMs} ms`);
  await startAgain(day, before);
}

/** Kills while it takes up what the last life left, or soon after. */
export async function killStarting(day: Day): Promise<void> {
  const before = await standing(day);
  const afterMs = Math.round(day.startMs * (0.4 + 0.9 * nextMoment(day).place));
  await day.app.kill();
  const starting = day.app.restart().then(
    () => "ready",
    () => "not ready",
  );
  await passed(afterMs);
  await day.app.kill();
  day.kills.push(`start: after ${afterMs} ms, where the last took ${day.startMs} ms; it was ${await starting}`);
  await startAgain(day, before);
}

function nextMoment({ moments }: Day): Moment {
  const moment = moments.shift();
  if (moment === undefined) throw new Error("no moment is left");
  return moment;
}

async function startAgain(day: Day, before: string[]): Promise<void> {
  const begun = performance.now();
  await day.app.restart();
  day.startMs = Math.round(performance.now() - begun);
  day.heard.clear();
  expect(await standing(day)).toEqual(expect.arrayContaining(before));
  const page = await fetch(day.app.url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<html")]);
}

/** What anybody can see, by id. */
async function standing({ people }: Day): Promise<string[]> {
  const channels = [await people.channel("revops"), await people.channel("renewals")];
  const messages = channels.flat().map(({ channel, ts }) => `message ${channel} ${ts}`);
  const mails = (await people.mails()).map(({ id }) => `mail ${id}`);
  const events = (await people.events()).map(({ id }) => `event ${id}`);
  return [...messages, ...mails, ...events];
}

export async function decideAll(day: Day, cards: readonly OpenCard[]): Promise<void> {
  await Promise.all(cards.map((card) => decide(day, card)));
}

async function decide(day: Day, card: OpenCard): Promise<void> {
  const { executionId } = card;
  const decision = day.decisions.get(executionId) ?? "approve";
  day.decisions.set(executionId, decision);
  await untilHeard(day, executionId, () =>
    decision === "approve" ? day.people.approve(card) : day.people.reject(card, "They leave anyway"),
  );
}

export async function answerDoubts(day: Day, doubts: readonly OpenDoubt[]): Promise<void> {
  await Promise.all(doubts.map((doubt) => answerDoubt(day, doubt)));
}

/** As an operator who looks into the Inbox first: what lies there arrived. */
async function answerDoubt(day: Day, { message, effectKey }: OpenDoubt): Promise<void> {
  const { people } = day;
  await untilHeard(day, effectKey, async () => {
    const arrived = (await people.mails()).some(({ headers }) => headers.some(isNamedBy(effectKey)));
    return people.press(people.operator, message, arrived ? actionIds.arrived : actionIds.sendAgain);
  });
}

async function untilHeard({ heard }: Day, what: string, act: () => Promise<{ ok: boolean }>): Promise<void> {
  if (heard.has(what)) return;
  const { ok } = await act();
  if (ok) heard.add(what);
}

export async function answerAll(day: Day): Promise<void> {
  const { people } = day;
  const [cards, doubts] = await Promise.all([people.openCards(), people.openDoubts()]);
  await Promise.all([decideAll(day, cards), answerDoubts(day, doubts)]);
}

/** The one message of each batch. */
export async function progress({ people }: Day): Promise<string[]> {
  const messages = await people.channel("revops");
  return messages.flatMap(({ text }) => (/customers? match/.test(text) ? text : []));
}

/** Nothing moves by itself any more: every execution waits for somebody or has ended, and its batch says so. */
export async function untilAtRest(day: Day): Promise<void> {
  const left = async () => [
    ...(await openExecutions(day.app.folder)).filter(({ waiting_for }) => waiting_for.length === 0),
    ...(await progress(day)).filter((text) => /running|to start|Starting/.test(text)),
  ];
  await expect.poll(left, patient).toEqual([]);
}

/** Answers whatever asks, until nobody is asked and nothing is under way. */
export async function untilDone(day: Day): Promise<void> {
  const left = async () => {
    await answerAll(day);
    const said = await progress(day);
    return [
      ...(await openExecutions(day.app.folder)),
      ...said.filter((text) => /running|to start|Starting|waits? for|in doubt/.test(text)),
    ];
  };
  await expect.poll(left, patient).toEqual([]);
}

/** A mail's own name, which its effect's key gives. */
export function isNamedBy(key: string): (header: { name: string; value: string }) => boolean {
  const messageId = `<${hashedName(key, sender)}>`;
  return ({ name, value }) => name.toLowerCase() === "message-id" && value === messageId;
}

/** Whoever talks to a process that dies gets no answer. */
function unlessCut(error: unknown): void {
  if (!(error instanceof TypeError)) throw error;
}
