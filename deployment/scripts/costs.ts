/** `npm run costs`: writes docs/costs.md anew. */
import { writeFile } from "node:fs/promises";
import { costsFile, costsText } from "../test/costs-text.ts";

await writeFile(costsFile, await costsText());
console.log("docs/costs.md written");
