/**
 * How many bytes a value takes as Step Functions counts it (JSON in UTF-8), from what is known before it is there.
 *
 * - Z1. `most` holds for every value of the schema; null: nothing bounds it.
 * - Z2. `typical` is a guess by the schema's form, to see orders of magnitude; it is no measurement.
 */
import { z } from "zod";
import type { Json } from "../../flow/json.ts";
import { payloadBytes } from "../handlers/payload.ts";

export interface Size {
  typical: number;
  most: number | null;
}

export const unknown: Size = { typical: 500, most: null };

/** A JSON text may write each UTF-16 unit as `\u0000`. */
const mostPerCharacter = 6;
/** Of a text, a list and a record that nothing bounds. */
const usualText = 30;
const usualCount = 5;
/** `-2.2250738585072014e-308`, and quotes. */
const longestNumber = 24;

interface Schema {
  type?: string | string[] | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  format?: string | undefined;
  maxLength?: number | undefined;
  maxItems?: number | undefined;
  items?: boolean | Schema | undefined;
  prefixItems?: Schema[] | undefined;
  properties?: Record<string, Schema> | undefined;
  additionalProperties?: boolean | Schema | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
}

const Schema: z.ZodType<Schema> = z.lazy(() => {
  const list = z.array(Schema).optional();
  return z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    maxLength: z.number().optional(),
    maxItems: z.number().optional(),
    items: z.union([z.boolean(), Schema]).optional(),
    prefixItems: list,
    properties: z.record(z.string(), Schema).optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
    anyOf: list,
    oneOf: list,
    allOf: list,
  });
});

/** `path`: of names within it. */
export function sizeOfOutput(schema: z.ZodType, path: readonly string[] = []): Size {
  let found: unknown;
  try {
    found = z.toJSONSchema(schema, { io: "output", unrepresentable: "any", reused: "inline" });
  } catch {
    return unknown;
  }
  const read = Schema.safeParse(found);
  return read.success ? sizeAt(read.data, path) : unknown;
}

/** What stands at a path of a union may stand in any of its forms. */
function sizeAt(schema: Schema, path: readonly string[]): Size {
  const [name, ...rest] = path;
  if (name === undefined) return sizeOf(schema);
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return largest(forms.map((form) => sizeAt(form, path)));
  const below = Object.entries(schema.properties ?? {}).find(([key]) => key === name)?.[1];
  if (below !== undefined) return sizeAt(below, rest);
  // JSONata looks through lists, and gives as many as there are.
  if (typeof schema.items === "object") return { ...sizeOf(schema), most: null };
  return schema.type === "null" ? exactly(4) : unknown;
}

function sizeOf(schema: Schema): Size {
  if (schema.const !== undefined) return sizeOfValue(schema.const);
  if (schema.enum !== undefined) return largest(schema.enum.map(sizeOfValue));
  const forms = schema.anyOf ?? schema.oneOf;
  if (forms !== undefined) return largest(forms.map(sizeOf));
  // Each of them bounds it.
  if (schema.allOf !== undefined) return tightest(schema.allOf.map(sizeOf));
  const { type } = schema;
  if (Array.isArray(type)) return largest(type.map((one) => sizeOf({ ...schema, type: one })));
  switch (type) {
    case "null":
      return exactly(4);
    case "boolean":
      return { typical: 5, most: 5 };
    case "number":
    case "integer":
      return { typical: 6, most: longestNumber };
    case "string":
      return textSize(schema);
    case "array":
      return listSize(schema);
    case "object":
      return objectSize(schema);
    case undefined:
    default:
      return unknown;
  }
}

function textSize({ format, maxLength }: Schema): Size {
  if (format === "date") return exactly(12);
  if (format === "date-time") return { typical: 26, most: null };
  if (maxLength === undefined) return { typical: usualText, most: null };
  return { typical: 2 + Math.min(usualText, maxLength), most: 2 + mostPerCharacter * maxLength };
}

function listSize({ items, prefixItems = [], maxItems }: Schema): Size {
  const fixed = sum(prefixItems.map((item) => times(sizeOf(item), 1, 1)));
  if (items === false) return sum([exactly(2), fixed]);
  const usual = Math.min(usualCount, maxItems ?? usualCount);
  const more = times(typeof items === "object" ? sizeOf(items) : unknown, usual, maxItems ?? null);
  return sum([exactly(2), fixed, more]);
}

function objectSize({ properties = {}, additionalProperties }: Schema): Size {
  const named = Object.entries(properties).map(([key, value]) => sum([keySize(key), sizeOf(value)]));
  if (additionalProperties === false) return sum([exactly(2), ...named]);
  const other = typeof additionalProperties === "object" ? sizeOf(additionalProperties) : unknown;
  const others = named.length === 0 ? times(sum([{ typical: 15, most: null }, other]), usualCount, null) : exactly(0);
  return { ...sum([exactly(2), ...named, others]), most: null };
}

/** With its colon and comma. */
export const keySize = (key: string): Size => exactly(payloadBytes(key) + 2);

function sizeOfValue(value: unknown): Size {
  return exactly(payloadBytes(value));
}

export const exactly = (bytes: number): Size => ({ typical: bytes, most: bytes });

export function sum(sizes: readonly Size[]): Size {
  let total: Size = exactly(0);
  for (const { typical, most } of sizes)
    total = {
      typical: total.typical + typical,
      most: total.most === null || most === null ? null : total.most + most,
    };
  return total;
}

/** `most` null: however many. */
export function times(size: Size, typical: number, most: number | null): Size {
  return {
    typical: (size.typical + 1) * typical,
    most: size.most === null || most === null ? null : (size.most + 1) * most,
  };
}

function largest(sizes: readonly Size[]): Size {
  const [first = unknown, ...others] = sizes;
  return others.reduce(
    (found, { typical, most }) => ({
      typical: Math.max(found.typical, typical),
      most: found.most === null || most === null ? null : Math.max(found.most, most),
    }),
    first,
  );
}

function tightest(sizes: readonly Size[]): Size {
  const bounds = sizes.flatMap(({ most }) => most ?? []);
  const typical = Math.max(...sizes.map((size) => size.typical));
  const most = bounds.length === 0 ? null : Math.min(...bounds);
  return { typical: most === null ? typical : Math.min(typical, most), most };
}

/** Of a value of the flow's own, what stands there whatever its `${…}` give. */
export function literalBytes(value: Json, textOf: (text: string) => number): number {
  if (typeof value === "string") return textOf(value);
  if (typeof value !== "object" || value === null) return payloadBytes(value);
  if (Array.isArray(value)) return value.reduce((all: number, item) => all + 1 + literalBytes(item, textOf), 2);
  const fields = Object.entries(value);
  return fields.reduce((all, [key, field]) => all + payloadBytes(key) + 2 + literalBytes(field, textOf), 2);
}
