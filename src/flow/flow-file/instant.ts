/** An instant in a flow: written out in ISO 8601 with its offset, or one `${…}` that gives it when the step is reached. */
import { Temporal } from "temporal-polyfill";
import { checkTemplate } from "../expression.ts";
import type { Fields, Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

const pattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/;
const withoutOffset = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?$/;
const forms = 'an instant with its offset, such as 2027-01-31T09:00:00+01:00, or one "${…}" that gives one';

/** In UTC, so that one instant is written in one way; null where it is none. */
export function readInstant({ node, what, reader }: { node: SourceNode; what: string; reader: Reader }): string | null {
  const text = reader.text(node, what);
  if (text === null) return null;
  const { whole, evaluated } = checkTemplate(text);
  if (whole) return text;
  const instant = evaluated ? null : inUtc(text);
  if (instant === null) reader.report.error(node.at, problemWith({ text, what, evaluated }));
  return instant;
}

function inUtc(text: string): string | null {
  if (!pattern.test(text)) return null;
  try {
    return Temporal.Instant.fromEpochMilliseconds(Temporal.Instant.from(text).epochMilliseconds).toString();
  } catch {
    return null;
  }
}

function problemWith({ text, what, evaluated }: { text: string; what: string; evaluated: boolean }): string {
  if (evaluated) return `${what} is ${forms}, and nothing else`;
  if (withoutOffset.test(text)) return `${what}: "${text}" says nothing of its zone; write ${forms}`;
  return `${what}: "${text}" is no instant; write ${forms}`;
}

/** When a step was meant to run, and what becomes of it when it is ready later. */
export function readDue(fields: Fields, reader: Reader): { due: string | null; late: "run" | "skip" | "shift" } {
  const node = fields.get("due");
  const late = fields.entry("late");
  if (late !== null && fields.entry("due") === null) {
    reader.report.error(
      late.keyAt,
      'late needs due, the instant that the step is meant for, such as "${input.kickoff_at}"',
    );
  }
  const words = ["run", "skip", "shift"] as const;
  return {
    due: node === null ? null : readInstant({ node, what: "due", reader }),
    late: (late === null ? null : reader.oneOf(late.value, { what: "late", words })) ?? "run",
  };
}
