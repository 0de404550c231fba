/**
 * The deployment's own process, since it has packages of its own. `npx revops deploy` runs it and reads its one line, JSON
 * (src/app/deployment/plan.ts). AWS isn't asked anything here.
 *
 * synth [SETTINGS]: makes the templates, in cdk.out, and says what they would change.
 * deployed NAME: remembers what cdk.out holds as deployed, for the next plan.
 */
import { join } from "node:path";
import type { Told } from "../src/app/deployment/plan.ts";
import { assemble } from "./lib/assemble.ts";
import { deployedBefore, rememberDeployed } from "./lib/deployed-before.ts";
import { planOf } from "./lib/plan.ts";
import { DeploymentProblem } from "./lib/problem.ts";
import { readSettingsFile } from "./lib/settings.ts";

const root = join(import.meta.dirname, "..");
const made = join(import.meta.dirname, "cdk.out");

async function told(): Promise<Told> {
  const [verb, given] = process.argv.slice(2);
  if (verb === "deployed" && given !== undefined) {
    await rememberDeployed({ root, name: given, made, at: new Date().toISOString() });
    return { ok: true, plan: null };
  }
  if (verb !== "synth") return { ok: false, problems: ["node deployment/main.ts synth [SETTINGS] | deployed NAME"] };
  const file = given ?? join(root, "deployment.yml");
  const settings = await readSettingsFile({ file, isNamed: given !== undefined });
  const { flows, templates } = await assemble({ root, settings, into: made });
  const before = await deployedBefore({ root, name: settings.name });
  return { ok: true, plan: planOf({ settings, flows, templates, before }) };
}

try {
  const answer = await told();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (!answer.ok) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof DeploymentProblem)) throw error;
  process.stdout.write(`${JSON.stringify({ ok: false, problems: [...error.sentences] } satisfies Told)}\n`);
  process.exitCode = 1;
}
