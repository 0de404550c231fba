/** Is a line that can't be meant refused with code 2, the nearest right word and the usage, without touching the store? */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { oneLine, sitDown, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeAll(async () => {
  sitting = await sitDown();
});
afterAll(() => sitting.close());

const wrong: [string[], string][] = [
  [["stauts"], "There is no command stauts. Did you mean status?"],
  [["xyzzy"], "There is no command xyzzy."],
  [["--limit", "3", "status"], "--limit stands before the command: npx revops COMMAND [options]."],
  [["help", "reedrive"], "There is no command reedrive, so no help on it. Did you mean redrive?"],
  [["help", "run", "status"], "help takes one command: npx revops help [COMMAND]."],
  [["status", "--limt", "3"], "There is no option --limt. Did you mean --limit?"],
  [["status", "-x"], "There is no option -x."],
  [["status", "--limit"], "--limit needs a value: --limit N."],
  [["status", "--limit", "0"], '--limit must be a whole number from 1 to 10,000, not "0".'],
  [["status", "--limit", "2", "--limit", "3"], "--limit is given twice: write it once."],
  [["status", "--json=yes"], "--json takes no value."],
  [
    ["status", "--status", "faild"],
    '--status must be one of running, succeeded, failed, timed_out, aborted, not "faild". Did you mean failed?',
  ],
  [["run"], "Which flow? flows lists them."],
  [
    ["run", "review", "Note=x"],
    '"Note=x" can\'t be read: write name=value without blanks around =, the name in lower case.',
  ],
  [["run", "review", "note=x", "note=y"], '"note" is given twice: write it once.'],
  [["explain"], "This command takes one execution."],
  [["explain", "one", "two"], "This command takes one execution."],
  [["history", "one", "two"], "This command takes one execution or flow."],
  [["history", "--picture", "line.png"], "--picture draws one execution: name it."],
  [["history", "x-1", "--picture", "line.gif"], '--picture must end with .svg or .png, not "line.gif".'],
  [["new"], "This command makes a flow or an action: new flow [FLOW], new action ACTION."],
  [["new", "flow"], "A flow needs an id: new flow quarter_check_in."],
  [["replay"], "This command takes one execution."],
  [["compile"], "This command takes one flow file."],
  [["graph"], "This command takes one flow or execution."],
  [["graph", "review", "--mermaid", "--picture", "a.svg"], "--mermaid is text and --picture is drawn: choose one."],
  [["history", "--limit", "many"], '--limit must be a whole number from 1 to 10,000, not "many".'],
  [["metrics", "one", "two"], "This command takes one flow, or none."],
  [["model", "fits"], "After model comes backtest, fit or alarms. Did you mean fit?"],
  [["model", "fit"], "This command needs --history FILE, a CSV of closed renewals."],
  [["model", "alarms", "--since", "soon"], '--since must be an instant or a day such as 2026-12-01, not "soon".'],
  [
    ["cases", "--status", "opened"],
    '--status must be one of open, snoozed, dismissed, closed, not "opened". Did you mean open?',
  ],
  [["approvals", "mine"], '"mine" is too much: this command takes options only.'],
  [["flows", "--diff"], "--diff needs a flow."],
  [["flows", "review", "1.0"], "Versions stand behind --diff."],
  [["flows", "review", "--diff", "1.0"], "--diff takes two versions, or none."],
  [["next"], "This command needs an expression in quotes, or a flow."],
  [["next", "rate(1 hour)", "--zone", "Mars"], '--zone must be an IANA zone such as Europe/Berlin, not "Mars".'],
  [
    ["next", "rate(1 hour)", "--from", "soon"],
    '--from must be an instant or a day such as 2026-12-04T09:00, not "soon".',
  ],
  [
    ["customers", "--now", "2026-02-30"],
    '--now must be an instant or a day such as 2026-12-04T09:00, not "2026-02-30".',
  ],
  [["customers", "--filter", "true", "--flow", "review"], "--filter and --flow are two filters: give one."],
  [["customer"], "This command needs a customer, by name or id."],
  [["template", "previw"], "A template can be listed or previewed. Did you mean preview?"],
  [["pause"], "This command takes one flow."],
  [["resume", "one", "two"], "This command takes one flow."],
  [["abort"], "Name an execution, or filter: --flow F."],
  [["abort", "one", "two"], "Name one execution; filters such as --batch mean many."],
  [["abort", "one", "--flow", "review"], "An execution is named, so --flow has nothing to choose: give one of them."],
  [["redrive"], "Name an execution, or filter: --flow F."],
  [["redrive", "note=x"], "Name an execution, or filter: --flow F."],
  [
    ["redrive", "one", "--status", "failed"],
    "An execution is named, so --status has nothing to choose: give one of them.",
  ],
  [["redrive", "--flow", "review", "--from", "tell"], "--from and name=value go with one execution."],
  [["export"], "What can be exported is the audit."],
  [["export", "audti"], "What can be exported is the audit. Did you mean audit?"],
  [["deploy", "tabel"], "What can be deployed alone is the state or the table. Did you mean table?"],
  [["deploy", "table", "--plan"], "--plan goes with what lies in deployment/, not with the table alone."],
  [["deploy", "--plan", "--yes"], "--plan deploys nothing, so there is nothing to say --yes to."],
  [["simulate"], "Name a flow."],
  [
    ["simulate", "review", "soon"],
    `"soon" is no period: write 30d, 12w, P30D, 2026-Q4, 2026-12, 2026-12-04 or 2026-11-01..2026-12-31.`,
  ],
  [
    ["simulate", "review", "2026-12-31..2026-11-01"],
    "The period ends (2026-11-01) before it begins (2026-12-31): write the earlier day first.",
  ],
  [
    ["simulate", "review", "--approvals", "aprove"],
    `--approvals must be one of approve, reject, expire, not "aprove". Did you mean approve?`,
  ],
  [["simulate", "review", "--picture", "it.gif"], `--picture must end with .svg or .png, not "it.gif".`],
  [["doctor", "sparks"], "This command takes nothing behind it."],
  [["test", "--jsno"], "There is no option --jsno. Did you mean --json?"],
];

describe("a line that can't be meant", () => {
  it.each(wrong)("%j", async (args, sentence) => {
    const { code, out, err } = await sitting.line(...args);
    expect({ code, out, sentence: err.split("\n")[0] }).toEqual({ code: 2, out: "", sentence });
    const command = commands.find(({ word }) => word === args[0]);
    expect(err).toContain(command === undefined ? sentence : `Usage: npx revops ${command.usage[0] ?? ""}`);
  });

  it("leaves no store behind", () => {
    expect(existsSync(join(sitting.folder, "data"))).toBe(false);
  });

  it("with --json is a document too", async () => {
    const { code, out, err } = await sitting.line("status", "--limt", "3", "--json");
    expect(code).toBe(2);
    expect(err).toContain("There is no option --limt.");
    expect(JSON.parse(out)).toEqual({ error: { message: "There is no option --limt.", suggestion: "--limit" } });
  });
});

it("every command has been given a line that it can't mean, but for validate, which takes any file", () => {
  const tried = new Set(wrong.map(([[word]]) => word));
  expect(commands.map(({ word }) => word).filter((word) => !tried.has(word))).toEqual(["validate"]);
});

describe("what isn't there is told with code 1 and the nearest right name", () => {
  it.each<[string[], RegExp]>([
    [["run", "reviw"], /^There is no flow reviw\. Did you mean review\?\n$/],
    [
      ["run", "review", "Acme Robotix"],
      /^No customer has the id or name “Acme Robotix”\. Did you mean “Acme Robotics”\?\n$/,
    ],
    [
      ["run", "review", "acme", "nte=x"],
      /^review has no input nte\. It takes note, customer_id\. Did you mean note\?\n$/,
    ],
    [["run", "meet"], /^meet needs at: give at=…\.\n$/],
    [["status", "reviw"], /^Nothing is called “reviw”: no execution, flow or customer\. Did you mean review\?\n$/],
    [["explain", "1m8c6n5n1-c66851fdd04a"], /^There is no execution 1m8c6n5n1-c66851fdd04a\.\n$/],
    [["history", "reviw"], /^There is no execution reviw\./],
    [
      ["metrics", "reviw"],
      /^There is no flow reviw, and there never was an execution of it\. Did you mean review\?\n$/,
    ],
    [["flows", "reviw"], /^There is no flow reviw, and never was\. Did you mean review\?\n$/],
    [["next", "reviw"], /^There is no flow reviw\. Did you mean review\?\n$/],
    [["customers", "Acme Robotix"], /^No customer has the id or name “Acme Robotix”\. Did you mean Acme Robotics\?\n$/],
    [["customer", "Acme Robotix"], /^No customer has the id or name “Acme Robotix”\. Did you mean “Acme Robotics”/],
    [["customers", "--flow", "meet"], /^meet has no filter\.\n$/],
    [["pause", "reviw"], /^There is no flow reviw\. Did you mean review\?\n$/],
    [["resume", "reviw"], /^There is no flow reviw\. Did you mean review\?\n$/],
    [["abort", "1m8c6n5n1-c66851fdd04a"], /^There is no execution 1m8c6n5n1-c66851fdd04a\.\n$/],
    [["redrive", "1m8c6n5n1-c66851fdd04a"], /^There is no execution 1m8c6n5n1-c66851fdd04a\.\n$/],
    [["deploy", "table"], /^REVOPS_STATE names no DynamoDB table\. /],
  ])("%j", async (args, sentence) => {
    const { code, out, err } = await sitting.line(...args);
    expect({ code, out, err }).toEqual({ code: 1, out: "", err: expect.stringMatching(sentence) });
  });
});

it("settings that can't be meant are told all at once, and no secret with them", async () => {
  const environment = { REVOPS_STATE: "postgres://user:hunter2@host", REVOPS_TIMEZONE: "Mars", REVOPS_CRN: "x" };
  const { code, err } = await oneLine({ args: ["status"], environment, answer: null });
  expect(code).toBe(1);
  expect(
    err
      .trimEnd()
      .split("\n")
      .map((line) => line.split(" ")[0]),
  ).toEqual(["REVOPS_STATE", "REVOPS_TIMEZONE", "REVOPS_CRN"]);
  expect(err).not.toContain("hunter2");
});

it("a name in a sentence doesn't move the cursor either", async () => {
  await writeFile(join(sitting.folder, "crm/customers.csv"), "id,name\nevil,\u{1b}[2JEvil\n");
  const { err } = await sitting.line("run", "review", "evill");
  expect(err).toContain("Did you mean");
  expect(err).not.toContain("\u{1b}");
});

it("a database that is none is told in a sentence", async () => {
  const environment = { ...sitting.environment, REVOPS_STATE: `sqlite:${join(sitting.folder, "crm/customers.csv")}` };
  const { code, out, err } = await oneLine({ args: ["status"], environment, answer: null });
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toContain("customers.csv");
  expect(err).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
});

describe("help", () => {
  it("lists every command, alone or with --help", async () => {
    const { code, out } = await sitting.line();
    expect(code).toBe(0);
    const listed = out.split("\n").flatMap((line) => /^ {2}(\S+) +(.+)$/.exec(line)?.slice(1, 3) ?? []);
    expect(listed).toEqual(commands.flatMap(({ word, purpose }) => [word, purpose]));
    expect((await sitting.line("--help")).out).toBe(out);
    expect((await sitting.line("help")).out).toBe(out);
  });

  it.each(commands.map(({ word }) => word))("on %s has its usage, options and an example", async (word) => {
    const command = commands.find((one) => one.word === word);
    const { code, out } = await sitting.line("help", word);
    expect(code).toBe(0);
    for (const usage of command?.usage ?? []) expect(out).toContain(`npx revops ${usage}`);
    for (const name of Object.keys(command?.options ?? {})) expect(out).toContain(`--${name}`);
    expect(out).toContain(`npx revops ${command?.examples[0]?.line ?? "?"}`);
    expect((await sitting.line(word, "--help")).out).toBe(out);
    expect(await sitting.json("help", word)).toMatchObject({ command: word, usage: command?.usage });
  });
});
