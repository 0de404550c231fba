/**
 * The form that changes what an approval would let out (A3): one input for each thing that its fields hold, made from
 * their types. Pure: `editModal` writes the form, `readEdits` reads what comes back against the same fields.
 */
import type { InputBlock, KnownBlock, ModalView } from "@slack/types";
import type { EditField, FieldProblem, ScalarInput } from "../../flow/edit-field.ts";
import type { FieldEdit } from "../../flow/event.ts";
import type { Json, JsonObject } from "../../flow/json.ts";
import { callbackIds } from "../../notify/slack/action-ids.ts";
import { oneLine } from "../../notify/slack/escape.ts";
import { limits } from "../../notify/slack/limits.ts";
import { inputElement, readInput, type StateValue } from "./scalar-input.ts";
import { context } from "./rows.ts";

export const editInputId = "value";
const labelLength = 200;
const spare = 3;

interface Place {
  blockId: string;
  label: string;
  hint: string | null;
  input: ScalarInput;
  value: Json;
  optional: boolean;
}

/** Shown at once, since Slack waits three seconds for a view and the data may take longer. */
export function editLoadingModal(): ModalView {
  return { ...frame(), blocks: [context("Reading what can be changed …")] };
}

export function editModal({ approval, fields }: { approval: string; fields: readonly EditField[] }): ModalView {
  const places = fields.flatMap((field, index) => placesOf(field, index));
  const most = limits.modalBlocks - spare;
  const cut = places.length > most ? [context(`Only the first ${most} entries can be changed here.`)] : [];
  const blocks: KnownBlock[] = [
    context(
      "What you change is planned anew and shown in the card's thread; nothing goes out before somebody approves it.",
    ),
    ...places.slice(0, most).map(inputBlock),
    ...cut,
  ];
  return {
    ...frame(),
    callback_id: callbackIds.edit,
    private_metadata: approval,
    submit: { type: "plain_text", text: "Save" },
    blocks,
  };
}

function frame() {
  return {
    type: "modal" as const,
    title: { type: "plain_text" as const, text: "Edit" },
    close: { type: "plain_text" as const, text: "Cancel" },
  };
}

export type SubmittedValues = Readonly<Record<string, Readonly<Record<string, StateValue>>>>;

/** Whole new values of the fields; an input that can't be read is an error at its block. */
export function readEdits(
  fields: readonly EditField[],
  values: SubmittedValues,
): { edits: FieldEdit[]; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const read = (place: Place): Json => {
    const state = values[place.blockId]?.[editInputId];
    // What the form had no room for stays as it was.
    if (state === undefined) return place.value;
    const found = readInput(place.input, state);
    if (found.ok) return found.value;
    errors[place.blockId] = found.message;
    return place.value;
  };
  const edits = fields.map((field, index): FieldEdit => {
    const { step, field: name } = field;
    return { step, field: name, value: valueOf(field, index, { read, errors }) };
  });
  return { edits, errors };
}

/** Where in the form a problem stands; what has no input of its own is said at the field's first one. */
export function blockOf(fields: readonly EditField[], problem: FieldProblem): string | null {
  const index = fields.findIndex(({ step, field }) => step === problem.step && field === problem.field);
  const field = fields[index];
  if (field === undefined) return null;
  const [item, column] = problem.path;
  const places = placesOf(field, index);
  const exact = places.find(({ blockId }) => blockId === blockIdOf(index, item, column));
  const near = places.find(({ blockId }) => blockId.startsWith(`${blockIdOf(index, item)}/`));
  return (exact ?? near ?? places[0])?.blockId ?? null;
}

interface Reading {
  read: (place: Place) => Json;
  errors: Record<string, string>;
}

function valueOf(field: EditField, index: number, reading: Reading): Json {
  const places = placesOf(field, index);
  const first = places[0];
  const { input } = field;
  switch (input.kind) {
    case "lines":
      return first === undefined ? [] : linesOf(reading.read(first));
    case "items":
      return records(field.value).flatMap((record, item) => {
        const own = input.columns.map(({ name }) =>
          places.find((place) => place.blockId === blockIdOf(index, item, name)),
        );
        const typed = own.flatMap((place, column): [string, Json][] => {
          const name = input.columns[column]?.name;
          return place === undefined || name === undefined ? [] : [[name, reading.read(place)]];
        });
        // Emptied, it is left out.
        const heading = typed[0];
        return heading !== undefined && heading[1] === null ? [] : [{ ...record, ...Object.fromEntries(typed) }];
      });
    case "json":
      return first === undefined ? field.value : jsonOf(first, reading);
    case "text":
    case "number":
    case "flag":
    case "choice":
    case "date":
      return first === undefined ? field.value : reading.read(first);
    default:
      return input satisfies never;
  }
}

function linesOf(value: Json): string[] {
  const text = typeof value === "string" ? value : "";
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function jsonOf(place: Place, { read, errors }: Reading): Json {
  const text = read(place);
  try {
    return typeof text === "string" ? JSON.parse(text) : text;
  } catch {
    errors[place.blockId] = "This is no JSON: check brackets, commas and quotes.";
    return place.value;
  }
}

function placesOf(field: EditField, index: number): Place[] {
  const { input, value, field: name } = field;
  const label = words(name);
  const blockId = blockIdOf(index);
  const only = { blockId, label, hint: null, optional: true };
  switch (input.kind) {
    case "lines": {
      const lines = Array.isArray(value) ? value.map(String).join("\n") : "";
      return [{ ...only, hint: "One a line.", input: { kind: "text", multiline: true }, value: lines }];
    }
    case "items":
      return records(value).flatMap((record, item) =>
        input.columns.map(({ name: column, input: own }, at) => ({
          blockId: blockIdOf(index, item, column),
          label: at === 0 ? `${label} ${item + 1}` : `${words(column)} of ${item + 1}`,
          hint: at === 0 ? "Empty it to leave it out." : null,
          input: own,
          value: record[column] ?? null,
          optional: at === 0,
        })),
      );
    case "json":
      return [
        { ...only, hint: "JSON", input: { kind: "text", multiline: true }, value: JSON.stringify(value, null, 2) },
      ];
    case "text":
    case "number":
    case "flag":
    case "choice":
    case "date":
      return [{ ...only, input, value }];
    default:
      return input satisfies never;
  }
}

function inputBlock({ blockId, label, hint, input, value, optional }: Place): InputBlock {
  return {
    type: "input",
    block_id: blockId,
    optional,
    label: { type: "plain_text", text: oneLine(label, labelLength), emoji: false },
    ...(hint === null ? {} : { hint: { type: "plain_text", text: hint } }),
    element: inputElement({ actionId: editInputId, input, value }),
  };
}

function blockIdOf(index: number, item?: string | number, column?: string | number): string {
  return ["edit", index, item, column].filter((part) => part !== undefined).join("/");
}

function records(value: Json): JsonObject[] {
  const items = Array.isArray(value) ? value : [];
  return items.map((item) => (typeof item === "object" && item !== null && !Array.isArray(item) ? item : {}));
}

function words(name: string): string {
  const spaced = name.replaceAll("_", " ");
  return `${spaced.charAt(0).toUpperCase()}${spaced.slice(1)}`;
}
