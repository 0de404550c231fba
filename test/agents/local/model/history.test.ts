/** Is a bad history refused with every place, and a good one read as it stands? */
import { describe, expect, it } from "vitest";
import { type HistoryTerms, readHistory } from "../../../../src/agents/local/model/history.ts";
import { historyColumns } from "../../../../src/agents/local/model/history-column.ts";
import { blocks, code, rows, text } from "../../../app/page.ts";
import { columns, historyRows, type Row, textOf } from "./history-process.ts";

const terms: HistoryTerms = { today: "2026-11-26", downgradedIsLost: false };

const good: Row = {
  customer: "acme",
  owner: "dana@example.com",
  closed_on: "2026-03-01",
  as_of: "2026-01-01",
  outcome: "churned",
  arr: "84000",
  utilization: "0.41",
  usage_change: "-0.4",
  urgent_tickets: "2",
  oldest_urgent_days: "9",
  open_tickets: "3",
  csat: "3.2",
  champion: "left",
  nps: "-20",
  overdue_days: "0",
  renewal_mode: "by_hand",
};

function problemsOf(text: string): string[] {
  return readHistory(text, terms).problems.map(({ line, column, message }) => `${line}:${column}: ${message}`);
}

/** One row in which some cells are others. */
function problemsWith(cells: Partial<Row>): string[] {
  return problemsOf(textOf([{ ...good, ...cells }]));
}

/** Where a column's cell begins in the good row, so in any row whose cells before it are the same. */
function columnOf(name: keyof Row): number {
  return columns.slice(0, columns.indexOf(name)).reduce((sum, before) => sum + good[before].length + 1, 1);
}

it("reads what is right, by customer and day whatever the order of rows", () => {
  const later = { ...good, closed_on: "2026-09-01", outcome: "renewed", nps: "" };
  const other = { ...good, customer: "beta", champion: "unknown", outcome: "downgraded" };
  const history = readHistory(textOf([other, later, good]), terms);
  expect(history.problems).toEqual([]);
  expect(history.renewals.map(({ customer, closed_on, lost }) => [customer, closed_on, lost])).toEqual([
    ["acme", "2026-03-01", true],
    ["acme", "2026-09-01", false],
    ["beta", "2026-03-01", false],
  ]);
  const [first, second, third] = history.renewals;
  expect(first?.signals.utilization).toEqual({ value: 0.41, outdated: false });
  expect(second?.signals.nps.value).toBeNull();
  expect(third?.signals.champion.value).toBeNull();
  expect(readHistory(textOf([other]), { ...terms, downgradedIsLost: true }).renewals[0]?.lost).toBe(true);
});

it("does with the columns that there are, and says which there aren't", () => {
  const { renewals, problems, absent } = readHistory(
    "outcome,nps,closed_on,customer\nrenewed,5,2026-01-01,acme\n",
    terms,
  );
  expect(problems).toEqual([]);
  expect(renewals[0]).toMatchObject({ customer: "acme", owner: null, arr: null, lost: false });
  expect(absent).toContain("utilization");
  expect(absent).not.toContain("nps");
});

describe("a cell that can't be meant is told with its place", () => {
  it.each<[string, Partial<Row>, string]>([
    [
      "a share in percent",
      { utilization: "41" },
      "is not a number from 0 to 3, written like 1234.5; 41 % is written 0.41",
    ],
    ["a share with its sign", { usage_change: "-40%" }, "; -40 % is written -0.4"],
    ["another scale", { nps: "140" }, 'nps: "140" is not a number from -100 to 100'],
    ["half a ticket", { urgent_tickets: "1.5" }, "is not a whole number from 0 to 10000"],
    ["a decimal comma of a spreadsheet", { csat: "3;2" }, 'csat: "3;2" is not a number from 1 to 5'],
    ["an unknown word", { champion: "gone" }, "is not one of active, left"],
    ["an outcome that nobody knows", { outcome: "lost" }, "is not one of renewed, churned, downgraded"],
    ["no outcome", { outcome: "" }, "outcome: is empty"],
    ["a day that isn't", { closed_on: "2026-02-30" }, "is not a date such as"],
    ["a day to come", { closed_on: "2026-12-24" }, "2026-12-24 is after today, so it isn't closed"],
    [
      "factors of after the decision",
      { as_of: "2026-03-01" },
      "is not before closed_on 2026-03-01: such factors know the outcome",
    ],
    ["fewer open than urgent", { open_tickets: "1" }, "open_tickets: 1 are fewer than the 2 urgent ones among them"],
    ["negative revenue", { arr: "-5" }, 'arr: "-5" is not a number from 0'],
  ])("%s", (_, cells, words) => {
    const name = columns.find((column) => cells[column] !== undefined) ?? "customer";
    const problems = problemsWith(cells);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(words);
    expect(problems[0]?.startsWith(`2:${columnOf(name)}: `)).toBe(true);
  });

  it("all of them at once, in the order of the file", () => {
    const rows = [{ ...good, nps: "x", csat: "9" }, good, { ...good, customer: "" }];
    expect(problemsOf(textOf(rows)).map((problem) => problem.replace(/: .*/, ""))).toEqual([
      `2:${columnOf("csat")}`,
      `2:${columnOf("nps") + "9".length - good.csat.length}`,
      "4:1",
    ]);
  });
});

describe("a file that is no history", () => {
  it.each([
    ["an empty one", "", ["1:1: the file is empty: its first line must name the columns"]],
    [
      "a header alone",
      "customer,closed_on,outcome,nps\n",
      ["1:1: there is no renewal below the header: one row for each closed renewal"],
    ],
    ["a spreadsheet", "PK\u0003\u0004\u0014", ["1:1: this is no text: save the spreadsheet as CSV in UTF-8"]],
    [
      "no factor",
      "customer,closed_on,outcome\nacme,2026-01-01,renewed\n",
      [/^1:1: there is no factor: give at least one of utilization, /],
    ],
    [
      "semicolons",
      "customer;closed_on;outcome;nps\n",
      [
        /^1:1: unknown column/,
        ...["customer", "closed_on", "outcome"].map(
          (name) => new RegExp(`^1:1: the column ${name} is missing .*; columns are separated by commas$`),
        ),
      ],
    ],
    [
      "a slip in a name",
      "customer,closed_on,outcome,utilisation,nps\nacme,2026-01-01,renewed,0.4,3\n",
      ['1:28: unknown column "utilisation": did you mean utilization?'],
    ],
    [
      "a name of its own",
      "customer,closed_on,outcome,nps,zodiac\nacme,2026-01-01,renewed,3,fish\n",
      ['1:32: unknown column "zodiac": leave it out'],
    ],
    [
      "a column twice",
      "customer,closed_on,outcome,nps,nps\nacme,2026-01-01,renewed,3,4\n",
      ["1:32: the column nps is there twice"],
    ],
    [
      "a row that is short",
      "customer,closed_on,outcome,nps\nacme,2026-01-01\n",
      ["2:1: 2 cells where the header has 4"],
    ],
    [
      "a quote that is never closed",
      'customer,closed_on,outcome,nps\n"acme,2026-01-01,renewed,3\n',
      ["2:1: this quote is never closed"],
    ],
  ])("%s", (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(problems[index]).toMatch(words);
  });

  it("the same renewal twice", () => {
    expect(problemsOf(textOf([good, { ...good, outcome: "renewed" }]))).toEqual([
      "3:1: acme, closed on 2026-03-01, is on line 2 already",
    ]);
  });
});

it("docs/models.md has the columns that are read, and an example that reads", async () => {
  const page = await text("docs/models.md");
  const written = rows(page, "column", "meaning").map(([name, about]) => [code(name), about]);
  expect(written).toEqual(historyColumns.map(({ name, about }) => [name, about]));
  const [example] = blocks(page).filter(({ kind }) => kind === "csv");
  expect(readHistory(example?.body ?? "", terms)).toMatchObject({
    problems: [],
    renewals: [{ lost: true }, { lost: false }],
  });
});

it("a file of Windows with its mark is read", () => {
  const text = `\uFEFF${textOf([good])}`;
  expect(readHistory(text, terms)).toMatchObject({ problems: [], renewals: [{ customer: "acme" }] });
});

it("what a process makes is a history", () => {
  for (const kind of ["process", "noise", "leak"] as const) {
    const history = readHistory(textOf(historyRows({ seed: 3, customers: 40, kind, unknown: 0.2 })), terms);
    expect(history.problems).toEqual([]);
    expect(history.renewals.length).toBeGreaterThan(40);
  }
});
