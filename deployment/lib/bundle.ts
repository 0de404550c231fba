/** The code of the functions as AWS gets it: one file each by esbuild, beside it the flows and the configuration they read. */
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { assetPlaces, copyAssets } from "../../scripts/lambda/assets.ts";

/** Folders, each with an `index.mjs`. */
export interface Bundles {
  actions: string;
  effects: string;
}

/** As in the bot's image (bot/Dockerfile). */
const besideTheCode = ["flows", "revops.yml", "templates", "models"];

/** `root`: the project's folder; `into` is emptied. Rejects with esbuild's own words, file and line first. */
export async function bundleFunctions({ root, into }: { root: string; into: string }): Promise<Bundles> {
  const bundles: Bundles = { actions: join(into, "actions"), effects: join(into, "effects") };
  for (const which of ["actions", "effects"] as const) {
    const folder = bundles[which];
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await build({
      entryPoints: [join(root, "deployment/lambda", `${which}.ts`)],
      outfile: join(folder, "index.mjs"),
      absWorkingDir: root,
      bundle: true,
      platform: "node",
      target: "node24",
      format: "esm",
      minify: true,
      sourcemap: false,
      plugins: [assetPlaces({ root })],
      // Packages in CommonJS ask for Node's own modules this way.
      banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
      logLevel: "silent",
    });
    await copyAssets({ root, into: folder });
    for (const file of besideTheCode) await copyIfThere({ from: join(root, file), to: join(folder, file) });
  }
  return bundles;
}

async function copyIfThere({ from, to }: { from: string; to: string }): Promise<void> {
  try {
    await cp(from, to, { recursive: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}
