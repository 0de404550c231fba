/** A sample of the laws over any flow; laws.long.ts has many. */
import { expect, test } from "vitest";
import { checkLaws } from "./check.ts";
import { Tally } from "./tally.ts";

test("any flow, whatever people and time do to it: every law holds", async () => {
  const tally = new Tally();
  await checkLaws({ runs: 15, seed: 21, onLife: (life) => tally.note(life) });
  expect(tally.executions).toBeGreaterThan(0);
  expect(tally.effects).toBeGreaterThan(0);
  expect(tally.observed).toBeGreaterThan(0);
});

test("any flow, and it dies at any write, effect or card: every law holds", async () => {
  const tally = new Tally();
  await checkLaws({ runs: 15, seed: 22, chances: { deaths: true }, onLife: (life) => tally.note(life) });
  expect(tally.deaths).toBeGreaterThan(0);
  expect(tally.events.get("taken_over") ?? 0).toBeGreaterThan(0);
});
