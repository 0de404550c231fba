/**
 * Values that are to be written into a customer's fields, held to what reading accepts (DESIGN §5): a field never gets what its
 * next reader would leave out.
 */
import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { customerFields, type FieldType, type FieldValue, type WritableField } from "../../flow/customer.ts";
import type { CellAnswer } from "./csv/cell.ts";
import { customersTable } from "./csv/table.ts";

const mostLetters = 1_000;

const bases: Readonly<Record<FieldType, z.ZodType<FieldValue>>> = {
  string: z.string().max(mostLetters).nullable(),
  number: z.number().nullable(),
  boolean: z.boolean().nullable(),
  date: z.string().nullable(),
  datetime: z.string().nullable(),
};

export function fieldSchema(field: WritableField): z.ZodType<FieldValue> {
  return bases[customerFields[field]].superRefine((value, context) => {
    const answer = readFieldValue(field, value);
    if (answer.kind === "fault") context.addIssue({ code: "custom", message: answer.message });
  });
}

/** As it will be read again: without blanks around it, a word in small letters, an instant in UTC; an empty text is null. */
export function readFieldValue(field: WritableField, value: FieldValue): CellAnswer {
  const read = customersTable.columns[field];
  if (read === undefined) return { kind: "fault", message: `${field} can't be read` };
  const answer = read(value === null ? "" : String(value));
  if (answer.kind === "fault") return answer;
  return { kind: "value", value: normal(field, answer.value) };
}

/** Two ways of writing one instant are one value. */
export function isSameValue(field: WritableField, one: FieldValue, other: FieldValue): boolean {
  return normal(field, one) === normal(field, other);
}

function normal(field: WritableField, value: FieldValue): FieldValue {
  if (customerFields[field] !== "datetime" || typeof value !== "string") return value;
  return Temporal.Instant.from(value).toString();
}
