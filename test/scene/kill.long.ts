/**
 * Issue 3's scene, point 6, with the real process: killed at ten random moments, is everything still there, is what was half
 * done finished, and does everything exist once? SCENE_SEED=… draws other moments than the gate's.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { StepEffect } from "../../src/flow/execution.ts";
import { eventId } from "../../src/notify/calendar/event-id.ts";
import { startAppProcess } from "./app-process.ts";
import {
  answerAll,
  answerDoubts,
  decideAll,
  isNamedBy,
  killDuring,
  killStarting,
  patient,
  progress,
  untilAtRest,
  untilDone,
  type Day,
  type Decision,
} from "./day.ts";
import { drawFrom } from "./moment.ts";
import { People } from "./people.ts";
import { keysOf, postedKeys, readRecord, type Recorded } from "./record.ts";
import { customersIn, matching } from "./sample-customers.ts";

const seed = Number(process.env["SCENE_SEED"] ?? 716_316_763);
const kills = 10;

describe(`is nothing lost and nothing there twice, whenever the process is killed? (SCENE_SEED=${seed})`, () => {
  test("ten kills over a day of runs, approvals, a rejection, doubts and a moved clock", async () => {
    const day = await beginDay();
    const { app, people } = day;
    await runAndKill(day);
    await decideAndKill(day);
    await moveClockAndKill(day);
    await untilDone(day);
    expect(day.kills).toHaveLength(kills);
    const world = { mails: await people.mails(), events: await people.events(), said: await progress(day) };
    expect((await people.cards()).filter((card) => /To come|Under way|In doubt/.test(JSON.stringify(card)))).toEqual(
      [],
    );
    expect(await app.stop()).toEqual({ code: 0, signal: null });
    const record = await readRecord(app.folder);
    console.info([`SCENE_SEED=${seed}`, ...day.kills, inFlight(record)].join("\n"));
    expectDecidedAsPressed(record, day.decisions);
    expectOnce({ record, keys: postedKeys(app.folder), ...world });
    expect(app.stderr).toEqual([]);
  });
});

async function beginDay(): Promise<Day> {
  const begun = performance.now();
  const app = await startAppProcess({ environment: { REVOPS_FLOWS: await oneFlow() } });
  const startMs = Math.round(performance.now() - begun);
  const people = await People.at(app.url);
  const draw = drawFrom(seed);
  const moments = Array.from({ length: kills }, () => ({ place: draw.fraction(), laterMs: draw.integer(0, 30) }));
  return { app, people, draw, moments, decisions: new Map(), kills: [], heard: new Set(), startMs };
}

/** The others would fire at the same hour, and everything here is counted. */
async function oneFlow(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "one-flow-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp("flows/standard/renewal_management.yml", join(folder, "renewal_management.yml"));
  return folder;
}

/** Three kills: while the run starts, while it is taken up again, while single runs start. */
async function runAndKill(day: Day): Promise<void> {
  const { people } = day;
  const run = () => people.say(people.lead, "/revops run renewal_management");
  await killDuring(day, { what: "run", most: 45, act: run });
  // What the app hadn't heard, or not yet written down, it can't go on with: the lead sees no message and says it again.
  if (!(await soon(async () => (await progress(day)).length > 0))) await run();
  // Killed before it is written down, it would be lost again.
  await expect.poll(() => progress(day), patient).toHaveLength(1);
  await killStarting(day);
  await untilAtRest(day);
  const others = await unmatched(day);
  const runEach = () =>
    Promise.all(others.map((name) => people.say(people.lead, `/revops run renewal_management ${name}`)));
  await killDuring(day, { what: "single runs", most: 30, act: runEach });
  // Nor does the lead know what was heard; of one customer there is one at a time.
  await runEach();
  await untilAtRest(day);
}

/** Some that the batch leaves out: their renewal is later than its filter looks. */
async function unmatched({ app, people, draw }: Day): Promise<string[]> {
  const customers = await customersIn(join(app.folder, "sample"));
  const today = new Date(await people.clock()).toISOString().slice(0, 10);
  const inBatch = matching(customers, today);
  const later = customers.filter((one) => !inBatch.includes(one) && (one.renewal_date ?? "") > today);
  return draw
    .shuffled(later)
    .slice(0, 6)
    .map(({ name }) => name);
}

/** Four kills: after approvals at once, while these are taken up, among approvals and a rejection, among doubts. */
async function decideAndKill(day: Day): Promise<void> {
  const { people, draw } = day;
  const cards = draw.shuffled(await people.openCards());
  expect(cards.length).toBeGreaterThan(5);
  // One card is left alone, to stand open when the clock is moved.
  const [left, rejected, ...approved] = cards;
  if (left === undefined || rejected === undefined) throw new Error("too few cards");
  day.decisions.set(rejected.executionId, "reject");
  const half = Math.ceil(approved.length / 2);
  const first = approved.slice(0, half);
  await killDuring(day, { what: "approvals", counted: "mail", most: 2, act: () => decideAll(day, first) });
  await killStarting(day);
  const others = [rejected, ...approved.slice(half)];
  await killDuring(day, { what: "a rejection among approvals", most: 70, act: () => decideAll(day, others) });
  const act = async () => {
    const again = (await people.openCards()).filter(({ executionId }) => executionId !== left.executionId);
    await Promise.all([decideAll(day, again), answerDoubts(day, await people.openDoubts())]);
  };
  await killDuring(day, { what: "doubts", most: 25, act });
}

/** Three kills: while the clock moves to the schedule, while what fired is taken up, after everything is answered at once. */
async function moveClockAndKill(day: Day): Promise<void> {
  const { people } = day;
  await untilAtRest(day);
  const target = nextNine(await people.clock());
  const move = () => people.page.post("clock", { to: "next" });
  await killDuring(day, { what: "clock", most: 30, act: move });
  if ((await people.clock()) < target) await move();
  expect(await people.clock()).toBeGreaterThanOrEqual(target);
  await killStarting(day);
  await expect.poll(() => progress(day), patient).toHaveLength(2);
  await untilAtRest(day);
  await killDuring(day, { what: "all that asks", counted: "mail", most: 4, act: () => answerAll(day) });
}

/** How much the kills hit, for whoever reads the output: a scene in which nothing was in flight shows nothing. */
function inFlight({ executions }: Recorded): string {
  const steps = executions.flatMap(({ state }) => Object.values(state.steps));
  const lost = steps.flatMap(({ attempts }) => attempts.filter((attempt) => attempt.lost)).length;
  const effects = steps.flatMap((step) => step.effects ?? []);
  const resolved = effects.flatMap(({ resolution }) => resolution?.answer ?? []);
  const again = resolved.filter((answer) => answer === "send_again").length;
  const takenOver = executions.reduce((sum, { state }) => sum + state.epoch, 0);
  return [
    `${executions.length} executions, taken over ${takenOver} times; ${lost} attempts lost of ${steps.length} steps`,
    `${effects.length} effects; ${resolved.length} doubts, ${again} of them sent again`,
  ].join("; ");
}

function nextNine(now: number): number {
  const nine = new Date(now).setUTCHours(9, 0, 0, 0);
  return nine > now ? nine : nine + 86_400_000;
}

function expectDecidedAsPressed({ executions, audit }: Recorded, decisions: ReadonlyMap<string, Decision>): void {
  const ended = executions.map(({ header: { execution_id, status, outcome, open } }) => ({
    execution_id,
    status,
    outcome,
    open,
  }));
  const expected = executions.map(({ header: { execution_id } }) => {
    const outcomes = { approve: "completed", reject: "rejected", none: "nothing_to_do" };
    const outcome = outcomes[decisions.get(execution_id) ?? "none"];
    return { execution_id, status: "succeeded", outcome, open: false };
  });
  expect(ended).toEqual(expected);
  const recorded = audit.filter(({ action }) => action === "approve" || action === "reject");
  const inAudit = recorded.map(({ execution_id, action }) => `${execution_id} ${action}`).toSorted();
  expect(inAudit).toEqual([...decisions].map(([id, decision]) => `${id} ${decision}`).toSorted());
}

interface World {
  record: Recorded;
  keys: string[];
  mails: Awaited<ReturnType<People["mails"]>>;
  events: Awaited<ReturnType<People["events"]>>;
  said: string[];
}

function expectOnce({ record, keys, mails, events, said }: World): void {
  const asked = record.executions.filter(({ state }) => approvalOf(state) !== null);
  const approved = asked.filter(({ state }) => approvalOf(state)?.status === "approved");
  const effects = approved.flatMap(({ state }) => Object.values(state.steps).flatMap((step) => step.effects ?? []));
  const of = (kind: string) => effects.filter(({ planned }) => planned.effect.kind === kind);

  // Slack: no key twice; one message a batch, one card with one reply an approval, one direct message an approval given.
  expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
  expect(keys.filter((key) => key.endsWith("#batch"))).toHaveLength(record.batches.length);
  expect(said).toHaveLength(record.batches.length);
  expect(keys.filter((key) => key.endsWith("#card")).toSorted()).toEqual(
    asked.map(({ state }) => `${state.executionId}/approve_recommendations#card`).toSorted(),
  );
  expect(keys.filter((key) => key.endsWith("#card-details"))).toHaveLength(asked.length);
  expectEachOnce(of("slack_message"), (key) => keys.filter((posted) => posted === key).length);
  expect(keys.filter((key) => key.includes("/slack:"))).toHaveLength(approved.length);

  // Mail and calendar: by the name that the key gives, and by what a recipient reads.
  expectEachOnce(of("email"), (key) => mails.filter(({ headers }) => headers.some(isNamedBy(key))).length);
  expectEachOnce(of("calendar_event"), (key) => events.filter(({ id }) => id === eventId(key)).length);
  const readers = approved.map(({ state: { customer } }) => `${customer?.account_manager_email} ${customer?.name}`);
  const told = mails.map(({ to, subject }) => `${to.join()} ${subject.split(": ")[0]}`);
  const invited = events.map(
    ({ attendees, summary }) => `${attendees.join()} ${summary.replace("Renewal Discussion - ", "")}`,
  );
  expect(told.toSorted()).toEqual(readers.toSorted());
  expect(invited.toSorted()).toEqual(readers.toSorted());
}

function expectEachOnce(effects: readonly StepEffect[], count: (key: string) => number): void {
  const counted = effects.map((effect) => {
    const times = keysOf(effect).reduce((sum, key) => sum + count(key), 0);
    return { key: effect.key, status: effect.state.status, times };
  });
  expect(counted).toEqual(effects.map(({ key }) => ({ key, status: "performed", times: 1 })));
}

function approvalOf(state: Recorded["executions"][number]["state"]) {
  return state.steps["approve_recommendations"]?.approval ?? null;
}

async function soon(look: () => Promise<boolean>): Promise<boolean> {
  try {
    await expect.poll(look, { timeout: 25_000, interval: 100 }).toBe(true);
    return true;
  } catch {
    return false;
  }
}
