/** How many executions of a flow with the same key may run at once. */
import type { Concurrency } from "../flow.ts";
import type { Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

export interface ConcurrencyRead {
  concurrency: Concurrency | null;
  /** The key's text, whose expressions are evaluated when an execution starts. */
  key: SourceNode | null;
}

const example = '{ key: "${customer.id}", limit: 1 }';

export function readConcurrency(node: SourceNode | null, reader: Reader): ConcurrencyRead {
  const fields = node === null ? null : reader.fields(node, { what: "concurrency", keys: ["key", "limit"] });
  if (fields === null) return { concurrency: null, key: null };
  const [keyNode, limitNode] = [fields.get("key"), fields.get("limit")];
  if (keyNode === null) reader.report.error(fields.at, `concurrency needs a key, as in ${example}`);
  if (limitNode === null) reader.report.error(fields.at, `concurrency needs a limit, as in ${example}`);
  const key = keyNode === null ? null : reader.text(keyNode, "key");
  const limit = limitNode === null ? null : reader.wholeNumber(limitNode, { what: "limit", min: 1 });
  return { concurrency: key === null || limit === null ? null : { key, limit }, key: keyNode };
}
