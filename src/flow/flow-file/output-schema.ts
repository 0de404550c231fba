/** Which paths a value can have, read from the schema that describes it. Lists are looked through, as JSONata does. */
import { z } from "zod";
import { customerFields } from "../customer.ts";
import type { Json } from "../json.ts";

/** The part of JSON Schema that zod writes for our actions. */
export interface Schema {
  type?: string | string[] | undefined;
  properties?: Record<string, Schema> | undefined;
  additionalProperties?: boolean | Schema | undefined;
  items?: Schema | undefined;
  prefixItems?: Schema[] | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
  /** The values that it may have. */
  enum?: Json[] | undefined;
  $ref?: string | undefined;
  $defs?: Record<string, Schema> | undefined;
}

const Schema: z.ZodType<Schema> = z.lazy(() => {
  const list = z.array(Schema).optional();
  return z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    properties: z.record(z.string(), Schema).optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
    items: Schema.optional(),
    prefixItems: list,
    anyOf: list,
    oneOf: list,
    allOf: list,
    enum: z.array(z.json()).optional(),
    $ref: z.string().optional(),
    $defs: z.record(z.string(), Schema).optional(),
  });
});

export type PathAnswer =
  | { ok: true }
  /** The name at this index isn't there; `known` are those that are. */
  | { ok: false; index: number; known: string[] };

export const open: Schema = {};
export const text: Schema = { type: "string" };

/** What isn't expressible as a schema counts as anything. */
export function schemaOf(schema: z.ZodType, io: "input" | "output"): Schema {
  try {
    return Schema.parse(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
  } catch {
    return open;
  }
}

export function closed(properties: Record<string, Schema>): Schema {
  return { type: "object", properties, additionalProperties: false };
}

function either(schemas: Schema[]): Schema {
  return { anyOf: schemas };
}

export const customerSchema = closed(Object.fromEntries(Object.keys(customerFields).map((field) => [field, text])));

/** Of a known value, such as a variable's. */
export function schemaOfValue(value: Json): Schema {
  if (value === null) return open;
  if (Array.isArray(value)) return { type: "array", items: either(value.map(schemaOfValue)) };
  if (typeof value !== "object") return { type: typeof value };
  return closed(Object.fromEntries(Object.entries(value).map(([key, field]) => [key, schemaOfValue(field)])));
}

/** A value that fits any one of the schemas may have the path. */
export function checkPath(schemas: readonly Schema[], path: readonly string[]): PathAnswer {
  const walked = walk(schemas, path);
  return "index" in walked ? { ok: false, ...walked } : { ok: true };
}

/** What may stand at a path, references and unions taken apart; empty where nothing can. */
export function schemasAt(schemas: readonly Schema[], path: readonly string[]): Schema[] {
  const walked = walk(schemas, path);
  return "index" in walked ? [] : walked.reached.flatMap(({ schema, root }) => resolve(schema, root));
}

type Walked = { reached: { schema: Schema; root: Schema }[] } | { index: number; known: string[] };

function walk(schemas: readonly Schema[], path: readonly string[]): Walked {
  let reached = schemas.map((schema) => ({ schema, root: schema }));
  for (const [index, name] of path.entries()) {
    const objects = reached.flatMap(({ schema, root }) => resolve(schema, root).map((each) => ({ each, root })));
    const next = objects.flatMap(({ each, root }) => fieldOf(each, name).map((schema) => ({ schema, root })));
    if (next.length === 0) return { index, known: namesOf(objects.map(({ each }) => each)) };
    reached = next;
  }
  return { reached };
}

/** The names right below a path. */
export function fieldsOf(schema: Schema, path: readonly string[]): string[] {
  let reached = [schema];
  for (const name of path) {
    const objects = reached.flatMap((each) => resolve(each, schema));
    reached = /^\d+$/.test(name) ? objects : objects.flatMap((each) => fieldOf(each, name));
  }
  return namesOf(reached.flatMap((each) => resolve(each, schema)));
}

/** References followed, unions taken apart, lists entered: what remains are objects, scalars and open values. */
function resolve(schema: Schema, root: Schema, seen: readonly string[] = []): Schema[] {
  const { $ref: reference } = schema;
  if (reference !== undefined) {
    if (seen.includes(reference)) return [];
    const name = reference.replace(/^#\/\$defs\//, "");
    return resolve(reference === "#" ? root : (root.$defs?.[name] ?? open), root, [...seen, reference]);
  }
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  if (parts.length > 0) return parts.flatMap((part) => resolve(part, root, seen));
  const types = typesOf(schema);
  if (!types.includes("array")) return [schema];
  const rest = types.filter((type) => type !== "array");
  const others = rest.length === 0 ? [] : [{ ...schema, type: rest }];
  const items = [schema.items ?? [], schema.prefixItems ?? []].flat();
  if (items.length === 0) return [open];
  return [...others, ...items.flatMap((item) => resolve(item, root, seen))];
}

function typesOf({ type }: Schema): string[] {
  return type === undefined ? [] : [type].flat();
}

function fieldOf(schema: Schema, name: string): Schema[] {
  const known = schema.properties ?? {};
  const field = Object.hasOwn(known, name) ? known[name] : undefined;
  if (field !== undefined) return [field];
  const types = typesOf(schema);
  if (types.length > 0 && !types.includes("object")) return [];
  if (schema.additionalProperties === false) return [];
  return [typeof schema.additionalProperties === "object" ? schema.additionalProperties : open];
}

function namesOf(schemas: readonly Schema[]): string[] {
  return [...new Set(schemas.flatMap((schema) => Object.keys(schema.properties ?? {})))];
}
