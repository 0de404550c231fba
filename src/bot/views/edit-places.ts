/** Where in the form that edits before approving each value stands: one place for each thing that a field holds. */
import type { EditField, ScalarInput } from "../../flow/edit-field.ts";
import type { Json, JsonObject } from "../../flow/json.ts";
import { inWords, oneOf } from "../../notify/slack/format.ts";
import { limits } from "../../notify/slack/limits.ts";

export interface Place {
  blockId: string;
  label: string;
  hint: string | null;
  input: ScalarInput;
  /** As the input shows it. */
  value: Json;
  optional: boolean;
}

export function placesOf(field: EditField, index: number): Place[] {
  const { input, value, field: name } = field;
  const label = inWords(name);
  const only = { blockId: blockIdOf(index), label, hint: null, optional: true };
  switch (input.kind) {
    case "lines": {
      const lines = Array.isArray(value) ? value.map(String).join("\n") : "";
      return [{ ...only, hint: "One a line.", input: { kind: "text", multiline: true }, value: lines }];
    }
    case "items":
      return records(value).flatMap((record, item) =>
        input.columns.map(({ name: column, input: own }, at) => ({
          blockId: blockIdOf(index, item, column),
          label: `${oneOf(label)} ${item + 1}${at === 0 ? "" : `, ${inWords(column).toLowerCase()}`}`,
          hint: null,
          input: own,
          value: record[column] ?? null,
          optional: at === 0,
        })),
      );
    case "json":
      return [{ ...only, hint: "JSON", input: { kind: "text", multiline: true }, value: jsonText(value) }];
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

/** `item`: its place in the list, or a name where the field is no list. */
export function blockIdOf(index: number, item?: string | number, column?: string | number): string {
  return ["edit", index, item, column].filter((part) => part !== undefined).join("/");
}

export function records(value: Json): JsonObject[] {
  const items = Array.isArray(value) ? value : [];
  return items.map((item) => (typeof item === "object" && item !== null && !Array.isArray(item) ? item : {}));
}

/** Emptied, a record is left out; one that had nothing to empty is not. */
export function isLeftOut(heading: Place, typed: Json): boolean {
  return typed === null && heading.value !== null && heading.value !== "";
}

function jsonText(value: Json): string {
  const legible = JSON.stringify(value, null, 2);
  return legible.length > limits.textInput ? JSON.stringify(value) : legible;
}
