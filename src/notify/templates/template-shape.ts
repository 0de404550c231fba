/** The types of what a template may speak of, read from the variables' schema. */
import { z } from "zod";
import { TemplateVariables } from "./template-variables.ts";

export type Shape =
  | { kind: "text" | "date" | "number" | "boolean" | "any" }
  | { kind: "list"; item: Shape }
  | { kind: "object"; fields: Readonly<Record<string, Shape>> };

interface Schema {
  type?: string | string[] | undefined;
  format?: string | undefined;
  enum?: unknown[] | undefined;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
}

/** The part of JSON Schema that zod writes for the variables. */
const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), Schema).optional(),
    items: Schema.optional(),
    anyOf: z.array(Schema).optional(),
  }),
);

export function templateScope(): Readonly<Record<string, Shape>> {
  const shape = shapeOf(Schema.parse(z.toJSONSchema(TemplateVariables, { io: "output", reused: "inline" })));
  return shape.kind === "object" ? shape.fields : {};
}

/** What may also be null is of the type that it has otherwise: a template shows null as nothing. */
function shapeOf(schema: Schema): Shape {
  const present = schema.anyOf?.filter(({ type }) => type !== "null");
  if (present !== undefined) return present.length === 1 ? shapeOf(present[0] ?? {}) : { kind: "any" };
  if (schema.enum !== undefined) return { kind: "text" };
  const type = Array.isArray(schema.type) ? schema.type.find((one) => one !== "null") : schema.type;
  switch (type) {
    case "object":
      return { kind: "object", fields: mapped(schema.properties ?? {}) };
    case "array":
      return { kind: "list", item: shapeOf(schema.items ?? {}) };
    case "string":
      return { kind: schema.format === "date" ? "date" : "text" };
    case "number":
    case "integer":
      return { kind: "number" };
    case "boolean":
      return { kind: "boolean" };
    case undefined:
    default:
      return { kind: "any" };
  }
}

function mapped(properties: Record<string, Schema>): Record<string, Shape> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, shapeOf(schema)]));
}
