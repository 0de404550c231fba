/**
 * Actions of one's own in a function's bundle: the files of the folder `actions`, in the place of the empty list in `src`.
 *
 * A file is read as TypeScript and becomes a part of one large file, so what it looks for beside itself isn't there: that is
 * refused here, at its place, and not found out by the first request.
 */
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { PartialMessage, Plugin } from "esbuild";
import { actionFiles, ownActionsFolder } from "../../src/agents/own/own-actions.ts";

/** `root`: the project's folder, the working directory of the build. */
export function ownActions({ root }: { root: string }): Plugin {
  const list = join(root, "src/app/lambda/own-modules.ts");
  const own = `${join(root, ownActionsFolder)}/`;
  return {
    name: "actions of one's own",
    setup: (build) => {
      build.initialOptions.metafile = true;
      build.onLoad({ filter: /own-modules\.ts$/ }, async ({ path }) => {
        if (path !== list) return null;
        const contents = listOf(await actionFiles(own));
        return { contents, loader: "ts", resolveDir: root };
      });
      // The package's own name: nothing of it but what a file asks for comes along.
      build.onResolve({ filter: /^revops-flows$/ }, () => ({ path: join(root, "src/index.ts"), sideEffects: false }));
      build.onLoad({ filter: /\/actions\// }, async ({ path }) => {
        if (!path.startsWith(own)) return null;
        const errors = placesIn(await readFile(path, "utf8"), relative(root, path));
        return errors.length === 0 ? null : { errors };
      });
      build.onEnd(({ metafile }) => {
        const files = Object.keys(metafile?.inputs ?? {});
        return { errors: files.filter((file) => !isPacked(file)).map(elsewhere) };
      });
    },
  };
}

/** Of the working directory. */
function isPacked(file: string): boolean {
  return file.includes("node_modules/") || /^(?:src|deployment|actions)\//.test(file);
}

function listOf(files: readonly string[]): string {
  const imports = files.map((file, index) => `import * as own${index} from ${JSON.stringify(file)};`);
  return [...imports, `export const ownModules = [${files.map((_, index) => `own${index}`).join(", ")}];`, ""].join(
    "\n",
  );
}

function elsewhere(file: string): PartialMessage {
  const text = `an action imports this file, and the bot's image has only what lies in ${ownActionsFolder}: move it there`;
  return { text, location: { file, line: 1, column: 0 } };
}

const place = /\bimport\.meta\b|\b__(?:dirname|filename)\b/;

function placesIn(text: string, file: string): PartialMessage[] {
  return text.split("\n").flatMap((lineText, index) => {
    const found = place.exec(lineText);
    if (found === null) return [];
    const message = `${found[0]} is another place in the functions, where no file lies beside this one: import what it reads`;
    return [{ text: message, location: { file, line: index + 1, column: found.index, lineText } }];
  });
}
