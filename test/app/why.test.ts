/** Does docs/why.md print what the terminal prints when somebody asks why? */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tokenize } from "../../src/bot/listeners/commands/tokenize.ts";
import { blocks, code, rows, text } from "./page.ts";
import { escaped, patternOf, plainly } from "./page-acts.ts";
import { playScenes, type Scenes } from "./why-scenes.ts";

const page = await text("docs/why.md");

const asked = blocks(page).flatMap(({ kind, body }, index, all) => {
  const [, command = "", note = ""] = /^npx revops (.*?)(?: # (.*))?\n$/.exec(body) ?? [];
  return kind === "sh" ? [{ command, note, said: all[index + 1]?.body ?? "" }] : [];
});

let scenes: Scenes;
beforeAll(async () => {
  scenes = await playScenes();
});
afterAll(() => scenes.close());

it("answers each question by a command, or by words where Slack alone answers", () => {
  const questions = page.split(/^### /m).slice(1);
  expect(questions.length).toBeGreaterThan(12);
  const wordless = questions.filter((question) => !question.includes("```sh\n"));
  expect(wordless.map((question) => question.slice(0, question.indexOf("\n")))).toEqual([
    "Why was my Approve refused?",
  ]);
});

it("asks about every scene that is played", () => {
  expect(
    asked
      .map(({ note }) => note)
      .filter((note) => scenes.executions.has(note))
      .toSorted(),
  ).toEqual([...scenes.executions.keys()].toSorted());
});

it("quotes what a refused click is told, but for an edit, which this flow has none of", () => {
  const quoted = rows(page, "the bot says", "why, and what to do").map(([said]) => code(said));
  const heard = quoted.map((said) => said.replace("approved this", "rejected this").split("…").map(escaped).join(".+"));
  const patterns = heard.map((pattern) => new RegExp(`^${pattern} Nothing changed\\.$`));
  expect(patterns.filter((pattern) => !scenes.refusals.some((message) => pattern.test(message)))).toEqual([
    expect.objectContaining({ source: expect.stringContaining("has edited this since") }),
  ]);
});

describe.each(asked)("npx revops $command # $note", ({ command, note, said }) => {
  it("prints what stands there", async () => {
    const tokens = tokenize(command);
    const words = tokens === "unclosed" ? [] : tokens.map((token) => token.text);
    const args = words.map((word) => (word === "EXECUTION" ? (scenes.executions.get(note) ?? word) : word));
    const { code, out, err } = await scenes.line(args);
    expect({ code, said: plainly(out + err) }).toEqual({
      code: note === "exit code 1" ? 1 : 0,
      said: expect.stringMatching(patternOf(said)),
    });
  });
});

it("what has expired is asked once more by the redrive that the page names", async () => {
  expect(page).toContain("`/revops redrive EXECUTION from ask` asks once more");
  const { code, out } = await scenes.line(["redrive", scenes.executions.get("expired") ?? "", "--from", "ask"]);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/starts again: ask, tell, note\n/) });
});
