/** Where expressions may stand in a state, and which parts of `$states` each place sees besides input and context. */
import type { Json } from "../../../src/flow/json.ts";
import type { StatesPart } from "./expression-rules.ts";
import { isGuarded } from "./machine.ts";
import type { State } from "./machine.ts";

export interface Place {
  /** `Catch[0].Output`, as the documentation writes it. */
  field: string;
  template: Json;
  sees: StatesPart[];
}

/** Every template of a state and of its rules and catchers; those of nested branches are theirs. */
export function placesOf(state: State): Place[] {
  const places: Place[] = [];
  const add = (field: string, template: Json | undefined, sees: StatesPart[] = []) => {
    if (template !== undefined) places.push({ field, template, sees });
  };
  const ofResult: StatesPart[] = isGuarded(state) ? ["result"] : [];
  if ("Output" in state) add("Output", state.Output, ofResult);
  if ("Assign" in state) add("Assign", state.Assign, ofResult);
  switch (state.Type) {
    case "Task":
      add("Arguments", state.Arguments);
      add("TimeoutSeconds", state.TimeoutSeconds);
      add("HeartbeatSeconds", state.HeartbeatSeconds);
      break;
    case "Parallel":
      add("Arguments", state.Arguments);
      break;
    case "Map":
      add("Items", state.Items);
      add("ItemSelector", state.ItemSelector);
      add("MaxConcurrency", state.MaxConcurrency);
      add("ToleratedFailureCount", state.ToleratedFailureCount);
      add("ToleratedFailurePercentage", state.ToleratedFailurePercentage);
      break;
    case "Wait":
      add("Seconds", state.Seconds);
      add("Timestamp", state.Timestamp);
      break;
    case "Fail":
      add("Error", state.Error);
      add("Cause", state.Cause);
      break;
    case "Choice":
      for (const [index, rule] of state.Choices.entries()) {
        add(`Choices[${index}].Condition`, rule.Condition);
        add(`Choices[${index}].Output`, rule.Output);
        add(`Choices[${index}].Assign`, rule.Assign);
      }
      break;
    case "Pass":
    case "Succeed":
      break;
    default:
      state satisfies never;
  }
  if (isGuarded(state)) {
    for (const [index, catcher] of (state.Catch ?? []).entries()) {
      add(`Catch[${index}].Output`, catcher.Output, ["errorOutput"]);
      add(`Catch[${index}].Assign`, catcher.Assign, ["errorOutput"]);
    }
  }
  return places;
}

/** All texts of a template. */
export function textsOf(template: Json): string[] {
  if (typeof template === "string") return [template];
  if (Array.isArray(template)) return template.flatMap(textsOf);
  return template !== null && typeof template === "object" ? Object.values(template).flatMap(textsOf) : [];
}

/** The names that a state assigns in its own scope, whichever way it is left. */
export function assignedBy(state: State): string[] {
  const own = "Assign" in state ? Object.keys(state.Assign ?? {}) : [];
  const rules = state.Type === "Choice" ? state.Choices : [];
  const catchers = isGuarded(state) ? (state.Catch ?? []) : [];
  return [...own, ...[...rules, ...catchers].flatMap(({ Assign }) => Object.keys(Assign ?? {}))];
}

/** Where a state may lead, in its own branch. */
export function targetsOf(state: State): string[] {
  const next = "Next" in state && state.Next !== undefined ? [state.Next] : [];
  const choices =
    state.Type === "Choice"
      ? [...state.Choices.map((rule) => rule.Next), ...(state.Default === undefined ? [] : [state.Default])]
      : [];
  const catches = isGuarded(state) ? (state.Catch ?? []).map((catcher) => catcher.Next) : [];
  return [...next, ...choices, ...catches];
}
