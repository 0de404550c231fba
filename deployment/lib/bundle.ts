/** The code of the functions as AWS gets it: one file each, a team's own actions in it, and beside it what the code reads. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { BuildFailure } from "esbuild";
import { bundleFunction, type FunctionName, functionNames } from "../../scripts/lambda/bundle.ts";
import { ignoreMissing } from "./ignore-missing.ts";
import { DeploymentProblem } from "./problem.ts";

/** Folders, each with an `index.mjs`. */
export type Bundles = Record<FunctionName, string>;

/** A team's own, of the project's folder, where the code looks for it at run time; each may be missing. */
export const readByFunctions = ["templates", "models", "revops.yml"] as const;

/** `root`: the project's folder. Rejects with a `DeploymentProblem`: file, line and column, then esbuild's own words. */
export async function bundleFunctions({ root, into }: { root: string; into: string }): Promise<Bundles> {
  const bundles: Bundles = { actions: join(into, "actions"), effects: join(into, "effects") };
  for (const name of functionNames) {
    await bundled({ root, into: bundles[name], entry: `deployment/lambda/${name}.ts` });
    for (const file of readByFunctions)
      await cp(join(root, file), join(bundles[name], file), { recursive: true }).catch(ignoreMissing);
  }
  return bundles;
}

async function bundled(asked: Parameters<typeof bundleFunction>[0]): Promise<void> {
  try {
    await bundleFunction(asked);
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new DeploymentProblem(
      error.errors.map(({ text, location }) =>
        location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
      ),
    );
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
