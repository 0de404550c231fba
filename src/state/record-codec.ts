/** Records as text in a store: the same codec for every store, so that all of them refuse and forget the same things (S4). */
import { z } from "zod";
import { CorruptRecordError } from "./state-store.ts";

export function encode(record: object): string {
  return JSON.stringify(record);
}

/** `name` tells people which record it is: "the header of execution e-1". */
export function decode<T>({ schema, text, name }: { schema: z.ZodType<T>; text: string; name: string }): T {
  const parsed = schema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new CorruptRecordError(
    `The store cannot read ${name}: ${firstProblem(parsed.error)}. It was damaged, or written by another version.`,
  );
}

/** Text that is no JSON becomes undefined, which no record's schema takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The place and the rule, never the value: records hold what customers wrote (T3). */
function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined || issue.path.length === 0) return "it is no record of that kind";
  return `its field ${issue.path.join(".")} is not as expected`;
}
