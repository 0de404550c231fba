/** Many cases against the laws; one that breaks a law prints itself as a test, with the numbers that find it again. */
import * as fc from "fast-check";
import { expect } from "vitest";
import type { Case } from "./case.ts";
import { cases, type Chances } from "./cases.ts";
import { liveThrough } from "./laws.ts";
import type { Hostility, Life } from "./life.ts";

export interface Check {
  /** As the test file names it, for the printed test. */
  hostility?: { name: string; given: Hostility };
  chances?: Chances;
  runs: number;
  seed: number;
  path?: string;
  /** Of running and shrinking: what has not been found or made smaller by then is left. */
  longestMs?: number;
  onLife?: (life: Life, lived: Case) => void | Promise<void>;
}

/** How many cases were lived through. */
export async function checkLaws({
  hostility,
  chances,
  runs,
  seed,
  path,
  longestMs = 20_000,
  onLife,
}: Check): Promise<number> {
  let lived = 0;
  const property = fc.asyncProperty(cases(chances), async (one) => {
    lived += 1;
    const { life, problems } = await liveThrough(one, { seed, ...hostility?.given });
    expect(problems.join("\n")).toBe("");
    await onLife?.(life, one);
  });
  const limits = { interruptAfterTimeLimit: longestMs };
  const result = await fc.check(property, { ...limits, numRuns: runs, seed, ...(path === undefined ? {} : { path }) });
  if (!result.failed) return lived;
  const [shrunk] = result.counterexample ?? [];
  const found = `seed ${result.seed}, path "${result.counterexamplePath}", ${result.numShrinks} times shrunk`;
  const cause = result.errorInstance;
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new Error(`${reason}\n\n// ${found}\n${asTest(shrunk, seed, hostility?.name)}`, { cause });
}

/** To be put into named-cases.test.ts as it stands. */
export function asTest(lived: Case | undefined, seed: number, hostility = "none"): string {
  return `test("…", async () => {\n  const lived: Case = ${literal(lived)};\n  expect(await brokenLaws(lived, { ...hostilities.${hostility}, seed: ${seed} })).toEqual([]);\n});`;
}

function literal(value: unknown): string {
  return JSON.stringify(value, null, 1)
    .replace(/"([a-z_]+)":/g, "$1:")
    .replace(/\n\s+/g, " ");
}
