/** What an edit changed, field by field, as people are shown it. */
import type { FieldEdit } from "./event.ts";
import type { Json } from "./json.ts";
import { canonicalJson } from "./json.ts";

export interface FieldChange {
  step: string;
  field: string;
  from: Json;
  to: Json;
}

/** From what stood before (earlier edits over the outputs) to what stands after; a field put back as it was is none. */
export function fieldChanges(parameters: {
  outputs: Readonly<Record<string, Json>>;
  before: readonly FieldEdit[];
  after: readonly FieldEdit[];
}): FieldChange[] {
  const { outputs, before, after } = parameters;
  return after.flatMap(({ step, field, value }) => {
    const earlier = before.find((edit) => edit.step === step && edit.field === field);
    const from = earlier === undefined ? original(outputs[step], field) : earlier.value;
    return canonicalJson(from) === canonicalJson(value) ? [] : [{ step, field, from, to: value }];
  });
}

function original(output: Json | undefined, field: string): Json {
  const isObject = typeof output === "object" && output !== null && !Array.isArray(output);
  return isObject ? (output[field] ?? null) : null;
}
