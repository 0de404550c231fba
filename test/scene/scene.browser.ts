/** Issue 3's scene, points 1 and 2, on the real app: can somebody without any account live in it and run a flow? */
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { customersIn, matching, ownersOf } from "./sample-customers.ts";
import { patient, useScene } from "./scene-page.ts";

const at = useScene();
const sample = () => customersIn(join(at.app.folder, "sample"));

describe("is the page a workspace with the bot in it?", () => {
  test("one address is printed; channels, people, mail, calendar and clock are there", async () => {
    expect(at.app.stdout).toEqual([`RevOps Flows sandbox: ${at.app.url}`]);
    expect(at.app.stderr).toEqual([]);
    const places = at.page.getByRole("navigation").getByRole("link");
    expect(await places.allTextContents()).toEqual(
      expect.arrayContaining(["#revops", "#renewals", "RevOps", "Inbox", "Calendar"]),
    );
    await at.picture("rest");
    const people = await at.page.getByRole("combobox", { name: "Acting as" }).locator("option").allTextContents();
    expect(people[0]).toBe("Morgan Lee · RevOps lead");
    expect(people.at(-1)).toBe("Riley Quinn · Finance, no approver");
    const owners = ownersOf(await sample());
    expect(owners.size).toBeGreaterThan(6);
    expect(people).toHaveLength(owners.size + 2);
    expect(people).toContain("Dana Reyes · Account manager");
  });

  test("the composer knows the command; an answer is marked as private and is nobody else's", async () => {
    await at.composer().pressSequentially("/re");
    await at.page.getByRole("listbox", { name: "Commands" }).getByRole("option", { name: "/revops" }).waitFor();
    await at.composer().press("Tab");
    expect(await at.composer().inputValue()).toBe("/revops ");
    const answer = await at.answerTo(async () => {
      await at.composer().pressSequentially("flows");
      await at.composer().press("Enter");
    });
    expect(await answer.textContent()).toContain("renewal_management 2.0");
    await at.actAs("Dana Reyes");
    await expect.poll(() => at.page.getByText("renewal_management 2.0").count(), patient).toBe(0);
  });

  test("the bot answers a direct message there, and a mention in its thread", async () => {
    await at.goTo("RevOps");
    await at.say("flows");
    await at.messages().filter({ hasText: "renewal_management 2.0" }).waitFor();
    await at.goTo("#general");
    await at.say("@RevOps status");
    await at.messages().filter({ hasText: "@RevOps status" }).getByRole("button", { name: "1 reply" }).click();
    const thread = at.page.getByRole("complementary", { name: "Thread" });
    await thread.getByText("Nothing is running.").waitFor();
    await thread.getByRole("textbox").fill("thanks");
    await thread.getByRole("textbox").press("Enter");
    await expect.poll(() => thread.locator("article").count(), patient).toBe(3);
    expect(await at.messages().count()).toBe(1);
  });

  test("the clock moves by an hour, by a day and to the next schedule", async () => {
    const moved = async (button: Parameters<typeof at.moveClock>[0]) => {
      const before = await at.now();
      return ((await at.moveClock(button)) - before) / 3_600_000;
    };
    expect(await moved("+1 hour")).toBeCloseTo(1, 1);
    expect(await moved("+1 day")).toBeCloseTo(24, 1);
    expect(await moved("Next schedule")).toBeLessThanOrEqual(24);
    await at.clock().getByText("09:00").waitFor();
  });
});

describe("does a run say what it does, and ask about whom it must?", () => {
  test("over all customers: the count at once, the progress in one message, a card for each over the threshold", async () => {
    await at.say("/revops run renewal_management");
    const progress = at.messages().filter({ hasText: "renewal_management 2.0" });
    const customers = await sample();
    const matches = matching(customers, new Date(await at.now()).toISOString().slice(0, 10)).length;
    await progress.getByText(`${matches} of ${customers.length} customers match`).waitFor();
    await progress.getByText(/^\d+ wait for approval · \d+ with nothing to do$/m).waitFor();
    const [, waiting = "", done = ""] =
      /(\d+) wait for approval · (\d+) with/.exec((await progress.textContent()) ?? "") ?? [];
    expect(Number(waiting) + Number(done)).toBe(matches);
    expect(await at.messages().count()).toBe(1);
    await at.picture("run");
    await at.goTo("#renewals");
    await expect.poll(() => at.messages().count(), patient).toBe(Number(waiting));
    for (const card of await at.messages().all()) await expectWholeCard(card);
    await at.picture("cards");
  });

  test("for one customer by name, once; for another by id", async () => {
    const started = await at.ask("/revops run renewal_management Acme Robotics");
    expect(await started.textContent()).toMatch(/Started renewal_management 2\.0 for Acme Robotics\. Follow it with/);
    await at.goTo("#renewals");
    await at.card("Acme Robotics").getByRole("button", { name: "Approve" }).waitFor();
    await at.goTo("#revops");
    const again = await at.ask("/revops run renewal_management cust-10021");
    expect(await again.textContent()).toContain("already running for Acme Robotics: nothing new was started");
    await at.ask("/revops run renewal_management cust-low-usage");
    await at.goTo("#renewals");
    await at.card("Bramble & Finch Logistics").waitFor();
    expect(await at.messages().count()).toBe(2);
  });

  test("Details hold the evidence and exactly what an approval lets out, as text", async () => {
    const card = await at.runFor("Acme Robotics");
    await at.press(card, "Details");
    const details = at.page.getByRole("dialog", { name: "Details" });
    await details.getByText("If approved: send_notifications").waitFor();
    const text = (await details.textContent()) ?? "";
    expect(text).toContain("Schedules published twice overnight");
    expect(text).toContain("Forecast page times out at month end");
    expect(text).toContain("mail to dana.reyes@example.com — Acme Robotics: renewal on");
    expect(text).toContain("Hello Dana,");
    expect(text).toMatch(
      /event on \w{3} \d+ \w{3} \d\d:\d\d \(America\/Chicago\), 30 min, with dana\.reyes@example\.com — Renewal Discussion/,
    );
    await at.picture("details");
    await details.getByRole("button", { name: "Close" }).last().click();
    await expect.poll(() => details.count(), patient).toBe(0);
    expect(await card.getByRole("button", { name: "Approve" }).count()).toBe(1);
  });
});

describe("is it legible wherever it is read?", () => {
  test("in 420 pixels nothing sticks out; in the dark it is dark", async () => {
    await at.runFor("Acme Robotics");
    await at.page.setViewportSize({ width: 1000, height: 600 });
    await at.picture("scene");
    await at.page.setViewportSize({ width: 420, height: 860 });
    expect(await at.page.locator("html").evaluate((root) => root.scrollWidth)).toBe(420);
    await at.picture("narrow");
    await at.page.emulateMedia({ colorScheme: "dark" });
    await expect.poll(() => brightness(at.page), patient).toBeLessThan(60);
    await at.page.setViewportSize({ width: 1180, height: 760 });
    await at.picture("dark");
  });
});

async function expectWholeCard(card: Locator): Promise<void> {
  const text = (await card.textContent()) ?? "";
  expect(text).toMatch(/renews (today|tomorrow|in \d+ days)/);
  expect(text).toMatch(/· [$€£¥]|A\$[\d,]+/);
  expect(Number(/Risk (\d\.\d\d)/.exec(text)?.[1])).toBeGreaterThanOrEqual(0.7);
  const points = (text.match(/\+\d\.\d\d/g) ?? []).map(Number);
  expect(points).toHaveLength(3);
  expect(points).toEqual(points.toSorted((one, other) => other - one));
  expect(text).toMatch(/Proposed:\n1\. .+\n2\. /);
  expect(text).toMatch(/Waiting for [\p{L} ]+ or a RevOps lead · .*expires /u);
  expect(await card.getByRole("button").allTextContents()).toEqual(
    expect.arrayContaining(["Approve", "Reject", "Details"]),
  );
}

/** Of what lies behind everything: 255 is white. */
async function brightness(page: Page): Promise<number> {
  const colour = await page
    .locator("body")
    .evaluate((body) => body.ownerDocument.defaultView?.getComputedStyle(body).backgroundColor ?? "");
  return Math.max(...(colour.match(/\d+/g) ?? []).slice(0, 3).map(Number));
}
