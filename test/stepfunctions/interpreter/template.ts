/** JSON in which texts may be expressions, at any depth; keys never are. Sizes are in UTF-8 bytes of the JSON text. */
import type { Json } from "../../../src/flow/json.ts";
import { evaluate, isExpression } from "./expression.ts";
import type { Sight } from "./expression.ts";
import { StateFailure } from "./failure.ts";

export const maxPayload = 262_144;
/** Of all variables of an execution. */
export const maxVariables = 10 * 1024 * 1024;

export async function fill(template: Json, sight: Sight, field: string): Promise<Json> {
  if (typeof template === "string") return isExpression(template) ? evaluate(template, sight, field) : template;
  if (Array.isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) items.push(await fill(item, sight, `${field}[${index}]`));
    return items;
  }
  if (template === null || typeof template !== "object") return template;
  const fields: [string, Json][] = [];
  for (const [key, value] of Object.entries(template)) fields.push([key, await fill(value, sight, `${field}/${key}`)]);
  return Object.fromEntries(fields);
}

/** A number where the field takes one, in range, or States.QueryEvaluationError. */
export async function fillNumber(
  value: number | string,
  sight: Sight,
  field: { name: string; min: number; max: number; whole: boolean },
): Promise<number> {
  const filled = typeof value === "number" ? value : await evaluate(value, sight, field.name);
  const isFine =
    typeof filled === "number" &&
    filled >= field.min &&
    filled <= field.max &&
    (!field.whole || Number.isInteger(filled));
  if (isFine) return filled;
  throw new StateFailure(
    "States.QueryEvaluationError",
    `The field '${field.name}' takes a number from ${field.min} to ${field.max}, not ${JSON.stringify(filled)}`,
  );
}

export async function fillText(value: string, sight: Sight, field: string): Promise<string> {
  const filled = await fill(value, sight, field);
  if (typeof filled === "string") return filled;
  throw new StateFailure(
    "States.QueryEvaluationError",
    `The field '${field}' takes a text, not ${JSON.stringify(filled)}`,
  );
}

export function sizeOf(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

/** States.DataLimitExceeded above 256 KiB. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export function checkSize(value: Json, what: string): void {
  if (sizeOf(value) <= maxPayload) return;
  throw new StateFailure(
    "States.DataLimitExceeded",
    `${what} has a size exceeding the maximum number of bytes service limit (${maxPayload}).`,
  );
}
