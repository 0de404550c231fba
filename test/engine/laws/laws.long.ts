/** The laws over many flows, in a peaceful world, with deaths, and in each hostile one; each run draws other cases. */
import { expect, test } from "vitest";
import { checkLaws, type Check } from "./check.ts";
import { hostilities, questions } from "./hostilities.ts";
import { Tally } from "./tally.ts";

/** Of each: the rest is left for another day. */
const longestMs = 60_000;

async function many(name: string, check: Omit<Check, "seed">): Promise<number> {
  // A seed of its own for every day: a failure names it.
  const seed = Math.floor(Date.now() / 86_400_000);
  const tally = new Tally();
  const lived = await checkLaws({ ...check, seed, longestMs, onLife: (life) => tally.note(life) });
  console.info(`${name}: ${lived} cases of seed ${seed}, ${tally.words}`);
  expect(tally.executions).toBeGreaterThanOrEqual(lived);
  return tally.effects;
}

test("any flow: every law holds", async () => {
  expect(await many("any flow", { runs: 1_500 })).toBeGreaterThan(0);
});

test("any flow, and it dies: every law holds", async () => {
  expect(await many("deaths", { runs: 1_500, chances: { deaths: true } })).toBeGreaterThan(0);
});

test.for(questions)("$question: every law holds", async ({ name, chances, question }) => {
  const hostility = { name, given: hostilities[name] };
  expect(await many(question, { runs: 200, chances, hostility })).toBeGreaterThan(0);
});
