/** A sample of the laws in each hostile world; laws.long.ts has many. */
import { expect, test } from "vitest";
import { checkLaws } from "./check.ts";
import { hostilities, questions } from "./hostilities.ts";
import { Tally } from "./tally.ts";

test.for(questions)("$question: every law holds", async ({ name, chances }) => {
  const tally = new Tally();
  const hostility = { name, given: hostilities[name] };
  await checkLaws({ hostility, chances, runs: 5, seed: 23, onLife: (life) => tally.note(life) });
  expect(tally.executions).toBeGreaterThan(0);
  expect(tally.effects).toBeGreaterThan(0);
});
