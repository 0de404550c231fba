/** Checks on the way in and out of an action; what is wrong is said by its path, with the nearest right name. */
import { z } from "zod";
import { type ErrorName, FailureError } from "../../flow/failure.ts";
import { Json } from "../../flow/json.ts";
import { nearest } from "../../flow/nearest.ts";

export function checkParameters<T>(schema: z.ZodType<T>, { value, action }: { value: unknown; action: string }): T {
  return checked(schema, { value, error: "Input.Invalid", what: `The parameters of ${action} are not right` });
}

/** As plain JSON, so that what is recorded is what was checked. */
export function checkOutput<T>(schema: z.ZodType<T>, { value, action }: { value: T; action: string }): Json {
  const what = `The output of ${action} is not right`;
  return Json.parse(JSON.parse(JSON.stringify(checked(schema, { value, error: "Agent.InvalidOutput", what }))));
}

export function checked<T>(
  schema: z.ZodType<T>,
  { value, error, what }: { value: unknown; error: ErrorName; what: string },
): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => faultInWords(issue, schema)).join("; ");
  throw new FailureError({ error, cause: `${what}: ${faults}.` }, { cause: parsed.error });
}

function faultInWords(issue: z.core.$ZodIssue, schema: z.ZodType): string {
  const place = issue.path.length === 0 ? "" : `${issue.path.map(String).join(".")}: `;
  if (issue.code !== "unrecognized_keys") return `${place}${uncapitalised(issue.message)}`;
  const known = issue.path.length === 0 && schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const unknown = issue.keys.map((key) => {
    const near = nearest(key, known);
    return `${key} is unknown${near === null ? "" : `, did you mean ${near}`}`;
  });
  return `${place}${unknown.join("; ")}`;
}

function uncapitalised(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}
