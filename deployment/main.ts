/**
 * The deployment's own process, since it has packages of its own. `npx revops deploy` runs it and reads its one line, JSON
 * (src/app/deployment/plan.ts). AWS isn't asked anything here.
 *
 * synth [SETTINGS]: makes the templates, in cdk.out, and says what they would change.
 * deployed NAME: remembers what cdk.out holds as deployed, for the next plan.
 */
import { join, resolve } from "node:path";
import { DeployError } from "../src/app/deployment/deploy-error.ts";
import type { Told } from "../src/app/deployment/plan.ts";
import { compileFlows } from "./lib/compile-flows.ts";
import { deployedBefore, rememberDeployed } from "./lib/deployed-before.ts";
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
  const file = given === undefined ? "deployment.yml" : resolve(given);
  // Templates, models and actions are looked for where the app does.
  process.chdir(root);
  const settings = await readSettingsFile({ file, isNamed: given !== undefined });
  const flows = await compileFlows({ root, settings });
  // The construct library takes a second to load: only once all files are known to be right.
  const [{ assemble }, { planOf }] = await Promise.all([import("./lib/assemble.ts"), import("./lib/plan.ts")]);
  const templates = await assemble({ root, settings, flows, into: made });
  const before = await deployedBefore({ root, name: settings.name });
  return { ok: true, plan: planOf({ settings, flows, templates, before }) };
}

try {
  const answer = await told();
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (!answer.ok) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof DeployError)) throw error;
  process.stdout.write(`${JSON.stringify({ ok: false, problems: [...error.sentences] } satisfies Told)}\n`);
  process.exitCode = 1;
}
