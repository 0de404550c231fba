/** `revops simulate`: what is printed, drawn and refused; and that nothing is left behind. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { oneLine, sitDown, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeAll(async () => {
  sitting = await sitDown();
});
afterAll(() => sitting.close());

/** Two of the three customers match until their renewals; the review fires on working days at nine in Berlin. */
const period = "2026-11-30..2026-12-01";

it("prints who would get what and why others don't, and leaves no store behind", async () => {
  const { code, out, err } = await sitting.line("simulate", "review", period);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.trimEnd().split("\n")).toEqual([
    "review 1.0 simulated from 2026-11-30 00:00 to 2026-12-02 00:00 (UTC)",
    "3 customers as they stand now; approvals approved two working hours after they are asked; nothing was sent",
    "4 executions of 2 firings: 4 completed",
    "",
    "week of     sent  asked  held back",
    "2026-11-30     4      4          0",
    "",
    "who would get  mails  messages  events  most on",
    "#general           0         4       0  2026-11-30: 2",
  ]);
  expect(existsSync(join(sitting.folder, "data/revops.db"))).toBe(false);
});

it("lists each thing in the order of time, with the people who are asked", async () => {
  const { out } = await sitting.line("simulate", "review", "2026-11-30", "--list", "--approvals", "expire");
  expect(
    out
      .split("\n")
      .slice(4, 8)
      .map((line) => line.replaceAll(/ {2,}/g, " | ")),
  ).toEqual([
    "when | customer | what | whom",
    "2026-11-30 08:00 | asked | Acme Robotics | approve: open | a RevOps lead",
    "2026-11-30 08:00 | asked | Beta Health | approve: open | a RevOps lead",
    "",
  ]);
});

it("draws a calendar as SVG", async () => {
  const file = join(sitting.folder, "calendar.svg");
  const { code, out } = await sitting.line("simulate", "review", period, "--picture", file);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("The calendar stands in") });
  const svg = await readFile(file, "utf8");
  expect(svg).toMatch(/^<svg [^]*review[^]*2 sent[^]*2 asked[^]*<\/svg>$/);
  const nowhere = await sitting.line("simulate", "review", period, "--picture", join(sitting.folder, "no/where.svg"));
  expect(nowhere).toMatchObject({ code: 1, err: expect.stringContaining("The picture can't be written") });
});

it("shows how far it is where somebody looks, and wipes it before the answer", async () => {
  const { err, out } = await sitting.asked("", "simulate", "review", period);
  expect(err).toMatch(/\[#+ *\] \d+ % 2026-1[12]-\d\d/);
  expect(err.endsWith("\r\u001B[K")).toBe(true);
  expect(out).not.toContain("%");
});

describe("what can't be simulated is told with code 1", () => {
  it.each<[string[], string]>([
    [["reviw"], "There is no flow reviw. Did you mean review?"],
    [["meet"], "meet has no schedule that a period could let fire; it is started by hand. npx revops test runs it"],
    [["meet", "30d", "--customer", "acme"], "meet isn't about a customer."],
    [["review", "30d", "--customer", "acmee"], "There is no customer acmee."],
    [["review", "2026-12-05"], "review doesn't fire in this period"],
  ])("%j", async (args, sentence) => {
    const { code, err } = await sitting.line("simulate", ...args);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(sentence) });
  });

  it("a flow whose file is broken, with its problems", async () => {
    await writeFile(
      join(sitting.folder, "flows/broken.yml"),
      'flow_id: broken\nversion: "1.0"\nsteps:\n  - { id: a, tpe: wait }\n',
    );
    const { code, err } = await oneLine({
      args: ["simulate", "broken"],
      environment: sitting.environment,
      answer: null,
    });
    expect(code).toBe(1);
    expect(err).toMatch(/^broken can't be simulated: its file has problems\.\n[^]*broken\.yml:4:\d+: .*tpe/);
  });
});
