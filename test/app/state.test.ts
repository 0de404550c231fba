/** What the app loads for its state before it knows where that is. */
import { readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";
import { root } from "./page.ts";

/** Files and packages that are loaded with a file, whatever the settings. */
function loadedWith(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const load = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, words = "", specifier = ""] of text.matchAll(/^(?:im|ex)port\s([^;]*?)\s?(?:from\s)?"([^"]+)";/gm)) {
      if (words.startsWith("type ")) continue;
      if (specifier.startsWith(".")) load(resolve(dirname(file), specifier));
      else packages.add(specifier);
    }
  };
  load(entry);
  return { files, packages };
}

test("Does a start on SQLite wait for the AWS SDK to load?", () => {
  const { files, packages } = loadedWith(resolve(root, "src/app/process.ts"));
  const names = [...files].map((file) => relative(root, file));
  expect(names).toContain("src/state/sqlite/store.ts");
  expect(names.filter((name) => name.startsWith("src/state/dynamodb/"))).toEqual([]);
  expect([...packages].filter((name) => name.startsWith("@aws-sdk/") || name.startsWith("@smithy/"))).toEqual([]);
});

test("Would it be seen if it did?", () => {
  const { packages } = loadedWith(resolve(root, "src/state/dynamodb/dynamodb-state-store.ts"));
  expect([...packages]).toContain("@aws-sdk/client-dynamodb");
});
