/** Digests of every size of book: what stands in them, that Slack takes them, and whose morning it is. */
import { describe, expect, test } from "vitest";
import { ownerDigest, type Week } from "../../../src/agents/local/digest/owner-digest.ts";
import { digestTime, weekStart } from "../../../src/agents/local/digest/digest-time.ts";
import { rollUp, type RollUpFacts } from "../../../src/agents/local/digest/roll-up.ts";
import { addDays } from "../../../src/flow/zone.ts";
import { asMrkdwn } from "../../../src/agents/local/execution/plain-text.ts";
import { limits } from "../../../src/notify/slack/limits.ts";
import { sampleCustomer } from "../../notify/slack/sample-cards.ts";
import { sampleCase } from "../../state/sample-records.ts";

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 30, 8);
const today = "2026-11-30";
const hostile = "A <!channel> & Sons\n*bold* \u202E";

const nobody: Week = { now, timezone: "UTC", approvals: [], open: [], closed: [], customers: [] };

function customers(count: number, name = "Customer") {
  return Array.from({ length: count }, (_, index) =>
    sampleCustomer({
      id: `c-${index}`,
      name: `${name} ${index}`,
      renewal_date: addDays({ date: today, days: index % 28 }),
      notice_date: null,
      arr: 1_000 * (index + 1),
    }),
  );
}

function bookOf(count: number, name = "Customer"): Week {
  const book = customers(count, name);
  const open = book.map(({ id, arr }, index) =>
    sampleCase({
      opened_at: now - (index % 10) * dayMs,
      customer: { ...sampleCase().customer, id, name: `${name} ${index}`, arr },
    }),
  );
  const approvals = book.map(({ name: about }) => ({
    about,
    flowId: "renewal_management",
    riskScore: 0.8,
    until: now,
  }));
  return { ...nobody, approvals, open, closed: [], customers: book };
}

describe("an owner's week", () => {
  test("nothing to do: nobody is told", () => {
    expect(ownerDigest(nobody)).toEqual([]);
    const far = [sampleCustomer({ renewal_date: "2027-06-01" }), sampleCustomer({ renewal_date: null })];
    const dismissed = sampleCase({ status: "dismissed", opened_at: now - 60 * dayMs });
    expect(ownerDigest({ ...nobody, customers: far, open: [dismissed] })).toEqual([]);
  });

  test("one customer, as the page shows it", () => {
    const recovered = sampleCase({
      status: "closed",
      customer: { ...sampleCase().customer, id: "b", name: "Beta" },
      closed: { at: now - dayMs, how: "recovered", note: "Under 0.60 on 3 assessed days in a row." },
    });
    const open = sampleCase({ score: 0.81, opened_at: now - 3 * dayMs });
    const [customer] = customers(1);
    const week = { ...bookOf(1), open: [open], closed: [recovered], customers: customer ? [customer] : [] };
    expect(ownerDigest(week)).toEqual([
      [
        "*Your week from 30 Nov*",
        "",
        "*Waiting for your decision* (1)",
        "• Customer 0 · renewal_management · risk 0.80 · until 30 Nov",
        "",
        "*Open cases, most at stake first* (1)",
        "• Acme Robotics · $84,000 · renewal risk 0.81, was 0.78 · day 4",
        "",
        "*Renewals of the next four weeks* (1)",
        "• 30 Nov (today) · Customer 0 · $1,000",
        "",
        "*Changed in the last week* (2)",
        "• new: Acme Robotics, 0.78",
        "• recovered: Beta. Under 0.60 on 3 assessed days in a row.",
      ].join("\n"),
    ]);
  });

  test.each([1, 50, 5_000])("%d customers: whole lines within Slack's limits, the rest counted", (count) => {
    for (const name of ["Customer", hostile.repeat(40), "&".repeat(300)]) {
      const pages = ownerDigest(bookOf(count, name));
      expect(pages.length).toBeGreaterThan(0);
      // Escaping makes some longer: a book of hostile names is cut into more messages, never into fewer customers.
      expect(pages.length).toBeLessThanOrEqual(name === "Customer" ? 3 : 40);
      expect(pages.join("\n")).not.toMatch(/[\u202E\r]/);
      for (const page of pages) expect(asMrkdwn(page).length).toBeLessThanOrEqual(limits.messageText);
      expect(pages.join("\n").includes(`… and ${(count - 20).toLocaleString("en")} more`)).toBe(count > 20);
      expect(pages.join("\n")).toContain(`*Waiting for your decision* (${count.toLocaleString("en")})`);
      expect(
        pages
          .join("\n")
          .split("\n")
          .filter((line) => line.startsWith("• ")).length,
      ).toBeLessThanOrEqual(80);
    }
  });

  test("what is snoozed or dismissed is no work, what comes back this week is named", () => {
    const by = { user_id: "U1", email: null, name: "Dana Reyes" };
    const snooze = { until: now + 2 * dayMs, at: now, by, reason: "budget" };
    const old = { opened_at: now - 30 * dayMs };
    const week = { ...bookOf(0), open: [sampleCase({ ...old, status: "snoozed", snooze })] };
    expect(ownerDigest(week)).toEqual([]);
    const page = ownerDigest({ ...week, customers: customers(1) }).join("\n");
    expect(page).toContain("*Snoozes that end this week* (1)\n• Acme Robotics · until 2 Dec: budget");
    expect(page).not.toContain("Open cases");
  });
});

describe("the roll-up", () => {
  const facts: RollUpFacts = { now, timezone: "UTC", weeks: 4, customers: [], open: [], before: null };

  test("says nothing where nothing renews", () => {
    expect(rollUp(facts)).toMatchObject({ pages: [], weeks: [{ week_of: "2026-11-30", renewals: 0 }, {}, {}, {}] });
  });

  test("by week, value and risk, each currency by itself", () => {
    const book = [
      sampleCustomer({ id: "a", renewal_date: "2026-12-06", arr: 10_000 }),
      sampleCustomer({ id: "b", renewal_date: "2026-12-07", arr: 5_000, currency: "GBP" }),
      sampleCustomer({ id: "c", renewal_date: "2026-12-08", arr: null }),
    ];
    const open = [sampleCase({ customer: { ...sampleCase().customer, id: "b" } })];
    const first = rollUp({ ...facts, customers: book, open });
    expect(first.pages).toEqual([
      [
        "*Renewals of the next 4 weeks*",
        "",
        "*By week* (2)",
        "• 30 Nov · 1 renewal, $10,000 · none at risk",
        "• 7 Dec · 2 renewals, £5,000 · 1 at risk (£5,000)",
      ].join("\n"),
    ]);
    const later = rollUp({ ...facts, customers: book.slice(0, 2), open: [], before: first.weeks });
    expect(later.pages.join("\n")).toContain(
      "7 Dec · 1 renewal, £5,000 · none at risk · last week: 2 renewals, 1 at risk",
    );
    expect(later.pages.join("\n")).toContain("30 Nov · 1 renewal, $10,000 · none at risk\n");
  });

  test.each([50, 5_000])("%d customers: one message", (count) => {
    const { pages } = rollUp({ ...facts, weeks: 26, customers: customers(count), open: bookOf(count).open });
    expect(pages).toHaveLength(1);
    expect(asMrkdwn(pages[0] ?? "").length).toBeLessThanOrEqual(limits.messageText);
  });
});

describe("whose morning it is", () => {
  const monday = { day: "monday", hour: 8 } as const;
  const at = (now: number, timezone: string, settings: { day: "monday" | "friday"; hour: number } = monday) =>
    new Date(digestTime({ now, timezone, settings })).toISOString();
  const sunday = Date.UTC(2026, 10, 29, 9);

  test("eight on Monday where the reader lives, from the ends of the earth", () => {
    expect(weekStart(sunday)).toBe(sunday);
    expect(at(sunday, "UTC")).toBe("2026-11-30T08:00:00.000Z");
    expect(at(sunday, "Pacific/Kiritimati")).toBe("2026-11-29T18:00:00.000Z");
    expect(at(sunday, "Pacific/Midway")).toBe("2026-11-30T19:00:00.000Z");
    expect(at(sunday, "nowhere/at all")).toBe("2026-11-30T08:00:00.000Z");
  });

  test("late by days, or a moment before the next week: the same instant, so that no week has two", () => {
    for (const late of [1, 3 * dayMs, 7 * dayMs - 1]) expect(at(sunday + late, "UTC")).toBe(at(sunday, "UTC"));
    expect(at(sunday + 7 * dayMs, "UTC")).toBe("2026-12-07T08:00:00.000Z");
  });

  test("an hour that the clocks skip is the next one", () => {
    const spring = Date.UTC(2027, 2, 21, 9);
    const friday = { day: "friday", hour: 2 } as const;
    expect(at(spring, "Asia/Jerusalem", friday)).toBe("2027-03-26T00:00:00.000Z");
  });
});
