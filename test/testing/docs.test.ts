/** Are docs/testing.md's examples true: does the flow load, and does each test beside it pass? */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runFile } from "../../src/cli/test/run-files.ts";
import { Coverage } from "../../src/testing/flow-coverage.ts";
import { blocks, rows, text } from "../app/page.ts";
import { Expectation, TestFile } from "../../src/testing/test-file/schema.ts";

const page = await text("docs/testing.md");

/** Within the repository, where the package knows its own name. */
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, ".docs-"));
  for (const { body } of blocks(page)) {
    const name = /^(?:#|\/\/) flows\/custom\/(\S+)$/m.exec(body)?.[1];
    if (name !== undefined) await writeFile(join(folder, name), body);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("the YAML example passes, each of its tests, and covers all but one way", async () => {
  const coverage = new Coverage();
  const outcome = await runFile({ file: join(folder, "usage_call.test.yml"), coverage });
  expect(outcome.problems).toEqual([]);
  expect(outcome.tests).toEqual([
    { name: "little use is asked about, and told once somebody agrees", problems: [] },
    { name: "nobody answers for three days", problems: [] },
    { name: "much use is nobody's work", problems: [] },
    { name: "of whose use nothing is known nobody is asked", problems: [] },
  ]);
  expect(coverage.flows()[0]?.paths.missing).toEqual(["ask: rejected"]);
});

it("the class passes beside its flow, and a class whose flow is another fails at its line", async () => {
  const file = join(folder, "usage_call.test.ts");
  const passed = await runFile({ file, coverage: new Coverage() });
  expect(passed.tests).toEqual([{ name: "UsageCallTest.testLittleUseIsAskedAbout", problems: [] }]);
  await writeFile(
    join(folder, "other.yml"),
    'flow_id: usage_call\nversion: "1.0"\nsteps: [{ id: ask, type: wait, duration: P1D }]\n',
  );
  const [example] = blocks(page).filter(({ kind }) => kind === "ts");
  await writeFile(join(folder, "other.test.ts"), example?.body ?? "");
  const failed = await runFile({ file: join(folder, "other.test.ts"), coverage: new Coverage() });
  expect(failed.tests).toMatchObject([{ problems: [{ file: join(folder, "other.test.ts"), severity: "error" }] }]);
});

it("a module without a test is told, not passed over", async () => {
  await writeFile(join(folder, "empty.test.ts"), "export const nothing = 1;\n");
  const { tests, problems } = await runFile({ file: join(folder, "empty.test.ts"), coverage: new Coverage() });
  expect(tests).toEqual([]);
  expect(problems[0]?.message).toContain("no test here");
});

/** Of each row's first cell. */
function names(heading: string): string[] {
  const cells = rows(page, heading, "meaning").map(([cell = ""]) => cell);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name));
}

it("each key that a test file may have is in a table", () => {
  expect(names("key of the file").toSorted()).toEqual(Object.keys(TestFile.shape).toSorted());
  expect(names("key of a test").toSorted()).toEqual(Object.keys(TestFile.shape.tests.element.shape).toSorted());
  expect(names("key of `expect`").toSorted()).toEqual(Object.keys(Expectation.shape).toSorted());
});
