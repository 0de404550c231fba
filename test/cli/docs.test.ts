/** Is docs/terminal.md the terminal as it is: each command, usage, option, document and example? */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Command } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { blocks, code, root, rows, text } from "../app/page.ts";
import { historyText } from "../agents/local/model/history-process.ts";
import { testExamples } from "./examples.ts";
import { sitDown, type Line, type Sitting } from "./terminal-line.ts";

const page = await text("docs/terminal.md");
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

function sectionOf({ word }: Command): string {
  return sections.get(word) ?? "";
}

it("has a section for each command, in the order of help", () => {
  expect([...sections.keys()]).toEqual(commands.map(({ word }) => word));
});

describe.each(commands)("the section on $word", (command) => {
  const section = sectionOf(command);

  it("has its usage", () => {
    const [usage] = blocks(section).filter(({ kind }) => kind === "text");
    expect(usage?.body.trimEnd().split("\n")).toEqual(command.usage.map((line) => `npx revops ${line}`));
  });

  it("has its options and no others", () => {
    const options = Object.entries(command.options).map(([name, { value, about }]) => [
      `--${name} ${value}`.trim(),
      about,
    ]);
    expect(rows(section, "option", "meaning").map(([option, about]) => [code(option), about])).toEqual(options);
  });
});

let sitting: Sitting;
beforeAll(async () => {
  sitting = await sitDown();
});
afterAll(() => sitting.close());

// Those that take seconds each: `examples.long.ts`.
testExamples("short");

/** Of each command lines whose documents show all that the page says of them. */
const documents: [string, () => Promise<Line[]>][] = [
  ["run", () => lines(["run", "meet", "at=2100-01-01T00:00:00Z"], ["run", "review"])],
  ["status", () => lines(["status"])],
  ["explain", async () => lines(["explain", await anExecution()])],
  ["history", async () => lines(["history", await anExecution()], ["history"])],
  ["replay", async () => lines(["replay", await anExecution()])],
  ["metrics", () => lines(["metrics"])],
  ["approvals", () => lines(["approvals"])],
  ["cases", () => lines(["cases"])],
  ["flows", () => lines(["flows"], ["flows", "review"])],
  ["graph", async () => lines(["graph", "review"], ["graph", await anExecution()])],
  ["compile", () => lines(["compile", join(sitting.folder, "flows/review.yml")])],
  ["new", () => lines(["new", "flow", "from_the_page"])],
  ["validate", () => lines(["validate"])],
  ["test", () => lines(["test", join(root, "flows/standard/renewal_management.test.yml")])],
  ["next", () => lines(["next", "review"])],
  ["simulate", () => lines(["simulate", "review", "2026-11-30"])],
  ["customers", () => lines(["customers"])],
  ["customer", () => lines(["customer", "Acme", "Robotics"])],
  ["template", () => lines(["template", "list"], ["template", "preview", "renewal_recommendations", "acme"])],
  ["model", models],
  ["pause", () => lines(["pause", "review"])],
  ["resume", () => lines(["resume", "review"])],
  ["abort", async () => lines(["abort", await anExecution()])],
  ["redrive", () => lines(["redrive", "--flow", "meet", "--yes"])],
  ["doctor", () => lines(["doctor"])],
  ["export", () => lines(["export", "audit"])],
];

async function models(): Promise<Line[]> {
  const [history, empty] = ["renewals.csv", "empty.csv"].map((name) => join(sitting.folder, name));
  await writeFile(history ?? "", historyText({ seed: 1, customers: 40, hardship: 1 }));
  await writeFile(empty ?? "", "");
  return lines(
    ["model", "backtest", "--history", history ?? ""],
    ["model", "backtest", "--history", empty ?? ""],
    ["model", "fit", "--history", history ?? ""],
    ["model", "alarms"],
  );
}

async function lines(...asked: string[][]): Promise<Line[]> {
  return Promise.all(asked.map((args) => sitting.line(...args, "--json")));
}

async function anExecution(): Promise<string> {
  const started = await sitting.json("run", "meet", "at=2100-01-01T00:00:00Z", "--key", "docs");
  return z.object({ execution_id: z.string() }).parse(started).execution_id;
}

it.each(documents)("the document of %s has the keys that the page gives", async (word, ask) => {
  const promised = [...(sections.get(word) ?? "").matchAll(/`\{ ([a-z_, ]+) \}`/g)].map(([, keys = ""]) => keys);
  for (const { out } of await ask()) {
    const keys = Object.keys(z.record(z.string(), z.unknown()).parse(JSON.parse(out)));
    expect(promised).toContain(keys.join(", "));
  }
});

it("each command's document is held to the page, but for those that need another version or AWS", () => {
  const held = new Set(documents.map(([word]) => word));
  expect(commands.map(({ word }) => word).filter((word) => !held.has(word))).toEqual(["deploy"]);
});
