/** Why a typed value isn't allowed, in a sentence that stands under its input. */
import type { core } from "zod";

export function valueProblem(issue: core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `${needed[issue.expected] ?? "Something else"} is needed here.`;
    case "too_big":
      return `At most ${issue.maximum}${unit(issue.origin, issue.maximum)}.`;
    case "too_small":
      return `At least ${issue.minimum}${unit(issue.origin, issue.minimum)}.`;
    case "invalid_format":
      return issue.format === "date" ? "A date is needed here." : "This has not the right form.";
    case "invalid_value":
      return `One of these is needed here: ${issue.values.map(String).join(", ")}.`;
    case "custom":
    case "invalid_element":
    case "invalid_key":
    case "invalid_union":
    case "not_multiple_of":
    case "unrecognized_keys":
      return `${issue.message}.`.replace(/\.\.$/, ".");
    default:
      return issue satisfies never;
  }
}

const needed: Readonly<Record<string, string>> = {
  string: "A text",
  number: "A number",
  int: "A whole number",
  boolean: "Yes or no",
  array: "A list",
  object: "A record",
  record: "A record",
};

function unit(origin: string, amount: number | bigint): string {
  const word = origin === "string" ? "character" : origin === "array" || origin === "set" ? "entry" : null;
  if (word === null) return "";
  if (amount === 1 || amount === 1n) return ` ${word}`;
  return word === "entry" ? " entries" : ` ${word}s`;
}
