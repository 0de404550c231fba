import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldenFiles, goldenFolder } from "./golden-files.ts";

const files = goldenFiles();

test("a template that changed without anybody having looked: npm run golden writes them anew", () => {
  const kept = readdirSync(goldenFolder).map((name) => [name, readFileSync(join(goldenFolder, name), "utf8")]);
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(kept));
});

test("two syntheses that differ", () => {
  expect([...goldenFiles()]).toEqual([...files]);
});
