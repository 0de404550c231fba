/** The laws over many flows, in a peaceful world, with deaths, and in each hostile one; by the same cases unless told otherwise. */
import { expect, test } from "vitest";
import { checkLaws, type Check } from "./check.ts";
import { hostilities, questions } from "./hostilities.ts";
import { Tally } from "./tally.ts";

/** The gate judges the change, not the day's luck; `LAWS_SEED=…` draws other cases. */
const usualSeed = 20_783;
/** Of each: the rest is left for another time. */
const longestMs = 60_000;

async function many(name: string, check: Omit<Check, "seed">): Promise<number> {
  const seed = Number(process.env["LAWS_SEED"] ?? usualSeed);
  const tally = new Tally();
  const lived = await checkLaws({ ...check, seed, longestMs, onLife: (life) => tally.note(life) });
  console.info(`${name}: ${lived} cases of seed ${seed}, ${tally.words}`);
  expect(tally.executions).toBeGreaterThanOrEqual(lived);
  return tally.effects;
}

test("any flow: every law holds", async () => {
  expect(await many("any flow", { runs: 600 })).toBeGreaterThan(0);
});

test("any flow, and it dies: every law holds", async () => {
  expect(await many("deaths", { runs: 1_000, chances: { deaths: true } })).toBeGreaterThan(0);
});

test.for(questions)("$question: every law holds", async ({ name, chances, question }) => {
  const hostility = { name, given: hostilities[name] };
  expect(await many(question, { runs: 200, chances, hostility })).toBeGreaterThan(0);
});
