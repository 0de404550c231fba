/** Durations and instants as Step Functions counts them: whole seconds, and times with their offset. */
import { plainOf, sourceOf, type Reading } from "./expressions.ts";
import { quoted } from "./machine.ts";
import { splitTemplate } from "../../flow/expression/template.ts";

/** The longest that a state may take. */
const longest = 99_999_999;

/** Rounded up; `note` says so. */
export function seconds(ms: number, note: (words: string) => void, least = 1): number {
  const whole = Math.min(longest, Math.max(least, Math.ceil(ms / 1000)));
  if (whole * 1000 !== ms)
    note(`takes ${whole} s where the flow says ${ms} ms: Step Functions counts whole seconds, ${longest} at most`);
  return whole;
}

/** An instant that stands in the flow as it is: milliseconds; null where it is none, or has no offset. */
export function plainInstant(text: string): number | null {
  const plain = plainOf(text);
  if (plain === null || !/(Z|[+-]\d\d:?\d\d)$/i.test(plain.trim())) return null;
  const at = Date.parse(plain.trim());
  return Number.isNaN(at) ? null : at;
}

/** In JSONata: milliseconds of what the template gives; fails where that is no instant with its offset. `nothing`: for null. */
export function instantOf(text: string, stepId: string, reading: Reading, nothing: string | null): string {
  const template = splitTemplate(text);
  const [first] = template.ok ? template.parts : [];
  const value = first?.kind === "expression" ? sourceOf(first.source, reading) : quoted(plainOf(text) ?? "");
  const isEmpty = nothing === null ? "" : ` $exists($at) and $at = null ? ${nothing} :`;
  const words = `: ${stepId} needs an instant with its offset, such as 2026-12-04T09:00:00Z.`;
  return (
    `( $at := ${value}; $iso := ${written};${isEmpty} ( $ms := ${milliseconds}; $abs($ms) >= 0 ? $ms` +
    ` : $error("Expression" & ($exists($at) ? ".Failed" : ".Undefined") & ${quoted(words)}) ) )`
  );
}

/** `$at` as `$toMillis` reads it, which wants capitals and the seconds. */
const written =
  '$type($at) = "string" ? $replace($replace($uppercase($trim($at)), /^([0-9-]+) /, "$1T"),' +
  String.raw` /(T\d\d:\d\d)(Z|[+-])/, "$1:00$2") : ""`;
const isoInstant = String.raw`/^\d\d\d\d-\d\d-\d\dT\d\d:\d\d:\d\d([.]\d+)?(Z|[+-]\d\d:?\d\d)$/`;

/** A day that no month has would be taken for one of the next month; an hour that no day has gives no number. */
const milliseconds =
  `$contains($iso, ${isoInstant}) ? ( $day := $substring($iso, 0, 10); ` +
  "$substring($fromMillis($toMillis($day)), 0, 10) = $day ? $toMillis($iso) )";
