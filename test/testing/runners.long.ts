/** The testing framework is bound to no runner: the same class under Node's own and under vitest, and `revops test` runs both. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runFile } from "../../src/cli/test/run-files.ts";
import { Coverage } from "../../src/testing/flow-coverage.ts";
import { blocks, text } from "../app/page.ts";

const root = resolve(import.meta.dirname, "../..");

/** Within the repository, where the package knows its own name. */
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, ".runners-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it("runs under node:test, and its failures fail there", async () => {
  const args = ["--test-reporter=tap", "test/testing/under-node-test.ts"];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => (output += part));
  const code = await new Promise((end) => child.on("close", end));
  expect(output).toMatch(/^ok 1 - little use is a high risk$/m);
  expect(output).toMatch(/^not ok 2 - much use is a high risk$/m);
  expect(code).toBe(1);
});

it("files that belong to node:test or vitest are given to it, and their failures are told", async () => {
  const all = blocks(await text("docs/testing.md"));
  const flow = join(folder, "usage_call.yml");
  await writeFile(flow, all.find(({ body }) => body.startsWith("# flows/custom/usage_call.yml"))?.body ?? "");
  const example = all.find(({ kind }) => kind === "ts runner")?.body ?? "";
  const ofNode = example.replace("flows/custom/usage_call.yml", flow);
  const ofVitest = ofNode
    .replace('import assert from "node:assert/strict";\n', "")
    .replace('import { test } from "node:test";', 'import { expect, test } from "vitest";')
    .replace("void test(", "test(")
    .replace("assert.equal(result.outcome, ", "expect(result.outcome).toBe(");
  for (const [name, body] of [
    ["node", ofNode],
    ["vitest", ofVitest],
  ] as const) {
    const file = join(folder, `${name}.test.ts`);
    await writeFile(file, body);
    expect(await runFile({ file, coverage: new Coverage() })).toMatchObject({
      tests: [{ problems: [] }],
      problems: [],
    });
    await writeFile(file, body.replace("nothing_to_do", "completed"));
    const { tests } = await runFile({ file, coverage: new Coverage() });
    expect(tests[0]?.problems[0]?.message).toMatch(/nothing_to_do/);
  }
});
