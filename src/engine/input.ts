/** A flow's inputs as given by a person, a firing or a program, checked and made what the flow declares. */
import type { FlowDefinition, InputField } from "../flow/flow.ts";
import type { Json, JsonObject } from "../flow/json.ts";
import { nearest } from "../flow/nearest.ts";
import { RequestError } from "./engine.ts";

export function checkInput({ definition, input }: { definition: FlowDefinition; input: JsonObject }): JsonObject {
  const declared = definition.input;
  for (const name of Object.keys(input)) {
    if (Object.hasOwn(declared, name)) continue;
    const known = Object.keys(declared);
    const offers = known.length === 0 ? "It takes none." : `It takes ${known.join(", ")}.`;
    throw new RequestError(`${definition.flow_id} has no input ${cut(name)}. ${offers}`, nearest(name, known));
  }
  const checked: JsonObject = {};
  for (const [name, field] of Object.entries(declared)) {
    const given = (Object.hasOwn(input, name) ? input[name] : null) ?? field.default;
    if (given === null && field.required) throw new RequestError(missing(definition, name));
    checked[name] = given === null ? null : coerce(definition, { name, field, given });
  }
  return checked;
}

function missing(definition: FlowDefinition, name: string): string {
  const how = name === "customer_id" ? "name the customer" : `give ${name}=…`;
  return `${definition.flow_id} needs ${name}: ${how}.`;
}

function coerce(definition: FlowDefinition, parameters: { name: string; field: InputField; given: Json }): Json {
  const { name, field, given } = parameters;
  const refuse = (expected: string): never => {
    throw new RequestError(`${name} of ${definition.flow_id} must be ${expected}, not ${shown(given)}.`);
  };
  if (field.enum !== null) {
    if (typeof given === "string" && field.enum.includes(given)) return given;
    return refuse(`one of ${field.enum.join(", ")}`);
  }
  switch (field.type) {
    case "string":
      return typeof given === "string" ? given : refuse("a text");
    case "number":
      return numberOf(given) ?? refuse("a number");
    case "integer": {
      const value = numberOf(given);
      return value !== null && Number.isInteger(value) ? value : refuse("a whole number");
    }
    case "boolean":
      if (given === true || given === "true") return true;
      return given === false || given === "false" ? false : refuse("true or false");
    case "date":
      return isDate(given) ? given : refuse("a date such as 2026-12-04");
    case "datetime":
      return typeof given === "string" && /^\d{4}-\d{2}-\d{2}T/.test(given) && !Number.isNaN(Date.parse(given))
        ? given
        : refuse("an instant such as 2026-12-04T09:00:00Z");
    default:
      return field.type satisfies never;
  }
}

/** Whoever sent it knows the rest. */
function shown(given: Json): string {
  if (Array.isArray(given)) return "a list";
  return typeof given === "object" && given !== null ? "an object" : cut(JSON.stringify(given));
}

const longestShown = 100;

function cut(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

function numberOf(given: Json): number | null {
  if (typeof given === "number") return given;
  return typeof given === "string" && given.trim() !== "" && Number.isFinite(Number(given)) ? Number(given) : null;
}

function isDate(given: Json): boolean {
  if (typeof given !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(given)) return false;
  const at = Date.parse(`${given}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(given);
}
