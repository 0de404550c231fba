/** `npm run golden`: writes test/golden anew, for a look at the difference before it is committed. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goldenFiles, goldenFolder } from "../test/golden-files.ts";

await rm(goldenFolder, { recursive: true, force: true });
await mkdir(goldenFolder, { recursive: true });
for (const [name, text] of goldenFiles()) await writeFile(join(goldenFolder, name), text);
console.log(`${goldenFiles().size} templates written`);
