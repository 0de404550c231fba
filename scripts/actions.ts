/** `node scripts/actions.ts` writes docs/actions.md from the actions' schemas. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionsFile, actionsPage } from "./actions-page.ts";

writeFileSync(join(import.meta.dirname, "..", actionsFile), await actionsPage());
console.log(`${actionsFile} written`);
