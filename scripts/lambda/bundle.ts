/** The two functions as AWS gets them: one file each by esbuild, and beside it what the code reads. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { assetPlaces, copyAssets } from "./assets.ts";
import { ownActions } from "./own-actions.ts";

export const functionNames = ["actions", "effects"] as const;
export type FunctionName = (typeof functionNames)[number];

/** `into` is emptied; gives the bundled file. `entry`: of the project's folder. */
export async function bundleFunction(asked: { root: string; into: string; entry: string }): Promise<string> {
  const { root, into, entry } = asked;
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  const outfile = join(into, "index.mjs");
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    minify: true,
    plugins: [assetPlaces({ root }), ownActions({ root })],
    // Packages in CommonJS ask for Node's own modules this way. pg's native half is never installed.
    external: ["pg-native"],
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "silent",
  });
  await copyAssets({ root, into });
  return outfile;
}
