/** Why a step was skipped by its condition. Pure. */
import type { Json } from "../flow/json.ts";

/** With what the steps that the condition reads have said in words, yes or no: figures would make each a reason of its own. */
export function unmetWords(unmet: {
  stepId: string;
  condition: string;
  /** Of the steps before it. */
  outputs: ReadonlyMap<string, Json>;
}): string {
  const { stepId, condition, outputs } = unmet;
  const read = [...outputs].filter(([id]) => new RegExp(`\\b${id}\\b`).test(condition));
  const facts = read.flatMap(([id, output]) => {
    const words = wordsOf(output);
    return words === "" ? [] : [`${id} said ${words}`];
  });
  const because = facts.length === 0 ? condition : facts.join("; ");
  return `The condition of ${stepId} was not met: ${because}.`;
}

const mostWords = 5;

function wordsOf(output: Json): string {
  if (output === null || typeof output !== "object" || Array.isArray(output)) return "";
  const words = Object.entries(output).flatMap(([name, value]) => {
    if (typeof value === "boolean") return [`${name} ${value ? "yes" : "no"}`];
    return typeof value === "string" && /^[a-z_]{1,24}$/.test(value) ? [`${name} ${value}`] : [];
  });
  return words.slice(0, mostWords).join(", ");
}
