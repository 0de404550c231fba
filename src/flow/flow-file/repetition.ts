/** A step for each item of a list: what gives the list, and how many items are under way at once. */
import { checkTemplate } from "../expression.ts";
import type { Fields, Reader } from "./reader.ts";
import { kindOf } from "./reader.ts";
import type { SourceNode } from "./source.ts";

export interface Repetition {
  for_each: string | null;
  max_concurrency: number | null;
  /** Where `for_each` stands, whether it can be used or not; null: the step runs once. */
  node: SourceNode | null;
}

export function readRepetition(fields: Fields, reader: Reader): Repetition {
  const node = fields.get("for_each");
  const most = fields.entry("max_concurrency");
  if (most !== null && fields.entry("for_each") === null) {
    reader.report.error(most.keyAt, "max_concurrency needs for_each, the list that the step repeats over");
  }
  return {
    for_each: node === null ? null : readList(node, reader),
    max_concurrency: most === null ? null : reader.wholeNumber(most.value, { what: "max_concurrency", min: 1 }),
    node,
  };
}

function readList(node: SourceNode, reader: Reader): string | null {
  const text = textOf(node);
  const { whole, problems } = checkTemplate(text ?? "");
  if (text !== null && (whole || problems.length > 0)) return text;
  const given = text === null ? `, not ${kindOf(node)}` : " and nothing else";
  reader.report.error(node.at, `for_each is one "\${…}" that gives a list${given}, such as "\${[customer.csm_email]}"`);
  return null;
}

function textOf(node: SourceNode): string | null {
  return node.kind === "scalar" && typeof node.value === "string" ? node.value : null;
}
