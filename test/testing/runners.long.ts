/** The testing framework is bound to no runner: the same class under Node's own. */
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

it("runs under node:test, and its failures fail there", async () => {
  const file = "test/testing/under-node-test.ts";
  const args = ["--test-reporter=tap", file];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const code = await new Promise((end) => child.on("close", end));
  expect(output).toMatch(/^ok 1 - little use is a high risk$/m);
  expect(output).toMatch(/^not ok 2 - much use is a high risk$/m);
  expect(code).toBe(1);
});
