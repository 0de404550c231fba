/** The risk models by name: those of the product, and a customer's own from folders. */
import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FailureError } from "../../../flow/failure.ts";
import type { Problem } from "../../../flow/flow-file/problem.ts";
import { readModel } from "./model-file.ts";
import type { RiskModel } from "./risk-model.ts";

export type RiskModels = ReadonlyMap<string, RiskModel>;

const builtIn = fileURLToPath(new URL("models/", import.meta.url));

interface ModelFile {
  file: string;
  text: string;
}

let read: RiskModels | null = null;

/** Read once, and then the same ones. */
export function builtInModels(): RiskModels {
  read ??= modelsOf(
    modelFiles(readdirSync(builtIn)).map((name) => ({
      file: join(builtIn, name),
      text: readFileSync(join(builtIn, name), "utf8"),
    })),
    new Map(),
  );
  return read;
}

/** The built-in ones and those of the folders. Throws `FailureError` that names each problem with file, line and column. */
export async function loadModels({ folders }: { folders: readonly string[] }): Promise<RiskModels> {
  const files: ModelFile[] = [];
  for (const folder of folders) {
    for (const name of modelFiles(await readdir(folder))) {
      const file = join(folder, name);
      files.push({ file, text: await readFile(file, "utf8") });
    }
  }
  return modelsOf(files, builtInModels());
}

function modelFiles(names: readonly string[]): string[] {
  return names.filter((name) => /\.ya?ml$/.test(name)).toSorted();
}

/** A name stands for one model for ever: executions name the one that they were scored with. */
function modelsOf(files: readonly ModelFile[], known: RiskModels): RiskModels {
  const models = new Map(known);
  const problems: string[] = [];
  for (const { file, text } of files) {
    const one = readModel({ file, text });
    if (!one.ok) problems.push(...one.problems.map(located));
    else if (models.has(one.model.name)) {
      problems.push(`${file}:1:1: there is a model ${one.model.name} already; give a changed one a name of its own.`);
    } else models.set(one.model.name, one.model);
  }
  if (problems.length > 0) throw new FailureError({ error: "Input.Invalid", cause: problems.join("\n") });
  return models;
}

function located({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}${message.endsWith("?") ? "" : "."}`;
}
