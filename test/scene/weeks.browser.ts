/** Issue 8's scene: the three standard flows from their trigger to their end, on a clock that is moved over two months. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { webhookHeaders, webhookSecret } from "../app/webhook.ts";
import { readRecord } from "./record.ts";
import { patient, useScene } from "./scene-page.ts";
import { content, exportCustomers, leaving, newcomer, renewing } from "./weeks-customers.ts";

const folder = await mkdtemp(join(tmpdir(), "revops-weeks-"));
const dayMs = 86_400_000;
const begin = Date.now();
const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);
const renewsIn = 24;
const at = useScene({
  lives: "file",
  environment: async () => ({
    REVOPS_CRM: `csv:${await exportCustomers({ folder, day: isoDay(begin), renewsIn, state: "troubled" })}`,
    REVOPS_EVENTS_SECRET: webhookSecret,
  }),
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const Mails = z.object({ mails: z.array(z.object({ to: z.array(z.string()), subject: z.string() })) });
const Events = z.object({ events: z.array(z.object({ summary: z.string(), attendees: z.array(z.string()) })) });
const dana = "dana.reyes@example.com";
const leah = "leah.okafor@example.com";

describe("do the three flows run from their trigger to their end?", () => {
  test("a customer is created: the plan goes to both owners, and the kick-off stands in the calendar", async () => {
    const body = JSON.stringify({ customer_id: newcomer.id });
    const signed = { id: "crm-1", timestamp: Math.floor(Date.now() / 1000), body };
    const send = () =>
      fetch(new URL("/events/customer.created", at.app.url), { method: "POST", headers: webhookHeaders(signed), body });
    expect((await send()).status).toBe(202);
    expect((await send()).status).toBe(202);
    const plan = new RegExp(`^${newcomer.name}: `);
    await expect.poll(() => mailsAbout(plan), patient).toHaveLength(2);
    expect((await mailsAbout(plan)).flatMap(({ to }) => to).toSorted()).toEqual([dana, leah]);
    await expect
      .poll(events, patient)
      .toEqual([{ summary: `Kick-off - ${newcomer.name}`, attendees: expect.arrayContaining([dana, leah]) }]);
    await at.goTo("Calendar");
    await at.picture("weeks-kick-off");
  });

  test("the next morning asks about the renewal; approved by a button, the mail and the talk go out", async () => {
    await at.moveClock("Next schedule");
    await at.goTo("#renewals");
    const card = at.card(renewing.name);
    await at.actAs("Dana Reyes");
    await card.getByRole("button", { name: "Approve" }).waitFor(patient);
    await at.picture("weeks-renewal-card");
    await at.press(card, "Approve");
    await card.getByText(/^Approved by Dana Reyes/m).waitFor(patient);
    await expect
      .poll(() => mailsAbout(new RegExp(renewing.name)), patient)
      .toEqual([{ to: [dana], subject: expect.any(String) }]);
    await expect
      .poll(events, patient)
      .toContainEqual({ summary: `Renewal Discussion - ${renewing.name}`, attendees: [dana] });
  });

  test("the next working day asks about who may leave; the other owner approves it", async () => {
    await at.goTo("#churn");
    for (let day = 0; day < 4 && (await churnCard().count()) === 0; day += 1) await at.moveClock("+1 day");
    await at.actAs("Leah Okafor");
    await churnCard().getByRole("button", { name: "Approve" }).waitFor(patient);
    await at.picture("weeks-churn-card");
    await at.press(churnCard(), "Approve");
    await churnCard()
      .getByText(/^Approved by Leah Okafor/m)
      .waitFor(patient);
    await expect.poll(() => mailsAbout(/churn risk/), patient).toHaveLength(2);
    await at.picture("weeks-churn-approved");
  });

  test("what doesn't change is asked about once; day 7 of the onboarding has stalled, and its owners hear of it", async () => {
    await moveTo(begin + 11 * dayMs);
    await at.goTo("#renewals");
    expect(await at.card(renewing.name).count()).toBe(1);
    expect(await at.card(content.name).count()).toBe(0);
    await at.picture("weeks-renewal-later");
    await at.goTo("#churn");
    expect(await churnCard().count()).toBe(1);
    await expect.poll(() => mailsAbout(/Northwind Bikes.*(stuck|stalled)/i), patient).toHaveLength(2);
    await at.goTo("Inbox");
    await at.page.getByText("Northwind Bikes: onboarding is st").first().click();
    await at.picture("weeks-stalled");
    await messagesTo("Dana Reyes");
    await at.messages().filter({ hasText: "Your week" }).first().waitFor(patient);
    await at.picture("weeks-digest");
    await at.goTo("#revops");
    await at.picture("weeks-roll-up");
    const status = await at.ask(`/revops status ${renewing.name}`);
    expect(await status.textContent()).toMatch(/renewal risk 0\.\d\d(, was 0\.\d\d)? · open, day 1\d/);
  });

  test("a restart with a better export: the cases recover after three days, and nobody is asked", async () => {
    await nextExport({ afterDays: 11, state: "better" });
    await moveTo(begin + 16 * dayMs);
    await at.goTo("#renewals");
    const card = at.card(renewing.name);
    await card.getByText(/^Recovered on day \d+ · Under 0\.60 on 3 assessed days in a row/).waitFor(patient);
    expect(await card.count()).toBe(1);
    await at.picture("weeks-recovered");
  });

  test("two weeks after the play its outcome is recorded, and the customer success manager is told", async () => {
    await moveTo(begin + 24 * dayMs);
    await messagesTo("Leah Okafor");
    const told = at.messages().getByText(`${leaving.name}, two weeks after the play: recovered, risk 0.`);
    await told.getByText(/no sign is left\.$/).waitFor(patient);
    await at.picture("weeks-outcome");
    const [play] = await executionsOf("churn_prevention", leaving.id);
    expect(play?.steps["record_outcome"]?.output).toMatchObject({ outcome: "recovered", signs_left: [] });
  });

  test("by day 60 all three have ended, and each person was asked once about each customer", async () => {
    await moveTo(begin + 45 * dayMs);
    await nextExport({ afterDays: 45, state: "silent" });
    await moveTo(begin + 65 * dayMs);
    const { executions } = await readRecord(at.app.folder);
    const ofFlows = executions.filter(({ header }) => standard.includes(header.flow_id));
    expect(ofFlows.filter(({ header }) => header.status !== "succeeded")).toEqual([]);
    const asked = ofFlows.filter(({ state }) => Object.values(state.steps).some(({ approval }) => approval !== null));
    expect(asked.map(({ header }) => `${header.flow_id} ${header.customer_name}`).toSorted()).toEqual([
      `churn_prevention ${leaving.name}`,
      `renewal_management ${renewing.name}`,
    ]);
    const [onboarding] = await executionsOf("onboarding", newcomer.id);
    // In the second month no usage arrived: that is told as not known, and no success.
    expect(["check_day_7", "check_day_30", "check_day_60"].map((id) => onboarding?.steps[id]?.output)).toMatchObject([
      { state: "stalled" },
      { state: "on_track" },
      { state: "unknown", unknown: ["Half of the seats are used"] },
    ]);
    await messagesTo("Dana Reyes");
    await at.messages().getByText("Day 60: It has become a habit").waitFor(patient);
    await at.picture("weeks-end");
    // Of the columns that this export doesn't have, at each of three starts; of nothing else.
    expect(at.app.stderr).toEqual(Array.from({ length: 3 }, () => expect.stringContaining("are read as empty")));
  });
});

const standard = ["onboarding", "renewal_management", "churn_prevention"];

/** Files are read at the start: the app is stopped as an operator stops it, and begins again with newer ones. */
async function nextExport(parameters: { afterDays: number; state: "better" | "silent" }): Promise<void> {
  const { afterDays, state } = parameters;
  await at.app.stop();
  const day = isoDay(begin + afterDays * dayMs);
  await exportCustomers({ folder, day, renewsIn: renewsIn - afterDays, state });
  await at.app.restart();
  await at.page.reload();
}

/** The daily looks that found nothing to do are left out. */
async function executionsOf(flowId: string, customerId: string) {
  const { executions } = await readRecord(at.app.folder);
  return executions
    .map(({ state }) => state)
    .filter(
      ({ flowId: of, customer, outcome }) => of === flowId && customer?.id === customerId && outcome === "completed",
    );
}

async function messagesTo(person: string): Promise<void> {
  await at.actAs(person);
  await at.goTo("RevOps");
  await at.page.getByRole("tab", { name: "Messages" }).click();
}

function churnCard() {
  return at.messages().filter({ hasText: leaving.name });
}

async function moveTo(instant: number): Promise<void> {
  for (let now = await at.now(); now < instant; now = await at.now()) {
    const advanceMs = Math.min(7 * dayMs, instant - now);
    const response = await fetch(new URL("/sandbox/clock", at.app.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ advanceMs }),
    });
    expect(response.ok).toBe(true);
    await expect.poll(() => at.now(), patient).toBeGreaterThanOrEqual(now + advanceMs);
  }
}

async function mailsAbout(subject: RegExp) {
  const { mails } = Mails.parse(await (await fetch(new URL("/sandbox/mails", at.app.url))).json());
  return mails.filter((mail) => subject.test(mail.subject));
}

async function events() {
  return Events.parse(await (await fetch(new URL("/sandbox/calendar", at.app.url))).json()).events;
}
