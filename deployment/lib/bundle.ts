/** The code of the functions as AWS gets it: one file each, beside it what a team has of its own, as in the bot's image. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { bundleFunction, type FunctionName, functionNames } from "../../scripts/lambda/bundle.ts";
import { ignoreMissing } from "./ignore-missing.ts";
import { DeploymentProblem } from "./problem.ts";

/** Folders, each with an `index.mjs`. */
export type Bundles = Record<FunctionName, string>;

/** Of the project's folder; each may be missing. */
export const ownFiles = ["flows", "actions", "templates", "models", "revops.yml"] as const;

/** `root`: the project's folder. Rejects with a `DeploymentProblem` in esbuild's own words, file and line first. */
export async function bundleFunctions({ root, into }: { root: string; into: string }): Promise<Bundles> {
  const bundles: Bundles = { actions: join(into, "actions"), effects: join(into, "effects") };
  for (const name of functionNames) {
    await bundled({ root, into: bundles[name], entry: `deployment/lambda/${name}.ts` });
    for (const file of ownFiles)
      await cp(join(root, file), join(bundles[name], file), { recursive: true }).catch(ignoreMissing);
  }
  return bundles;
}

async function bundled(asked: Parameters<typeof bundleFunction>[0]): Promise<void> {
  try {
    await bundleFunction(asked);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new DeploymentProblem([error.message]);
  }
}
