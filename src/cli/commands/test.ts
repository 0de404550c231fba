/** `test`: the tests beside flows, and what of the flows they cover. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { FlowCoverage } from "../../testing/flow-coverage.ts";
import type { Answer, Call, Command } from "../command.ts";
import { CommandError } from "../errors.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";
import type { FileOutcome } from "../test/run-files.ts";

export const test: Command = {
  word: "test",
  usage: ["test [FOLDER|FILE …]"],
  purpose: "runs the tests beside flows, NAME.test.yml and NAME.test.ts, and says what they cover",
  options: {},
  notes: [
    "Without a word behind it, those of the folders of flows. Nothing is sent and no store is opened: docs/testing.md says how such tests are written.",
  ],
  examples: [
    { line: "test", about: "all that stand beside the flows" },
    { line: "test flows/standard/renewal_management.test.yml", about: "one file" },
    { line: "test flows/standard --json", about: "a folder's, for a program" },
  ],
  run: async (call) => {
    const [{ Coverage }, { runFile }] = await Promise.all([
      import("../../testing/flow-coverage.ts"),
      import("../test/run-files.ts"),
    ]);
    const coverage = new Coverage();
    const outcomes: FileOutcome[] = [];
    for (const file of await filesOf(call)) outcomes.push(await runFile({ file, coverage }));
    return answer(outcomes, coverage.flows());
  },
};

/** Throws `CommandError` where there is nothing to run: no test has passed then. */
async function filesOf({ words, terminal }: Call): Promise<string[]> {
  const { terminalSettings } = await import("../settings.ts");
  const asked = words.length === 0 ? terminalSettings(terminal.environment).flowFolders : words;
  const found = await Promise.all(asked.map(testFiles));
  const files = [...new Set(found.flat())];
  if (files.length > 0) return files;
  throw new CommandError([`No NAME.test.yml and no NAME.test.ts stands in ${asked.map(plain).join(", ")}.`]);
}

async function testFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new CommandError([`There is no file and no folder ${plain(path)}.`]);
  if (!found.isDirectory()) {
    if (isTestFile(path)) return [path];
    throw new CommandError([`${plain(path)} is no test: its name must end with .test.yml, .test.yaml or .test.ts.`]);
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isTestFile(entry.name));
  return files.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

function isTestFile(name: string): boolean {
  return /\.test\.(?:ya?ml|ts)$/.test(name);
}

function answer(outcomes: readonly FileOutcome[], flows: readonly FlowCoverage[]): Answer {
  const tests = outcomes.flatMap(({ file, tests }) => tests.map((one) => ({ file, ...one })));
  const failed = tests.filter(({ problems }) => problems.length > 0).length;
  const broken = outcomes.flatMap(({ problems }) => problems);
  return {
    document: {
      passed: tests.length - failed,
      failed,
      tests: tests.map(({ file, name, problems }) => ({
        file,
        name,
        passed: problems.length === 0,
        problems: problems.map(({ line, column, message }) => ({ file, line, column, message })),
      })),
      problems: broken.map(({ file, line, column, message }) => ({ file, line, column, message })),
      coverage: flows.map(({ flowId, version, steps, paths }) => ({
        flow_id: flowId,
        version,
        steps: { ...steps },
        paths: { ...paths },
      })),
    },
    text: (paper) =>
      [...outcomes.map((outcome) => fileText(paper, outcome)), ...coverageText(paper, flows), sum(tests.length, failed)]
        .filter((part) => part !== "")
        .join("\n\n"),
    isProblem: failed > 0 || broken.length > 0,
  };
}

function fileText(paper: Paper, { file, tests, problems }: FileOutcome): string {
  const lines = tests.flatMap(({ name, problems: found }) => [
    found.length === 0
      ? `  ${paper.mark("green", "passed")}  ${plain(name)}`
      : `  ${paper.mark("red", "failed")}  ${plain(name)}`,
    ...found.map((problem) => `          ${problemText(paper, problem)}`),
  ]);
  return [paper.mark("bold", plain(file)), ...lines, ...problems.map((one) => `  ${problemText(paper, one)}`)].join(
    "\n",
  );
}

function problemText(
  paper: Paper,
  { file, line, column, message }: { file: string; line: number; column: number; message: string },
): string {
  const text = message.split("\n").map(plain).join("\n          ");
  return `${paper.mark("bold", `${plain(file)}:${line}:${column}`)}: ${text}`;
}

function coverageText(paper: Paper, flows: readonly FlowCoverage[]): string[] {
  if (flows.length === 0) return [];
  const rows = flows.map(({ flowId, version, steps, paths }) => [
    `${flowId} ${version}`,
    `${steps.covered} of ${steps.total}`,
    `${paths.covered} of ${paths.total}`,
    paths.missing.join(", "),
  ]);
  return [table(paper, { heads: ["covered", "steps", "paths", "not gone yet"], rows })];
}

function sum(total: number, failed: number): string {
  const tests = total === 1 ? "1 test" : `${total.toLocaleString("en-US")} tests`;
  return `${tests}: ${(total - failed).toLocaleString("en-US")} passed, ${failed.toLocaleString("en-US")} failed.`;
}
