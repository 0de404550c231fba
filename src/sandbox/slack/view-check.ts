/** What Slack refuses in a view. */
import { blockProblems } from "./block-check.ts";
import { isObject, Problems, type Fields } from "./problems.ts";
import { checkText } from "./text-check.ts";

/** Under `at`, as Slack points into the argument. */
export function viewProblems(view: Fields, kind: "modal" | "home", at = "/view"): string[] {
  const problems = new Problems();
  if (view["type"] !== kind) problems.add(`must be \`${kind}\``, `${at}/type`);
  problems.optionalText(view["private_metadata"], `${at}/private_metadata`, 3_000);
  problems.optionalText(view["callback_id"], `${at}/callback_id`, 255);
  problems.optionalText(view["external_id"], `${at}/external_id`, 255);
  if (kind === "modal") checkModal(view, at, problems);
  if (view["blocks"] === undefined) problems.add("missing required field: blocks", at);
  else problems.found.push(...blockProblems(view["blocks"], kind, `${at}/blocks`));
  return problems.found;
}

function checkModal(view: Fields, at: string, problems: Problems): void {
  checkText({ text: view["title"], at: `${at}/title`, longest: 24, plain: true }, problems);
  for (const field of ["submit", "close"]) {
    if (view[field] !== undefined && view[field] !== null) {
      checkText({ text: view[field], at: `${at}/${field}`, longest: 24, plain: true }, problems);
    }
  }
  const blocks: unknown[] = Array.isArray(view["blocks"]) ? view["blocks"] : [];
  const hasInput = blocks.some((block) => isObject(block) && block["type"] === "input");
  if (hasInput && !isObject(view["submit"])) problems.add("missing required field: submit", at);
}
