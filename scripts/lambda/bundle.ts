/** The two functions as AWS gets them: one file each by esbuild, and beside it what the code reads. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { assetPlaces, copyAssets } from "./assets.ts";
import { ownActions } from "./own-actions.ts";

export const functionNames = ["actions", "effects"] as const;
export type FunctionName = (typeof functionNames)[number];

/** Folders, each with an `index.mjs`. */
export type Bundles = Record<FunctionName, string>;

/** `into` is emptied; `entries`: of the project's folder. Both at once, as nearly all of their code is the same. */
export async function bundleFunctions(asked: {
  root: string;
  into: string;
  entries: Record<FunctionName, string>;
}): Promise<Bundles> {
  const { root, into, entries } = asked;
  await rm(into, { recursive: true, force: true });
  await mkdir(into, { recursive: true });
  await build({
    entryPoints: Object.fromEntries(functionNames.map((name) => [`${name}/index`, join(root, entries[name])])),
    outdir: into,
    outExtension: { ".js": ".mjs" },
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
  const bundles: Bundles = { actions: join(into, "actions"), effects: join(into, "effects") };
  for (const folder of Object.values(bundles)) await copyAssets({ root, into: folder });
  return bundles;
}
