/** The inputs that a flow names, and the one that every flow about a customer has. */
import { z } from "zod";
import { InputType } from "../flow.ts";
import type { FlowDefinition, InputField } from "../flow.ts";
import type { Json } from "../json.ts";
import type { Reader } from "./reader.ts";
import { kindOf } from "./reader.ts";
import type { SourceEntry, SourceNode } from "./source.ts";
import { toJson } from "./source.ts";

export type Inputs = FlowDefinition["input"];

const customerId: InputField = { type: "string", enum: null, required: true, default: null, description: null };

export function readInputs(node: SourceNode | null, reader: Reader): Inputs {
  if (node === null) return {};
  if (node.kind !== "map") {
    reader.report.error(node.at, `input must be a mapping of names to their types, not ${kindOf(node)}`);
    return {};
  }
  const fields = node.entries.flatMap((entry) => {
    const field = readInput(entry, reader);
    return field === null ? [] : [[entry.key, field] as const];
  });
  return Object.fromEntries(fields);
}

/** Declared or not, a flow about a customer takes that customer's id, and doesn't start without it. */
export function withCustomerId(inputs: Inputs): Inputs {
  const declared = Object.hasOwn(inputs, "customer_id") ? inputs["customer_id"] : undefined;
  return { ...inputs, customer_id: { ...customerId, description: declared?.description ?? null } };
}

function readInput({ key, keyAt, value }: SourceEntry, reader: Reader): InputField | null {
  const named = { kind: "scalar", at: keyAt, value: key, written: key, place: () => keyAt } as const;
  const name = reader.id(named, "an input's name");
  const what = `input "${key}"`;
  const fields = reader.fields(value, { what, keys: ["type", "enum", "required", "default", "description"] });
  if (fields === null || name === null) return null;
  const choices = readEnum(fields.get("enum"), reader);
  const typeNode = fields.get("type");
  const type = typeNode === null ? null : reader.oneOf(typeNode, { what: "input type", words: InputType.options });
  if (typeNode === null && choices === null) {
    reader.report.error(keyAt, `${what} needs a type (${InputType.options.join(", ")}) or an enum`);
    return null;
  }
  if (name === "customer_id" && (choices !== null || (type !== null && type !== "string"))) {
    reader.report.error(value.at, "customer_id is the customer's id: its type is string, without an enum");
  }
  const requiredNode = fields.get("required");
  const descriptionNode = fields.get("description");
  const field: InputField = {
    type: type ?? "string",
    enum: choices,
    required: requiredNode === null ? false : reader.flag(requiredNode, `required of ${what}`) === true,
    default: null,
    description: descriptionNode === null ? null : reader.text(descriptionNode, `description of ${what}`),
  };
  return { ...field, default: readDefault({ node: fields.get("default"), field, what, reader }) };
}

function readEnum(node: SourceNode | null, reader: Reader): string[] | null {
  if (node === null) return null;
  const words = reader.list(node).flatMap((item) => reader.text(item, "a word of the enum") ?? []);
  if (words.length > 0) return words;
  reader.report.error(node.at, "the enum names no word");
  return null;
}

interface DefaultAsked {
  node: SourceNode | null;
  field: InputField;
  what: string;
  reader: Reader;
}

function readDefault({ node, field, what, reader }: DefaultAsked): InputField["default"] {
  if (node === null) return null;
  const value = toJson(node);
  const wanted = misfit(field, value);
  if (wanted === null) return value;
  reader.report.error(node.at, `the default of ${what} must be ${wanted}`);
  return null;
}

/** What a value would have to be: "of type integer"; null where it fits. */
export function misfit(field: InputField, value: Json): string | null {
  if (field.enum !== null) return field.enum.some((word) => word === value) ? null : `one of ${field.enum.join(", ")}`;
  return schemas[field.type].safeParse(value).success ? null : `of type ${field.type}`;
}

const schemas: Readonly<Record<InputField["type"], z.ZodType>> = {
  string: z.string(),
  number: z.number(),
  integer: z.number().int(),
  boolean: z.boolean(),
  date: z.iso.date(),
  datetime: z.iso.datetime({ offset: true, local: true }),
};
