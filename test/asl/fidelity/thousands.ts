/**
 * Half of the ten thousand random flows of the gate. Two files live a half each, so that two processors work on it; a half draws
 * by its own seed, the same flows each time, `FIDELITY_SEED=…` others.
 *
 * - T1. All are lived: no limit of time leaves some out.
 * - T2. No feature that `reach.ts` names stays undrawn.
 * - T3. Every machine passes our own rules and the pinned JSONata parser, as the interpreter takes no other. One in `sampled`, spread
 *   over the draw, also passes asl-validator and AWS's language service, which take longer than the flow itself.
 */
import * as fc from "fast-check";
import { checkDefinitionFully } from "../../stepfunctions/check-definition.ts";
import { flowOf, type Case } from "./case.ts";
import { cases } from "./cases.ts";
import { difference } from "./compare.ts";
import { machineOf } from "./interpreted.ts";
import { Reach } from "./reach.ts";

const usualSeed = 20_783;
export const half = 5_000;
const sampled = 25;

/** How many were alike. Throws at the first that isn't, with the test that shows it. */
export async function livedAlike(which: 1 | 2): Promise<number> {
  const seed = Number(process.env["FIDELITY_SEED"] ?? usualSeed) + which - 1;
  let lived = 0;
  let passed = 0;
  const drawn = new Reach();
  const found = await fc.check(
    fc.asyncProperty(cases, async (played) => {
      const told = await difference(played);
      if (told !== null) throw new Error(`${told}\nexpect(await difference(${JSON.stringify(played)})).toBeNull();`);
      lived += 1;
      drawn.add({ flow: flowOf(played), played });
      if (lived % sampled !== 0) return;
      await checkFully(played);
      passed += 1;
    }),
    { numRuns: half, seed },
  );
  console.info(
    `fidelity: ${lived} flows of seed ${seed}, ${passed} of their machines past both validators; drawn least: ${drawn.rarest()}`,
  );
  if (found.failed) throw found.errorInstance;
  const undrawn = drawn.undrawn();
  if (undrawn.length > 0)
    throw new Error(`No case has ${undrawn.join(", ")}: the draw (cases.ts) has become too narrow.`);
  return lived;
}

async function checkFully(played: Case): Promise<void> {
  const problems = await checkDefinitionFully(machineOf(flowOf(played)));
  if (problems.length > 0) throw new Error(`${problems.join("\n")}\nIt was compiled from ${JSON.stringify(played)}`);
}
