/**
 * Test files beside flows, run each in its own way: `NAME.test.yml` and test classes here, what belongs to a runner (`node:test`,
 * vitest) by that runner.
 */
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Problem } from "../../flow/flow-file/problem.ts";
import type { Coverage } from "../../testing/flow-coverage.ts";
import { classTests } from "../../testing/test-classes.ts";
import { flowBeside } from "../../testing/test-file/flow-beside.ts";
import { runTestFile, type TestOutcome } from "../../testing/test-file/run.ts";

export interface FileOutcome {
  file: string;
  tests: TestOutcome[];
  /** Of the file as a whole. */
  problems: Problem[];
}

export async function runFile({ file, coverage }: { file: string; coverage: Coverage }): Promise<FileOutcome> {
  try {
    const text = await readFile(file, "utf8");
    if (!file.endsWith(".ts")) return { file, ...(await runTestFile({ file, text, coverage })) };
    const runner = runnerOf(text);
    return runner === null ? await runClasses(file, coverage) : await runByRunner(file, runner);
  } catch (error) {
    return { file, tests: [], problems: [problemOf(file, error)] };
  }
}

type Runner = "node:test" | "vitest";

function runnerOf(text: string): Runner | null {
  const found = /^import\b[^;]*?\bfrom\s*["'](node:test|vitest)["']/m.exec(text)?.[1];
  return found === "node:test" || found === "vitest" ? found : null;
}

async function runClasses(file: string, coverage: Coverage): Promise<FileOutcome> {
  const module: unknown = await import(pathToFileURL(resolve(file)).href);
  const exported = typeof module === "object" && module !== null ? { ...module } : {};
  const flows = (await flowBeside(file)) ?? dirname(file);
  const tests = classTests(exported, { flows, coverage });
  if (tests.length === 0) {
    const message = "no test here: export a class that extends FlowTestCase, or import node:test or vitest";
    return { file, tests: [], problems: [{ ...start(file), message }] };
  }
  const outcomes: TestOutcome[] = [];
  for (const { name, run } of tests) {
    const problems = await run().then(
      () => [],
      (error: unknown) => [problemOf(file, error)],
    );
    outcomes.push({ name, problems });
  }
  return { file, tests: outcomes, problems: [] };
}

/** In a process of its own, whose last lines say what is wrong; it counts as one test. */
async function runByRunner(file: string, runner: Runner): Promise<FileOutcome> {
  const path = resolve(file);
  const args = runner === "node:test" ? ["--test", path] : [vitestBin(), "run", "--root", dirname(path), path];
  const { code, output } = await spawned(args);
  const name = runner === "node:test" ? "node --test" : "vitest run";
  const tail = output.trim().split("\n").slice(-longestTail).join("\n");
  return { file, tests: [{ name, problems: code === 0 ? [] : [{ ...start(file), message: tail }] }], problems: [] };
}

const longestTail = 40;

function vitestBin(): string {
  try {
    const packageFile = createRequire(import.meta.url).resolve("vitest/package.json");
    return resolve(dirname(packageFile), "vitest.mjs");
  } catch {
    throw new Error("this test needs vitest, which isn't installed: npm install --save-dev vitest");
  }
}

function spawned(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((done, failed) => {
    // Inside a runner its own variables would make the inner one report to it.
    const { NODE_TEST_CONTEXT: _context, VITEST: _vitest, ...environment } = process.env;
    const child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...environment, NO_COLOR: "1" },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", failed);
    child.on("close", (code) => done({ code, output }));
  });
}

/** At the place in the file where it was thrown. */
function problemOf(file: string, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  const at = stack.split("\n").find((line) => line.includes(pathToFileURL(resolve(file)).pathname)) ?? "";
  const [, line = "1", column = "1"] = /:(\d+):(\d+)\)?$/.exec(at.trim()) ?? [];
  return { ...start(file), line: Number(line), column: Number(column), message };
}

function start(file: string): Problem {
  return { file, line: 1, column: 1, message: "", severity: "error" };
}
