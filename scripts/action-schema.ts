/** The JSON Schema of an action's parameters and output, as far as zod writes it for actions. */
import { z } from "zod";

const Plain = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Plain = z.infer<typeof Plain>;

export interface Schema {
  type?: string | string[] | undefined;
  description?: string | undefined;
  format?: string | undefined;
  enum?: Plain[] | undefined;
  const?: Plain | undefined;
  default?: Plain | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  properties?: Record<string, Schema> | undefined;
  required?: string[] | undefined;
  items?: Schema | undefined;
  anyOf?: Schema[] | undefined;
  additionalProperties?: boolean | Schema | undefined;
}

/** The part of JSON Schema that zod writes for actions. */
export const Schema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    format: z.string().optional(),
    enum: z.array(Plain).optional(),
    const: Plain.optional(),
    default: Plain.optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    properties: z.record(z.string(), Schema).optional(),
    required: z.array(z.string()).optional(),
    items: Schema.optional(),
    anyOf: z.array(Schema).optional(),
    additionalProperties: z.union([z.boolean(), Schema]).optional(),
  }),
);

export function schemaOf(schema: z.ZodType, io: "input" | "output"): Schema {
  return Schema.parse(z.toJSONSchema(schema, { io, unrepresentable: "any", reused: "inline" }));
}

/** A union's members, and each type of a list of types. */
export function alternatives(schema: Schema): Schema[] {
  const { type, anyOf } = schema;
  if (anyOf !== undefined) return anyOf.flatMap(alternatives);
  return Array.isArray(type) ? type.map((one) => ({ ...schema, type: one })) : [schema];
}
