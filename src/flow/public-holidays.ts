/**
 * Public holidays of a country or a part of it (`US`, `DE-BY`), computed offline by date-holidays. The library takes 0.2 s and 40 MB,
 * so it is loaded by the first question.
 */
import { createRequire } from "node:module";
import type Holidays from "date-holidays";
import { Temporal } from "temporal-polyfill";
import { nearest } from "./nearest.ts";

type Library = typeof Holidays;

/** Half a day off in the afternoon is a working day; what begins at the sunset before is a holiday of the next day. */
const probedHour = 10;
const dayMs = 86_400_000;

const written = /^[A-Z]{2}(?:-[A-Z0-9]{1,6}){0,2}$/;

let loaded: Library | null = null;

function library(): Library {
  loaded ??= load();
  return loaded;
}

function load(): Library {
  const found: unknown = createRequire(import.meta.url)("date-holidays");
  if (isLibrary(found)) return found;
  throw new Error("date-holidays is no class any more: another version of it is installed.");
}

function isLibrary(found: unknown): found is Library {
  return typeof found === "function";
}

/** Null: there is such a region. Else what is wrong with it, in words. */
export function regionProblem(region: string): string | null {
  const form = "a country such as US, or a part of one such as DE-BY";
  if (!written.test(region)) return `"${region}" is no region; write ${form}`;
  const { country, state, part } = codesOf(region);
  const all = new (library())();
  if (!Object.hasOwn(all.getCountries(), country)) return `the holidays of ${country} are not known; write ${form}`;
  if (state.is === null) return state.asked === null ? null : `${country} has no part ${state.asked}${hint(state)}`;
  return part.is === null && part.asked !== null
    ? `${country}-${state.asked} has no part ${part.asked}${hint(part)}`
    : null;
}

interface Code {
  asked: string | null;
  /** As the library writes it; null: it has none of that name. */
  is: string | null;
  known: string[];
}

function codesOf(region: string): { country: string; state: Code; part: Code } {
  const [country = "", asked = null, part = null] = region.split("-");
  const all = new (library())();
  const state = codeAmong(asked, Object.keys(all.getStates(country) ?? {}));
  const parts = state.is === null ? [] : Object.keys(all.getRegions(country, state.is) ?? {});
  return { country, state, part: codeAmong(part, parts) };
}

function codeAmong(asked: string | null, known: string[]): Code {
  return { asked, is: known.find((one) => one.toUpperCase() === asked) ?? null, known };
}

function hint({ asked, known }: Code): string {
  if (known.length === 0) return "";
  const codes = known.map((one) => one.toUpperCase());
  const near = nearest(asked ?? "", codes);
  return near === null ? `; it has ${codes.join(", ")}` : `; did you mean ${near}?`;
}

/** ISO date → English name where there is one; the region must be one without a problem. */
export function publicHolidays({ region, year }: { region: string; year: number }): Map<string, string> {
  const { country, state, part } = codesOf(region);
  const source = new (library())({
    country,
    ...(state.is === null ? {} : { state: state.is }),
    ...(part.is === null ? {} : { region: part.is }),
  });
  const days = source
    .getHolidays(year, "en")
    .filter(({ type }) => type === "public")
    .flatMap(({ date, start, end, name }) =>
      daysOf(date, end.getTime() - start.getTime()).map((day) => [day, name] as const),
    );
  // Of two holidays on one day the first gives the name.
  return new Map(days.toReversed());
}

/** `date` is the local beginning, as `2026-12-25 00:00:00`. */
function daysOf(date: string, lengthMs: number): string[] {
  const from = Temporal.PlainDateTime.from(date.slice(0, 19));
  const to = from.add({ milliseconds: lengthMs });
  const days = Array.from({ length: Math.ceil(lengthMs / dayMs) + 1 }, (_, day) =>
    from.toPlainDate().add({ days: day }),
  );
  return days
    .filter((day) => {
      const probe = day.toPlainDateTime({ hour: probedHour });
      return Temporal.PlainDateTime.compare(from, probe) <= 0 && Temporal.PlainDateTime.compare(probe, to) < 0;
    })
    .map((day) => day.toString());
}
