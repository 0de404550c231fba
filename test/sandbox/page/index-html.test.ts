import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const PAGE = new URL("../../../src/sandbox/page/", import.meta.url);

/** Every module that main.ts leads to, itself included. */
function modules(): string[] {
  const found = new Set(["main.ts"]);
  for (const name of found) {
    const source = readFileSync(new URL(name, PAGE), "utf8");
    for (const match of source.matchAll(/^(?:import|export) (?!type\b)[^;]*?from "\.\/([\w-]+\.ts)";/gm)) {
      if (match[1] !== undefined) found.add(match[1]);
    }
  }
  return Array.from(found).toSorted();
}

test("does the browser fetch every module at once, rather than find them one behind the other?", () => {
  const html = readFileSync(new URL("index.html", PAGE), "utf8");
  const preloaded = Array.from(
    html.matchAll(/rel="modulepreload" href="\/page\/([\w-]+\.ts)"/g),
    (match) => match[1] ?? "",
  );
  expect(preloaded.toSorted()).toEqual(modules());
});

test("is every module of the page used?", () => {
  const typesOnly = ["block-context.ts", "control.ts"];
  const files = readdirSync(PAGE).filter((name) => name.endsWith(".ts"));
  expect(files.filter((name) => !typesOnly.includes(name)).toSorted()).toEqual(modules());
});
