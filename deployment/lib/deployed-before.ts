/**
 * The templates of the last deployment from this folder, kept beside the state of this machine: so a plan can say what changes
 * without an account. Another machine's deployments are not known here; `cdk diff` asks AWS.
 */
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { JsonObject } from "../../src/flow/json.ts";
import { normalised } from "./templates.ts";

export interface Before {
  /** ISO 8601; null: nothing is known. */
  at: string | null;
  templates: ReadonlyMap<string, JsonObject>;
}

const ending = ".template.json";
const stamp = "deployed-at.txt";

const folderOf = ({ root, name }: { root: string; name: string }) => join(root, "data/deployed", name);

export async function deployedBefore(about: { root: string; name: string }): Promise<Before> {
  const folder = folderOf(about);
  const files = await readdir(folder).catch((): string[] => []);
  if (!files.includes(stamp)) return { at: null, templates: new Map() };
  const templates = await Promise.all(
    files
      .filter((file) => file.endsWith(".json"))
      .map(
        async (file) =>
          [
            file.slice(0, -".json".length),
            JsonObject.parse(JSON.parse(await readFile(join(folder, file), "utf8"))),
          ] as const,
      ),
  );
  return { at: (await readFile(join(folder, stamp), "utf8")).trim(), templates: new Map(templates) };
}

/** Of what was made last in `made`, a folder of CDK's; `at`: ISO 8601. */
export async function rememberDeployed(parameters: {
  root: string;
  name: string;
  made: string;
  at: string;
}): Promise<void> {
  const folder = folderOf(parameters);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const files = (await readdir(parameters.made)).filter((file) => file.endsWith(ending));
  for (const file of files) {
    const template = JsonObject.parse(JSON.parse(await readFile(join(parameters.made, file), "utf8")));
    await writeFile(join(folder, `${file.slice(0, -ending.length)}.json`), JSON.stringify(kept(template)));
  }
  await writeFile(join(folder, stamp), `${parameters.at}\n`);
}

/** With the hashes of code, unlike a golden one: new code is a change. */
export function kept(template: JsonObject): JsonObject {
  return normalised(template, { maskHashes: false });
}
