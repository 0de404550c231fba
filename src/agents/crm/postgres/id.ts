/** A customer's id as a column of some type has it, compared so that an index on the column serves. */
import { textTypes } from "./field.ts";

const wholeBits: Readonly<Record<string, bigint>> = { int2: 15n, int4: 31n, int8: 63n };
const castTypes: ReadonlySet<string> = new Set([
  "int2",
  "int4",
  "int8",
  "numeric",
  "uuid",
  "text",
  "varchar",
  "bpchar",
  "name",
]);

/** After a placeholder. An enum's own type has a name that nobody here knows, so the server finds it out. */
export function castOf(type: string): string {
  return castTypes.has(type) ? `::${type}` : "";
}

/** Whether the column can hold it at all; otherwise no row has it, and to ask would be an error. */
export function fits(id: string, { type, isEnum }: { type: string; isEnum: boolean }): boolean {
  if (id.includes("\0")) return false;
  if (textTypes.has(type) && !isEnum) return true;
  const bits = wholeBits[type];
  if (bits !== undefined) return /^-?\d{1,19}$/.test(id) && BigInt(id) >= -(2n ** bits) && BigInt(id) < 2n ** bits;
  if (type === "numeric") return /^-?\d{1,1000}(\.\d{1,1000})?$/.test(id);
  if (type === "uuid") return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  return isEnum;
}

/** The column equals the query's first value. */
export function sameId({ sql, type }: { sql: string; type: string }): string {
  return `${sql} = $1${castOf(type)}`;
}
