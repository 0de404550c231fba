/**
 * What comes back from the form that edits before approving, read against the fields that it was made of (A3). Pure.
 *
 * What was left as it was shown stays as it was, and so does what the form had no room for.
 */
import type { EditField, FieldProblem } from "../../flow/edit-field.ts";
import type { FieldEdit } from "../../flow/event.ts";
import type { Json } from "../../flow/json.ts";
import { editInputId } from "./edit-modal.ts";
import { blockIdOf, isLeftOut, placesOf, records, type Place } from "./edit-places.ts";
import { isUntouched, readInput, type StateValue } from "./scalar-input.ts";

export type SubmittedValues = Readonly<Record<string, Readonly<Record<string, StateValue>>>>;

/** Whole new values of the fields; an input that can't be read is an error at its block. */
export function readEdits(
  fields: readonly EditField[],
  values: SubmittedValues,
): { edits: FieldEdit[]; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const reading = { values, errors };
  const edits = fields.map((field, index): FieldEdit => {
    const { step, field: name } = field;
    return { step, field: name, value: valueOf(field, index, reading) };
  });
  return { edits, errors };
}

/** Where in the form a problem of what was read stands; what has no input of its own is said at the field's first one. */
export function blockOf(fields: readonly EditField[], values: SubmittedValues, problem: FieldProblem): string | null {
  const index = fields.findIndex(({ step, field }) => step === problem.step && field === problem.field);
  const field = fields[index];
  if (field === undefined) return null;
  const [position, column] = problem.path;
  const places = placesOf(field, index);
  const item = typeof position === "number" ? keptItems(field, index, values)[position] : position;
  const exact = places.find(({ blockId }) => blockId === blockIdOf(index, item, column));
  const near = places.find(({ blockId }) => blockId.startsWith(`${blockIdOf(index, item)}/`));
  return (exact ?? near ?? places[0])?.blockId ?? null;
}

interface Reading {
  values: SubmittedValues;
  errors: Record<string, string>;
}

function read(place: Place, { values, errors }: Reading): Json {
  const state = values[place.blockId]?.[editInputId];
  if (state === undefined || isUntouched(place.input, place.value, state)) return place.value;
  const found = readInput(place.input, state);
  if (found.ok) return found.value;
  errors[place.blockId] = found.message;
  return place.value;
}

function valueOf(field: EditField, index: number, reading: Reading): Json {
  if (field.input.kind === "items") return itemsOf(field, index, reading).map(({ value }) => value);
  const [place] = placesOf(field, index);
  if (place === undefined) return field.value;
  const typed = read(place, reading);
  if (typed === place.value) return field.value;
  switch (field.input.kind) {
    case "lines":
      return linesOf(typed);
    case "json":
      return jsonOf(typed, place, reading);
    case "text":
    case "number":
    case "flag":
    case "choice":
    case "date":
      return typed;
    default:
      return field.input satisfies never;
  }
}

/** Those that aren't left out, with where they stood in the form. */
function itemsOf(
  { value, input, ...field }: EditField,
  index: number,
  reading: Reading,
): { item: number; value: Json }[] {
  if (input.kind !== "items") return [];
  const places = placesOf({ ...field, value, input }, index);
  return records(value).flatMap((record, item) => {
    const own = input.columns.flatMap(({ name }) => {
      const place = places.find(({ blockId }) => blockId === blockIdOf(index, item, name));
      return place === undefined ? [] : [{ name, place, typed: read(place, reading) }];
    });
    const [heading] = own;
    if (heading !== undefined && isLeftOut(heading.place, heading.typed)) return [];
    const changed = own.filter(({ place, typed }) => typed !== place.value);
    return [{ item, value: { ...record, ...Object.fromEntries(changed.map(({ name, typed }) => [name, typed])) } }];
  });
}

function keptItems(field: EditField, index: number, values: SubmittedValues): number[] {
  return itemsOf(field, index, { values, errors: {} }).map(({ item }) => item);
}

function linesOf(value: Json): string[] {
  const text = typeof value === "string" ? value : "";
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function jsonOf(typed: Json, place: Place, { errors }: Reading): Json {
  try {
    return typeof typed === "string" ? JSON.parse(typed) : typed;
  } catch {
    errors[place.blockId] = "This is no JSON: check brackets, commas and quotes.";
    return null;
  }
}
