import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../../../src/bot/listeners/commands/command-line.ts";

const run = (flowId: string, customer: string | null = null, input: Record<string, string> = {}) => ({
  kind: "run",
  flowId,
  customer,
  input,
});

describe("what was typed is understood", () => {
  test.each([
    ["run renewal_management", run("renewal_management")],
    ["  RUN   Renewal_Management  ", run("renewal_management")],
    ["run renewal_management Acme Robotics", run("renewal_management", "Acme Robotics")],
    ["run renewal_management    Acme \t  Robotics", run("renewal_management", "Acme Robotics")],
    ['run renewal_management "Acme  Robotics"', run("renewal_management", "Acme  Robotics")],
    ["run renewal_management “Acme Robotics”", run("renewal_management", "Acme Robotics")],
    ["run renewal_management 'Acme Robotics'", run("renewal_management", "Acme Robotics")],
    ["run renewal_management O'Brien & Sons", run("renewal_management", "O'Brien & Sons")],
    ["run renewal_management O’Brien &amp; Sons", run("renewal_management", "O’Brien & Sons")],
    ["run renewal_management &lt;!channel&gt;", run("renewal_management", "<!channel>")],
    ["run f x note=“call first” day=2026-12-04", run("f", "x", { note: "call first", day: "2026-12-04" })],
    ["run f note='call first' Acme Robotics", run("f", "Acme Robotics", { note: "call first" })],
    ['run f x note=""', run("f", "x", { note: "" })],
    ["run f x formula=a==b", run("f", "x", { formula: "a==b" })],
    ['run f "Acme=Co"', run("f", "Acme=Co")],
    ["run f x constructor=1", run("f", "x", { constructor: "1" })],
    ["status", { kind: "status", subject: null }],
    ["Status Acme Robotics", { kind: "status", subject: "Acme Robotics" }],
    ["flows", { kind: "flows", flowId: null }],
    ["flows Renewal_Management", { kind: "flows", flowId: "renewal_management" }],
    ["pause Renewal_Management", { kind: "pause", flowId: "renewal_management" }],
    ["RESUME renewal_management", { kind: "resume", flowId: "renewal_management" }],
    ["abort 0Exec-1", { kind: "abort", executionId: "0Exec-1", compensate: false }],
    ["abort 0Exec-1 Compensate", { kind: "abort", executionId: "0Exec-1", compensate: true }],
    ["redrive 0Exec-1", { kind: "redrive", executionId: "0Exec-1", from: null, input: {} }],
    ["redrive e from send_mail", { kind: "redrive", executionId: "e", from: "send_mail", input: {} }],
    [
      "redrive e note=“call first” FROM Send_Mail seats=5",
      { kind: "redrive", executionId: "e", from: "send_mail", input: { note: "call first", seats: "5" } },
    ],
    ["approvals", { kind: "approvals" }],
    ["help RUN", { kind: "help", topic: "run" }],
    ["", { kind: "help", topic: null }],
    [" \u00a0 ", { kind: "help", topic: null }],
  ])("%j", (text, expected) => {
    expect(parseCommandLine(text)).toEqual(expected);
  });

  test("links that Slack made of a name are the name again", () => {
    expect(parseCommandLine("run f <http://acme.com|acme.com>")).toEqual(run("f", "acme.com"));
    expect(parseCommandLine("run f x to=<mailto:a@b.example|a@b.example>")).toEqual(
      run("f", "x", { to: "a@b.example" }),
    );
  });

  test("an escape that was typed as such is undone once, not twice", () => {
    expect(parseCommandLine("run f &amp;lt;b&amp;gt;")).toEqual(run("f", "&lt;b&gt;"));
  });
});

describe("a slip of the finger gets the nearest right word", () => {
  test.each([
    ["rnu renewal_management", "run"],
    ["stauts", "status"],
    ["flow", "flows"],
    ["puase", "pause"],
    ["abrot", "abort"],
    ["redirve", "redrive"],
    ["Aprovals", "approvals"],
  ])("%j → %s", (text, suggestion) => {
    expect(parseCommandLine(text)).toMatchObject({ kind: "unknown", suggestion });
  });

  test("a word that is far from all gets no guess", () => {
    expect(parseCommandLine("xylophone")).toEqual({ kind: "unknown", word: "xylophone", suggestion: null });
  });

  test("the doctor takes nothing behind it", () => {
    expect(parseCommandLine("Doctor")).toEqual({ kind: "doctor" });
    expect(parseCommandLine("doctor acme")).toMatchObject({ kind: "problem" });
    expect(parseCommandLine("docto")).toMatchObject({ kind: "unknown", suggestion: "doctor" });
  });

  test("a flow to simulate, with its period, and what is assumed", () => {
    const usual = { kind: "simulate", flowId: "renewal_management", assumed: "approve", customer: null };
    expect(parseCommandLine("Simulate renewal_management")).toEqual({ ...usual, period: null });
    expect(parseCommandLine("simulate renewal_management 2026-11-01 .. 2026-12-31 approvals=Expire")).toEqual({
      ...usual,
      period: "2026-11-01 .. 2026-12-31",
      assumed: "expire",
    });
    expect(parseCommandLine('simulate renewal_management 90d customer="Acme Robotics"')).toEqual({
      ...usual,
      period: "90d",
      customer: "Acme Robotics",
    });
  });
});

describe("a line that can't be meant says how it is written", () => {
  test.each([
    ["simulate", "Which flow? /revops simulate FLOW [PERIOD]"],
    ["simulate f aprovals=reject", "Did you mean approvals=…?"],
    ["simulate f approvals=maybe", "“approvals” is one of approve, reject, expire, not “maybe”."],
    ["run", "/revops run FLOW [CUSTOMER] [name=value …]"],
    ["run a=b", "Which flow?"],
    ["run f x =value", "“=value”"],
    ["run f x name=", 'name=""'],
    ["run f x 1st=2", "“1st=2”"],
    ["run f x __proto__=2", "“__proto__=2”"],
    ["run f x name = value", "“=”"],
    ["run f x a=1 a=2", "twice"],
    ['run f "Acme', "not closed"],
    ["flows now then", "/revops flows"],
    ["pause", "Which flow? /revops pause FLOW"],
    ["pause one two", "takes one flow"],
    ["resume", "Which flow? /revops resume FLOW"],
    ["abort", "Which execution? /revops abort EXECUTION [compensate]"],
    ["abort exec-1 compnesate", "Did you mean “compensate”?"],
    ["abort exec-1 now", "takes an execution"],
    ["abort Acme Robotics", "named by its id"],
    ["abort exec-1 compensate now", "takes an execution"],
    ["redrive", "Which execution?"],
    ["redrive note=x", "Which execution?"],
    ["redrive e from", "From which step?"],
    ["redrive e send_mail", "“from STEP”"],
    ["redrive e from a b", "“from STEP”"],
    ["redrive e note", "“from STEP”"],
    ["redrive e note=", "note=VALUE"],
    ["redrive e Note=x", "/revops redrive EXECUTION"],
  ])("%j", (text, part) => {
    const line = parseCommandLine(text);
    expect(line.kind).toBe("problem");
    expect(line.kind === "problem" && line.message).toContain(part);
  });
});

describe("laws", () => {
  const name = fc
    .array(fc.constantFrom("a", "b", "Ä", "ß", "9", ".", "&", "-"), { minLength: 1, maxLength: 12 })
    .map((characters) => characters.join(""));

  test("no text makes it throw", () => {
    const anything = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.string(),
      fc.string().map((text) => `run f ${text}`),
    );
    fc.assert(
      fc.property(anything, (text) => {
        expect(parseCommandLine(text).kind).toMatch(/^[a-z]+$/);
      }),
    );
  });

  test("any name in double quotes comes back as it was, spaces and all", () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), fc.constantFrom(" ", "  ", " = "), (words, gap) => {
        const customer = words.join(gap);
        const typed = customer.replaceAll("&", "&amp;");
        expect(parseCommandLine(`run f "${typed}"`)).toEqual(run("f", customer));
      }),
    );
  });

  test("values come back by their names, wherever they stand", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("a", "b_2", "note"), name), name, (input, customer) => {
        const pairs = Object.entries(input).map(([key, value]) => `${key}=${value.replaceAll("&", "&amp;")}`);
        const typed = customer.replaceAll("&", "&amp;");
        expect(parseCommandLine(["run f", ...pairs, typed].join(" "))).toEqual(run("f", customer, { ...input }));
        expect(parseCommandLine(["run f", typed, ...pairs].join(" "))).toEqual(run("f", customer, { ...input }));
      }),
    );
  });
});
