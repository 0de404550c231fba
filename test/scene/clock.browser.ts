/** Issue 3's scene, point 5: does the schedule fire once a day, and ask about those who newly match and about nobody twice? */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Customer } from "../../src/flow/customer.ts";
import { customersIn, matching } from "./sample-customers.ts";
import { patient, useScene } from "./scene-page.ts";

// The clock leaves the real day at once. Elsewhere the weekly digest, at nine in UTC, would be a schedule of its own.
const at = useScene({ environment: () => Promise.resolve({ REVOPS_TIMEZONE: "UTC" }) });
const days = 4;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

describe("does the schedule do its work while the clock is moved?", () => {
  test("each next 09:00 fires once, brings cards for those who newly match, and asks nobody who is being asked", async () => {
    const customers = await customersIn(join(at.app.folder, "sample"));
    await at.say("/revops run renewal_management");
    await at
      .messages()
      .getByText(/\d+ wait for approval · \d+ with nothing to do/)
      .waitFor();
    let known = matching(customers, isoDay(await at.now()));
    let asked = await cards();
    for (let fired = 1; fired <= days; fired += 1) {
      const before = await at.now();
      const now = await at.moveClock("Next schedule");
      expect(new Date(now).toISOString().slice(11, 16)).toBe("09:00");
      expect(now - before).toBeLessThan(dayMs + minuteMs);
      const today = matching(customers, isoDay(now));
      await expectOneFiring({ fired, matches: today.length, of: customers.length });
      const entered = today.filter(({ id }) => !known.some((each) => each.id === id));
      const after = await cards();
      expectAskedRightly({ before: asked, after, entered });
      known = [...known, ...entered];
      asked = after;
    }
    expect(asked.length).toBeGreaterThan(days);
    await at.picture("after-days");
  });
});

interface Asked {
  ts: string;
  customer: string;
  isOpen: boolean;
}

/** Every card that was ever posted, as it stands now. */
async function cards(): Promise<Asked[]> {
  await at.goTo("#renewals");
  const found = await at.messages().evaluateAll((all) =>
    all.map((card) => ({
      ts: card.getAttribute("data-ts") ?? "",
      customer: card.querySelector(".blocks b, .blocks strong")?.textContent ?? "",
      isOpen: card.querySelector("button.primary") !== null,
    })),
  );
  await at.goTo("#revops");
  return found;
}

/** A message for each firing of this flow, others aside; the count is the filter's on that day. */
async function expectOneFiring(parameters: { fired: number; matches: number; of: number }): Promise<void> {
  const { fired, matches, of } = parameters;
  const firings = at
    .messages()
    .filter({ hasText: "renewal_management" })
    .filter({ hasText: "Started by the schedule of" });
  await expect.poll(() => firings.count(), patient).toBe(fired);
  const said = () => firings.last().textContent();
  expect(await said()).toContain(`${matches} of ${of} customers match`);
  await expect.poll(said, patient).toMatch(/, \d+ of them already under way and left alone/);
  await expect.poll(said, patient).toMatch(/\d+ waits? for approval|\d+ with nothing to do|Nothing (?:to do|new)/);
}

/** One open card a customer at most; new ones for those who entered, or whom nobody had answered in time. */
function expectAskedRightly(parameters: { before: Asked[]; after: Asked[]; entered: Customer[] }): void {
  const { before, after, entered } = parameters;
  const open = after.filter(({ isOpen }) => isOpen).map(({ customer }) => customer);
  expect(open).toEqual([...new Set(open)]);
  const fresh = after.filter(({ ts }) => !before.some((card) => card.ts === ts)).map(({ customer }) => customer);
  const waiting = before.filter(({ ts }) => after.some((card) => card.ts === ts && card.isOpen));
  expect(fresh.filter((customer) => waiting.some((card) => card.customer === customer))).toEqual([]);
  const newcomers = fresh.filter((name) => entered.some((each) => each.name === name));
  expect(newcomers.length).toBeGreaterThanOrEqual(Math.min(1, entered.length));
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
