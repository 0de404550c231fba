/** docs/costs.md as the script and the test make it: of the project's own flows, formatted like every page. */
import { join } from "node:path";
import { format } from "prettier";
import { compileFlows } from "../lib/compile-flows.ts";
import { costPage } from "../lib/cost-page.ts";
import { settingsOf } from "./assembled.ts";

export const costsFile = join(import.meta.dirname, "../../docs/costs.md");

export async function costsText(): Promise<string> {
  const settings = settingsOf("admin_email: revops@example.com");
  const flows = await compileFlows({ root: join(import.meta.dirname, "../.."), settings });
  const flow = flows.find(({ flow_id }) => flow_id === "renewal_management");
  if (flow === undefined) throw new Error("There is no flow renewal_management to count with.");
  return format(costPage({ flow, flows, settings }), { parser: "markdown", printWidth: 120 });
}
