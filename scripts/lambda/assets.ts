/**
 * Files that the code reads beside itself: in a bundle of one file they lie under `assets`, at the place that they have in `src`.
 * Packages that are asked for by `createRequire` are bundled as well.
 */
import { cp, readFile } from "node:fs/promises";
import { extname, join, relative } from "node:path";
import type { Plugin } from "esbuild";

const folder = "assets";
/** Of `src`: what is read at run time. */
const read = ["notify/templates", "agents/local/risk/models", "agents/crm/sample"];

/** `root`: the project's folder. */
export function assetPlaces({ root }: { root: string }): Plugin {
  const source = join(root, "src");
  return {
    name: "places of assets",
    setup: (build) => {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(`${source}/`)) return null;
        const text = await readFile(path, "utf8");
        if (!text.includes("import.meta.")) return null;
        const place = JSON.stringify(`./${folder}/${relative(source, path)}`);
        const url = `new URL(${place}, import.meta.url)`;
        const contents = text
          .replaceAll(/createRequire\(import\.meta\.url\)\(("[^"]+")\)/g, "require($1)")
          .replaceAll(/new URL\(([^,()]+), import\.meta\.url\)/g, `new URL($1, ${url})`)
          .replaceAll(/(?<!, )import\.meta\.url/g, `${url}.href`)
          .replaceAll("import.meta.dirname", `new URL(".", ${url}).pathname`);
        return { contents, loader: "ts" };
      });
    },
  };
}

export async function copyAssets({ root, into }: { root: string; into: string }): Promise<void> {
  for (const place of read) {
    await cp(join(root, "src", place), join(into, folder, place), { recursive: true, filter: isNoCode });
  }
}

function isNoCode(path: string): boolean {
  return extname(path) !== ".ts";
}
