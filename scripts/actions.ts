/** `node scripts/actions.ts` writes docs/actions.md and the actions' types from the actions' schemas. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionTypesFile, actionTypesText } from "./action-types-text.ts";
import { actionsFile, actionsPage } from "./actions-page.ts";

for (const [file, text] of [
  [actionsFile, await actionsPage()],
  [actionTypesFile, await actionTypesText()],
] as const) {
  writeFileSync(join(import.meta.dirname, "..", file), text);
  console.log(`${file} written`);
}
