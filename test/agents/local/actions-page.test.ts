/** Do docs/actions.md and the actions' types say what the actions take and give today? `node scripts/actions.ts` writes it anew. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { actionTypesFile, actionTypesText } from "../../../scripts/action-types-text.ts";
import { actionsFile, actionsPage } from "../../../scripts/actions-page.ts";

it("stands as the schemas make it", async () => {
  const page = await readFile(join(import.meta.dirname, "../../..", actionsFile), "utf8");
  expect(page).toBe(await actionsPage());
});

it("has types that stand as the schemas make them", async () => {
  const types = await readFile(join(import.meta.dirname, "../../..", actionTypesFile), "utf8");
  expect(types).toBe(await actionTypesText());
  expect(types).not.toMatch(/: unknown;|unknown\[\]|Record<string, unknown>/);
});

it("names an action by what it plans, needs and takes", async () => {
  const page = await actionsPage();
  expect(page).toContain("## get_portfolio");
  expect(page).toContain("It needs what `assess_renewal_risk` or `assess_churn_risk` gave.");
  expect(page).toMatch(/\| `limit` +\| whole number, 1 to 1,000 +\| `100`/);
});
