/** Does `customers` say who matches at an instant, and why? */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sitDown, type Sitting } from "./terminal-line.ts";

const Matching = z.object({ customers: z.array(z.object({ id: z.string() })) });

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

it("lists who matches, and how each condition divides them all", async () => {
  const filter = "customer.arr > 10000 and customer.nps > 0";
  expect(await sitting.line("customers", "--filter", filter)).toEqual({
    code: 0,
    err: "",
    out: [
      "ID    NAME         SEGMENT            ARR  RENEWAL     ACCOUNT MANAGER",
      "beta  Beta Health  mid-market  41,000 EUR  2027-03-01  lead@example.com",
      "",
      "1 of 3 customers match.",
      "",
      "TRUE  FALSE  UNKNOWN  CONDITION",
      "   2      1        0  customer.arr > 10000",
      "   1      1        1  customer.nps > 0",
      "",
    ].join("\n"),
  });
});

it("tells of one customer why it matches or doesn't, by name or id", async () => {
  const filter = ["--filter", "customer.arr > 90000 and customer.region = 'AMER' and customer.nps > 0"];
  const why = [
    "Acme Robotics (acme): doesn't match",
    "  false    customer.arr > 90000",
    "  true     customer.region = 'AMER'",
    "  unknown  customer.nps > 0",
    "",
  ].join("\n");
  expect((await sitting.line("customers", "acme", ...filter)).out).toBe(why);
  expect((await sitting.line("customers", "ACME", "robotics", ...filter)).out).toBe(why);
});

it("has the document that programs rely on", async () => {
  expect(await sitting.json("customers", "--filter", "customer.nps > 0", "--now", "2026-12-01")).toMatchObject({
    now: "2026-12-01T00:00:00+00:00",
    customers: [{ id: "beta", nps: 12 }],
    explained: [
      { customer_id: "acme", matches: false, conditions: [{ text: "customer.nps > 0", value: null }] },
      { customer_id: "beta", matches: true, conditions: [{ value: true }] },
      { customer_id: "gamma", matches: false, conditions: [{ value: false }] },
    ],
  });
});

describe("--now", () => {
  it.each([
    ["2026-12-01", ["acme", "gamma"]],
    ["2026-12-06", ["acme"]],
    ["2026-12-18", []],
    // In Tokyo the sixth has begun.
    ["2026-12-05T15:30:00Z --zone Asia/Tokyo", ["acme"]],
    ["2026-12-05T15:30:00Z --zone Europe/Berlin", ["acme", "gamma"]],
  ])("%s", async (now, ids) => {
    const filter = "customer.renewal_date between current_date and current_date + interval '30 days'";
    const { customers } = Matching.parse(
      await sitting.json("customers", "--filter", filter, "--now", ...now.split(" ")),
    );
    expect(customers.map(({ id }) => id)).toEqual(ids);
  });
});

it("asks with a flow's own filter and its trigger's zone", async () => {
  expect(await sitting.json("customers", "--flow", "review", "--now", "2026-12-01")).toMatchObject({
    now: "2026-12-01T00:00:00+01:00",
    customers: [{ id: "acme" }, { id: "beta" }],
  });
});

it("without a filter, all", async () => {
  expect((await sitting.line("customers")).out).toMatch(/\n\n3 of 3 customers match\.\n$/);
});

it("a filter that isn't one is told at its place", async () => {
  expect(await sitting.line("customers", "--filter", "customer.arr > 5 and foo = 1")).toEqual({
    code: 1,
    out: "",
    err: "--filter:1:22: a filter knows customer.* only, not foo; text stands in 'single quotes'\n",
  });
});

it("rows that can't be used are told at their place, beside the answer", async () => {
  await writeFile(join(sitting.folder, "crm/customers.csv"), "id,name,arr\nacme,Acme,many\n");
  const { code, out, err } = await sitting.line("customers");
  expect(code).toBe(0);
  expect(err).toMatch(/customers\.csv:2:\d+: /);
  expect(out).toContain("0 of 0 customers match.");
});

it("a name that would move the cursor is shown, not obeyed", async () => {
  await writeFile(join(sitting.folder, "crm/customers.csv"), "id,name\nevil,\u{1b}[2J\u{202e}Evil\u{7}\n");
  const { out } = await sitting.line("customers");
  for (const sly of ["\u{1b}", "\u{7}", "\u{202e}"]) expect(out).not.toContain(sly);
  expect(out).toContain("Evil");
});
