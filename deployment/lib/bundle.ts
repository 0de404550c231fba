/** The code of the functions as AWS gets it: one file each, a team's own actions in it, and beside it what the code reads. */
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { BuildFailure } from "esbuild";
import { type Bundles, bundleFunctions as bundled } from "../../scripts/lambda/bundle.ts";
import { DeployError } from "../../src/app/deployment/deploy-error.ts";
import { ignoreMissing } from "./ignore-missing.ts";

/** A team's own, of the project's folder, where the code looks for it at run time; each may be missing. */
export const readByFunctions = ["templates", "models", "revops.yml"] as const;
const entries = { actions: "deployment/lambda/actions.ts", effects: "deployment/lambda/effects.ts" };

/** `root`: the project's folder. Rejects with a `DeployError`: file, line and column, then esbuild's own words. */
export async function bundleFunctions({ root, into }: { root: string; into: string }): Promise<Bundles> {
  try {
    const bundles = await bundled({ root, into, entries });
    for (const folder of Object.values(bundles))
      for (const file of readByFunctions)
        await cp(join(root, file), join(folder, file), { recursive: true }).catch(ignoreMissing);
    return bundles;
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    throw new DeployError(
      error.errors.map(({ text, location }) =>
        location === null ? text : `${location.file}:${location.line}:${location.column + 1}: ${text}`,
      ),
    );
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && "errors" in error && Array.isArray(error.errors);
}
