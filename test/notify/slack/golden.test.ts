/**
 * What a reader sees of each surface, as text files that people have read: does it say the same today? After a wanted change:
 * UPDATE_GOLDEN=1 npx vitest run --project unit test/notify/slack/golden.test.ts, then read the difference.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { asRead, type Shown } from "./golden-reader.ts";
import { ofMessage, type Surfaces } from "./golden-facts.ts";
import { surfacesOfText } from "./golden-hostile.ts";
import { executionOfSteps, surfacesOfMany } from "./golden-many.ts";
import { threadOf } from "./golden-thread.ts";
import { hostileTexts } from "./golden-texts.ts";
import { surfacesOfVerbs } from "./golden-verbs.ts";

const folder = join(import.meta.dirname, "golden");
const linesShown = 44;
const lineShown = 200;

function drawn(surfaces: Surfaces): string {
  return Object.entries(surfaces)
    .map(([title, shown]) => `──── ${title}\n${short(asRead(shown))}\n`)
    .join("\n");
}

/** What the file says, once it has been brought up to date where that is asked for. */
async function golden(name: string, today: string): Promise<string> {
  const file = join(folder, `${name}.txt`);
  if (process.env["UPDATE_GOLDEN"] !== undefined) await writeFile(file, today);
  return readFile(file, "utf8");
}

/** The beginning and the end of what is long: files that nobody reads say nothing. */
function short(text: string): string {
  const lines = text.split("\n").map((line) => (line.length > lineShown ? `${line.slice(0, lineShown)} ⋯` : line));
  if (lines.length <= linesShown + 1) return lines.join("\n");
  const left = lines.length - linesShown;
  return [...lines.slice(0, linesShown - 8), `⋯ ${left} lines`, ...lines.slice(-8)].join("\n");
}

function pick(surfaces: Surfaces, names: readonly string[]): Surfaces {
  return Object.fromEntries(names.map((name): [string, Shown] => [name, present(surfaces[name])]));
}

function present(shown: Shown | undefined): Shown {
  if (shown === undefined) throw new Error("there is no such surface");
  return shown;
}

describe("for so many customers", () => {
  test.each([0, 1, 50, 5000])("%i", async (customers) => {
    const surfaces = surfacesOfMany(customers);
    const text = drawn(surfaces);
    expect(text).toBe(await golden(`customers-${customers}`, text));
  });
});

describe("for a customer whose name is", () => {
  const names = ["one character", "4,000 characters", "Hebrew", "emoji", "a call to all"];
  test.each(names)("%s", async (name) => {
    const text = hostileTexts[name] ?? "";
    const thread = threadOf(text);
    const kept = Object.keys(thread).filter((title) => title !== "in the thread" && title !== "expired");
    const rows = pick(surfacesOfText(text), ["status", "home", "edit"]);
    const today = drawn({ ...pick(thread, kept), ...rows });
    expect(today).toBe(await golden(`name-${name.replaceAll(/[^a-z0-9]+/gi, "-")}`, today));
  });
});

describe("the verbs, of so many", () => {
  test.each([0, 1, 50])("%i", async (count) => {
    const text = drawn(surfacesOfVerbs({ count, text: "Acme Robotics" }));
    expect(text).toBe(await golden(`verbs-${count}`, text));
  });
});

describe("the verbs, with a text that is", () => {
  test.each(["4,000 characters", "Hebrew", "a call to all"])("%s", async (name) => {
    const text = drawn(surfacesOfVerbs({ count: 2, text: hostileTexts[name] ?? "" }));
    expect(text).toBe(await golden(`verbs-${name.replaceAll(/[^a-z0-9]+/gi, "-")}`, text));
  });
});

test("for a customer as they mostly are: the card, its thread, the forms", async () => {
  const forms = pick(surfacesOfText("Acme Robotics"), ["review", "edit, loading", "edit", "reject", "notice"]);
  const text = drawn({ ...threadOf("Acme Robotics"), ...forms });
  expect(text).toBe(await golden("acme", text));
});

test("for an execution of 200 steps", async () => {
  const text = drawn({ "execution status": ofMessage(executionOfSteps(200)) });
  expect(text).toBe(await golden("steps-200", text));
});
