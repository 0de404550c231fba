/** Tables, instants and texts of the terminal, and its colours. */
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { moment, firingMoment, iso, readInstant } from "../../src/cli/moment.ts";
import { createPaper } from "../../src/cli/paper.ts";
import { plain } from "../../src/cli/plain.ts";
import { table } from "../../src/cli/table.ts";
import { oneLine } from "./terminal-line.ts";

const paper = createPaper({ hasColours: false });
const coloured = createPaper({ hasColours: true });

describe("a table", () => {
  it("aligns names of wide and combining letters as a terminal shows them", () => {
    const rows = [
      ["日本航空", "1"],
      ["Cafe\u0301", "20"],
      ["", "300"],
    ];
    expect(table(paper, { heads: ["NAME", "ARR"], rows, right: [1] }).split("\n")).toEqual([
      "NAME      ARR",
      "日本航空    1",
      "Cafe\u0301       20",
      "          300",
    ]);
  });

  it("is as wide with colours as without, and leaves out what is empty throughout", () => {
    const names = ["a", "bcd"];
    const heads = ["ONE", "TWO", "THREE"];
    const bare = table(paper, { heads, rows: names.map((name) => [name, "", "x"]) });
    expect(bare).toBe("ONE  THREE\na    x\nbcd  x");
    const rich = table(coloured, { heads, rows: names.map((name) => [coloured.mark("red", name), "", "x"]) });
    expect(rich).not.toBe(bare);
    expect(stripVTControlCharacters(rich)).toBe(bare);
  });

  it("of no rows is empty", () => {
    expect(table(paper, { heads: ["ONE"], rows: [] })).toBe("");
  });
});

describe("an instant as a person types it", () => {
  it.each<[string, string | null]>([
    ["2026-12-04", "2026-12-03T23:00:00Z"],
    ["2026-12-04T09:00", "2026-12-04T08:00:00Z"],
    ["2026-12-04 09:00:30", "2026-12-04T08:00:30Z"],
    ["2026-12-04T09:00Z", "2026-12-04T09:00:00Z"],
    ["2026-12-04T09:00:00-05:00", "2026-12-04T14:00:00Z"],
    // The hour that the clocks skip is read as the one after it.
    ["2026-03-29T02:30", "2026-03-29T01:30:00Z"],
    ["2026-02-30", null],
    ["2026-12-04T25:00", null],
    ["tomorrow", null],
    ["1765000000", null],
    ["", null],
  ])("%s in Berlin", (text, expected) => {
    expect(readInstant(text, "Europe/Berlin")).toBe(expected === null ? null : Date.parse(expected));
  });
});

it("an instant is written in its zone, for people and for programs", () => {
  const at = Date.parse("2026-12-04T23:30:05.250Z");
  expect(moment(at, "Asia/Kolkata")).toBe("2026-12-05 05:00");
  expect(moment(null, "UTC")).toBe("");
  expect(iso(at, "Asia/Kolkata")).toBe("2026-12-05T05:00:05.250+05:30");
  expect(iso(at - 250, "UTC")).toBe("2026-12-04T23:30:05+00:00");
  expect(firingMoment(at - 250, "America/New_York")).toBe("Fri 2026-12-04 18:30:05 -05:00");
});

describe("text from outside", () => {
  it.each([
    ["\u{1b}[31mred\u{1b}[0m", "\u{fffd}[31mred\u{fffd}[0m"],
    ["two\nlines\tand tabs", "two lines and tabs"],
    ["\u{202e}gpj.exe", "\u{fffd}gpj.exe"],
    ["Café Lumière 日本", "Café Lumière 日本"],
  ])("%j", (text, shown) => {
    expect(plain(text)).toBe(shown);
  });
});

it("colours are for terminals that want them, and never in a document", async () => {
  const asked = { environment: {}, answer: null };
  const plainHelp = await oneLine({ args: ["help"], ...asked });
  const rich = await oneLine({ args: ["help"], ...asked, hasColours: true });
  expect(rich.out).toContain("\u{1b}[1mrun\u{1b}[22m");
  expect(stripVTControlCharacters(rich.out)).toBe(plainHelp.out);
  const document = await oneLine({ args: ["help", "--json"], ...asked, hasColours: true });
  expect(() => void JSON.parse(document.out)).not.toThrow();
  expect(document.out).not.toContain("\u{1b}");
});
