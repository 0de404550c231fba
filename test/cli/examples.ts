/** The lines that docs/terminal.md and the help give as examples, each of them run for what it says. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tokenize } from "../../src/bot/listeners/commands/tokenize.ts";
import { commands } from "../../src/cli/commands.ts";
import { blocks, root, text } from "../app/page.ts";
import { oneLine, sitDown, type Sitting } from "./terminal-line.ts";

const page = await text("docs/terminal.md");
const examples = [
  ...blocks(page)
    .filter(({ kind }) => kind === "sh")
    .flatMap(({ body }) => body.trimEnd().split("\n")),
  ...commands.flatMap((command) => command.examples.map(({ line }) => `npx revops ${line}`)),
];
const lines = [...new Set(examples.map((example) => example.replace(/ # .*$/, "").replace(/ > \S+$/, "")))];
/** They run whole flows, or compile all of them: seconds each. */
const takesLong = (line: string) => /^npx revops (?:test|simulate|deploy)\b/.test(line);

/** Registers a test for each line. */
export function testExamples(kind: "long" | "short"): void {
  /** A folder where `npm start` has never been, with the standard flows and the sample's customers. */
  let fresh = "";
  let sitting: Sitting;
  beforeAll(async () => {
    fresh = await mkdtemp(join(tmpdir(), "fresh-"));
    sitting = await sitDown();
  });
  afterAll(async () => {
    await sitting.close();
    await rm(fresh, { recursive: true, force: true });
  });

  it.each(lines.filter((line) => takesLong(line) === (kind === "long")))("%s can be meant", async (example) => {
    const tokens = tokenize(example);
    const [npx, revops, ...args] = tokens === "unclosed" ? [] : tokens.map((token) => token.text);
    expect([npx, revops]).toEqual(["npx", "revops"]);
    // A quarter over the sample's customers takes seconds; over three it is meant as well.
    const few = example.includes(" simulate ") ? { REVOPS_CRM: `csv:${join(sitting.folder, "crm")}` } : {};
    const own = example.includes(" new flow ") ? { REVOPS_FLOWS: join(sitting.folder, "flows") } : {};
    const state = `sqlite:${join(fresh, "data/revops.db")}`;
    const environment = { REVOPS_STATE: state, REVOPS_FLOWS: join(root, "flows"), ...few, ...own };
    const folder = example.includes(" new action ") ? ["--folder", join(sitting.folder, "actions")] : [];
    const { code: exit, err } = await oneLine({ args: [...args, ...folder], environment, answer: "no" });
    expect({ exit, err }).not.toMatchObject({ exit: 2 });
  });
}
