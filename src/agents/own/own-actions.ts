/**
 * Actions of one's own: what the files of the folder `actions` export, taken up while the app runs as flows in TypeScript are.
 *
 * - O1. A file that can't be loaded, or whose action can't be used, is a problem at its place; the others are taken up all the same.
 * - O2. A file that has become wrong keeps the actions that it last gave.
 * - O3. No action takes the place of one of the product's, nor of another file's: the name is refused, with both places.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ActionCatalogue } from "../../flow/action.ts";
import type { Problem } from "../../flow/flow-file.ts";
import { isProblem, loadModule, type Within } from "../../flow/module-file.ts";
import type { OwnCatalogue } from "../../flow/registry.ts";
import type { Agents } from "../agent.ts";
import { besideOwn } from "./beside-own.ts";
import { type OwnAction, ownActionsIn } from "./define-action.ts";

/** In the working directory, beside `flows`. */
export const ownActionsFolder = "actions";

interface Taken {
  file: string;
  action: OwnAction;
}

export class OwnActions implements OwnCatalogue {
  readonly folders: readonly string[];
  readonly #product: ActionCatalogue;
  readonly #within: Within | undefined;
  #stamps: string | null = null;
  #taken: readonly Taken[] = [];
  #problems: readonly Problem[] = [];
  #revision = 0;
  #looking: Promise<unknown> = Promise.resolve();

  /** `product`: the actions whose names are taken; `folders`: those that aren't there have no actions. */
  constructor(options: { product: ActionCatalogue; folders?: readonly string[]; within?: Within }) {
    this.folders = options.folders ?? [ownActionsFolder];
    this.#product = options.product;
    this.#within = options.within;
  }

  /** These agents with one's own actions besides, as of the last look, whenever they are asked. */
  beside(product: Agents): Agents {
    return besideOwn(product, () => this.#taken.map(({ action }) => action));
  }

  /** One at a time. */
  look(): Promise<{ catalogue: ActionCatalogue; problems: readonly Problem[]; revision: number }> {
    const looked = this.#looking.then(() => this.#look());
    this.#looking = looked.catch(() => {});
    return looked;
  }

  async #look() {
    const files = (await Promise.all(this.folders.map(actionFiles))).flat();
    const stamps = JSON.stringify(await Promise.all(files.map(stampOf)));
    if (stamps !== this.#stamps) {
      await this.#read(files);
      this.#stamps = stamps;
      this.#revision += 1;
    }
    const catalogue = this.#taken.map(({ action }) => action.local.description);
    return { catalogue, problems: this.#problems, revision: this.#revision };
  }

  async #read(files: readonly string[]): Promise<void> {
    const problems: Problem[] = [];
    const taken: Taken[] = [];
    for (const file of files) {
      const found = await this.#actionsIn(file, problems);
      const given = found ?? this.#taken.filter((one) => one.file === file).map(({ action }) => action);
      for (const action of given) {
        const clash = this.#clash(action, taken);
        if (clash === null) taken.push({ file, action });
        else problems.push(errorAt(file, clash));
      }
    }
    this.#taken = taken;
    this.#problems = problems;
  }

  /** Null: the file can't be used now (O2). */
  async #actionsIn(file: string, problems: Problem[]): Promise<OwnAction[] | null> {
    const text = await readFile(file, "utf8").catch((error: unknown) =>
      String(error instanceof Error ? error.message : error),
    );
    const loaded = await loadModule({ file, text, within: this.#within });
    if (isProblem(loaded)) {
      problems.push(loaded);
      return null;
    }
    const actions = ownActionsIn(loaded.exports);
    if (actions.length === 0) {
      const message =
        "this file exports no action, which is fine where another imports it: else export what defineAction gives";
      problems.push({ ...errorAt(file, message), severity: "warning" });
    }
    const wrong = actions.flatMap((action) => schemaProblem(action) ?? []);
    problems.push(...wrong.map((message) => errorAt(file, message)));
    return wrong.length > 0 ? null : actions;
  }

  #clash({ action }: OwnAction, taken: readonly Taken[]): string | null {
    const ofProduct = this.#product.find((one) => one.action === action);
    if (ofProduct !== undefined)
      return `${action} is an action of the product's ${ofProduct.agent}: give yours another name`;
    const other = taken.find((one) => one.action.action === action);
    return other === undefined
      ? null
      : `${action} is defined here and in ${other.file}; the first counts: give one another name`;
  }
}

/** Flows are checked against both, and what is recorded is JSON. */
function schemaProblem({ action, parameters, output }: OwnAction): string | null {
  for (const [what, schema, io] of [
    ["parameters", parameters, "input"],
    ["output", output, "output"],
  ] as const) {
    try {
      z.toJSONSchema(schema, { io });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return `the ${what} of ${action} must be what JSON can hold: ${reason}`;
    }
  }
  return null;
}

function errorAt(file: string, message: string): Problem {
  return { file, line: 1, column: 1, message, severity: "error" };
}

/** Sorted: of two that define one action the first counts. None where the folder isn't there. */
export async function actionFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && isActionFile(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

function isActionFile(name: string): boolean {
  return name.endsWith(".ts") && !/\.(?:test|d)\.ts$/.test(name) && !name.startsWith(".");
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null);
  return found === null ? file : `${file} ${found.mtimeMs} ${found.size} ${found.ino}`;
}
