/** Writes what is generated for Step Functions: the table in docs/step-functions.md, and the golden state machines of test/asl/golden. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { featureTable } from "../src/asl/features.ts";
import { goldenMachines } from "../test/asl/golden-machines.ts";

const root = join(import.meta.dirname, "..");
const page = join(root, "docs/step-functions.md");
const [before = "", , after = ""] = (await readFile(page, "utf8")).split(/<!-- features: .* -->/);
const begin = "<!-- features: written by scripts/step-functions.ts -->";
const end = "<!-- features: end -->";
await writeFile(page, `${before}${begin}\n\n${featureTable()}\n\n${end}${after}`);
for (const { file, machine } of await goldenMachines())
  await writeFile(join(root, "test/asl/golden", file), `${JSON.stringify(machine, null, 2)}\n`);
