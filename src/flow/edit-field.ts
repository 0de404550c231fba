/** How a field of an action's output can be changed in a form: read from its schema, so that any flow's form comes by itself (A3). */
import { z } from "zod";
import type { Json } from "./json.ts";

export type ScalarInput =
  | { kind: "text"; multiline: boolean }
  | { kind: "number"; integer: boolean }
  | { kind: "flag" }
  | { kind: "choice"; choices: string[] }
  | { kind: "date" };

export type EditInput =
  | ScalarInput
  /** A list of texts, one a line. */
  | { kind: "lines" }
  /** A list of records: `columns` of each can be typed, the rest stays; a record can be left out. */
  | { kind: "items"; columns: { name: string; input: ScalarInput }[] }
  /** Nothing simpler fits: JSON text. */
  | { kind: "json" };

export interface EditField {
  step: string;
  field: string;
  value: Json;
  input: EditInput;
}

/** What is wrong with a value in a form. `path`: below the field, such as `[1, "due_date"]`. */
export interface FieldProblem {
  step: string;
  field: string;
  path: (string | number)[];
  message: string;
}

interface Shape {
  type?: string | string[] | undefined;
  format?: string | undefined;
  enum?: Json[] | undefined;
  items?: Shape | undefined;
  properties?: Record<string, Shape> | undefined;
  anyOf?: Shape[] | undefined;
}

const Shape: z.ZodType<Shape> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    enum: z.array(z.json()).optional(),
    items: Shape.optional().catch(undefined),
    properties: z.record(z.string(), Shape).optional().catch(undefined),
    anyOf: z.array(Shape).optional().catch(undefined),
  }),
);

/** `output`: the schema of the whole output. */
export function editInput({ output, field }: { output: z.ZodType; field: string }): EditInput {
  const read = Shape.safeParse(z.toJSONSchema(output, { io: "output", unrepresentable: "any" }));
  const shape = read.success ? read.data.properties?.[field] : undefined;
  if (shape === undefined) return { kind: "json" };
  return listInput(present(shape)) ?? scalarInput(present(shape)) ?? { kind: "json" };
}

/** A value that may be null is edited as what it is when it is there. */
function present(shape: Shape): Shape {
  if (Array.isArray(shape.type)) {
    const types = shape.type.filter((type) => type !== "null");
    return types.length === 1 && types[0] !== undefined ? { ...shape, type: types[0] } : shape;
  }
  const others = (shape.anyOf ?? []).filter(({ type }) => type !== "null");
  return others.length === 1 && others[0] !== undefined ? others[0] : shape;
}

function listInput({ type, items }: Shape): EditInput | null {
  if (type !== "array" || items === undefined) return null;
  const item = present(items);
  if (scalarInput(item)?.kind === "text") return { kind: "lines" };
  const columns = Object.entries(item.properties ?? {}).flatMap(([name, shape]) => {
    const input = scalarInput(present(shape));
    return input === null ? [] : [{ name, input }];
  });
  const isHeading = ({ name }: { name: string }) => name === heading(columns);
  const dates = columns.filter((column) => column.input.kind === "date" && !isHeading(column));
  const shown = [...columns.filter(isHeading), ...dates];
  return shown.length === 0 ? null : { kind: "items", columns: shown };
}

/** What a record is called by. */
const headings = ["title", "name", "subject", "text"];

function heading(columns: readonly { name: string; input: ScalarInput }[]): string | undefined {
  const texts = columns.filter(({ input }) => input.kind === "text").map(({ name }) => name);
  return headings.find((name) => texts.includes(name)) ?? texts[0];
}

function scalarInput({ type, format, enum: choices }: Shape): ScalarInput | null {
  const texts = (choices ?? []).filter((choice): choice is string => typeof choice === "string");
  if (choices !== undefined) return texts.length === choices.length ? { kind: "choice", choices: texts } : null;
  if (type === "string") return format === "date" ? { kind: "date" } : { kind: "text", multiline: false };
  if (type === "number" || type === "integer") return { kind: "number", integer: type === "integer" };
  return type === "boolean" ? { kind: "flag" } : null;
}
