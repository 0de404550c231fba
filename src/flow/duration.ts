/** Durations: ISO 8601 as people write them in a flow, and plain words as people read them. P1D is 24 hours, whatever the zone does. */

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

/** The look-aheads refuse `P`, `PT` and `P1DT`. Months and years have no fixed length, so they aren't in it. */
const pattern = /^P(?=[\dT])(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,](\d{1,3})0*)?S)?)?$/;

/** Milliseconds, or null where the text is no duration of fixed length. */
export function parseDuration(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 6).map((part) => Number(part ?? 0));
  const fraction = Number((match[6] ?? "").padEnd(3, "0"));
  const ms = weeks * week + days * day + hours * hour + minutes * minute + seconds * second + fraction;
  return Number.isSafeInteger(ms) ? ms : null;
}

/** For people: the two largest units that say something. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (Math.round(ms) === 0) return "0 s";
  if (Math.round(ms) < second) return `${Math.round(ms)} ms`;
  const tenths = Math.round(ms / 100);
  if (tenths < 100) return `${tenths / 10} s`;
  return wholeUnits(roundTo(ms, second));
}

function wholeUnits(ms: number): string {
  const toMinutes = ms >= hour ? roundTo(ms, minute) : ms;
  const rounded = toMinutes >= day ? roundTo(toMinutes, hour) : toMinutes;
  const days = Math.floor(rounded / day);
  const parts = [
    days === 0 ? "" : `${days} ${days === 1 ? "day" : "days"}`,
    unit(Math.floor((rounded % day) / hour), "h"),
    unit(Math.floor((rounded % hour) / minute), "min"),
    unit(Math.floor((rounded % minute) / second), "s"),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function unit(count: number, name: string): string {
  return count === 0 ? "" : `${count} ${name}`;
}

function roundTo(ms: number, size: number): number {
  return Math.round(ms / size) * size;
}
