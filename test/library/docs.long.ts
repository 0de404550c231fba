/** Do the examples of docs/library.md and docs/tutorial.md type-check? It takes the whole program, so it isn't among the quick tests. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { blocks, root, text } from "../app/page.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(import.meta.dirname, ".docs-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

it("the examples type-check", async () => {
  const pages = await Promise.all(["docs/library.md", "docs/tutorial.md"].map(text));
  const examples = pages.flatMap(blocks).filter(({ kind }) => kind.startsWith("ts"));
  expect(examples.length).toBeGreaterThan(3);
  for (const [index, { body }] of examples.entries()) await writeFile(join(folder, `example_${index}.ts`), body);
  const config = { extends: "../../../tsconfig.json", include: ["*.ts"], exclude: [] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const checked = promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", folder]);
  await expect(checked).resolves.toEqual({ stdout: "", stderr: "" });
});
