/** Records as text in a store: the same codec for every store, so that all of them refuse and forget the same things (S4). */
import { z } from "zod";
import { CorruptRecordError } from "./state-store.ts";

export function encode(record: object): string {
  return JSON.stringify(record);
}

/** `name` tells people which record it is: "the header of execution e-1". */
export function decode<T>({ schema, text, name }: { schema: z.ZodType<T>; text: string; name: string }): T {
  const record = parseJson(text);
  const parsed = schema.safeParse(record);
  if (parsed.success) return parsed.data;
  const unknown = firstUnknown(parsed.error, record);
  throw new CorruptRecordError(
    unknown === null
      ? `The store cannot read ${name}: ${firstProblem(parsed.error)}. It was damaged, or written by another version: start that version, or restore it from a backup.`
      : `The store cannot read ${name}: ${unknown} is not known to this version. Start the version that wrote it.`,
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

/** A kind of event, or a field, that a newer version writes. */
function firstUnknown(error: z.ZodError, record: unknown): string | null {
  for (const issue of error.issues) {
    const word = unknownWord(issue, record);
    if (word !== null) return word;
  }
  return null;
}

function unknownWord(issue: z.core.$ZodIssue, record: unknown): string | null {
  const place = issue.path.map(String);
  if (issue.code === "unrecognized_keys") return ourWord(issue.keys[0], [...place, ""].join("."));
  if (issue.code !== "invalid_union" || !("discriminator" in issue)) return null;
  return ourWord(valueAt(record, issue.path), `${place.join(".")} `);
}

/** Only what looks like a word of ours: records hold what customers wrote (T3). */
function ourWord(word: unknown, place: string): string | null {
  return typeof word === "string" && /^[a-z_]{1,60}$/.test(word) ? `${place}${word}` : null;
}

function valueAt(record: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    record,
  );
}

/** The place and the rule, never the value (T3). */
function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined || issue.path.length === 0) return "it is no record of that kind";
  return `its field ${issue.path.join(".")} is not as expected`;
}
