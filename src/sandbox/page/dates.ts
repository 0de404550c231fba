/** Instants in words, in the reader's zone. No DOM and no clock: `now` comes as an argument. */

const DAY_MS = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

const STYLES = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  timeSeconds: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  day: { weekday: "long", day: "numeric", month: "long" },
  dayYear: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  short: { day: "numeric", month: "short" },
  shortWeekday: { weekday: "short", day: "numeric", month: "short" },
  shortYear: { day: "numeric", month: "short", year: "numeric" },
  long: { day: "numeric", month: "long" },
  longYear: { day: "numeric", month: "long", year: "numeric" },
  iso: { year: "numeric", month: "2-digit", day: "2-digit" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

export type DateStyle = keyof typeof STYLES;

export interface Reader {
  zone: string;
  now: number;
}

export function format(at: number, style: DateStyle, zone: string): string {
  if (!Number.isFinite(at)) return "";
  // Browsers differ in the comma behind the weekday.
  return formatter(style, zone).format(at).replaceAll(",", "");
}

/** `2026-11-24`, the calendar day of an instant in a zone. */
export function dayKey(at: number, zone: string): string {
  return format(at, "iso", zone).split("/").toReversed().join("-");
}

/** "Today", "Yesterday", "Tomorrow", else the date; the year only when it isn't this one. */
export function dayName(at: number, reader: Reader): string {
  const relative = relativeDay(at, reader);
  if (relative !== null) return relative;
  const sameYear = dayKey(at, reader.zone).slice(0, 4) === dayKey(reader.now, reader.zone).slice(0, 4);
  return format(at, sameYear ? "day" : "dayYear", reader.zone);
}

/** "09:15" today, "24 Nov 09:15" on other days. */
export function shortMoment(at: number, reader: Reader): string {
  const time = format(at, "time", reader.zone);
  return dayKey(at, reader.zone) === dayKey(reader.now, reader.zone)
    ? time
    : `${format(at, "short", reader.zone)} ${time}`;
}

/** Slack's `<!date^…>` tokens; a format that nobody knows gives the fallback. */
export function slackDate(seconds: number, pattern: string, reader: Reader): string | null {
  const at = seconds * 1000;
  let known = true;
  const text = pattern.replace(/\{([a-z_]+)\}/g, (_whole, name: string) => {
    const value = slackDateToken(name, at, reader);
    if (value === null) known = false;
    return value ?? "";
  });
  return known ? text : null;
}

function slackDateToken(name: string, at: number, reader: Reader): string | null {
  if (name.startsWith("date") && name.endsWith("_pretty")) {
    return relativeDay(at, reader)?.toLowerCase() ?? slackDateToken(name.replace(/_pretty$/, ""), at, reader);
  }
  switch (name) {
    case "date_num":
      return dayKey(at, reader.zone);
    case "date":
      return format(at, "long", reader.zone);
    case "date_short":
      return format(at, "shortYear", reader.zone);
    case "date_long":
      return format(at, "dayYear", reader.zone);
    case "date_long_full":
      return format(at, "longYear", reader.zone);
    case "time":
      return format(at, "time", reader.zone);
    case "time_secs":
      return format(at, "timeSeconds", reader.zone);
    case "ago":
      return ago(at, reader.now);
    default:
      return null;
  }
}

function ago(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000);
  const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(minutes, "minute");
  if (Math.abs(minutes) < 48 * 60) return relative.format(Math.round(minutes / 60), "hour");
  return relative.format(Math.round(minutes / 1440), "day");
}

function relativeDay(at: number, reader: Reader): string | null {
  const days = (utcDay(at, reader.zone) - utcDay(reader.now, reader.zone)) / DAY_MS;
  if (days === 0) return "Today";
  if (days === -1) return "Yesterday";
  return days === 1 ? "Tomorrow" : null;
}

function utcDay(at: number, zone: string): number {
  return Date.parse(`${dayKey(at, zone)}T00:00:00Z`);
}

/** A zone that this browser doesn't know reads as UTC rather than breaking the page. */
function formatter(style: DateStyle, zone: string): Intl.DateTimeFormat {
  const key = `${style} ${zone}`;
  const known = formats.get(key);
  if (known) return known;
  const made = makeFormatter(style, zone) ?? new Intl.DateTimeFormat("en-GB", { ...STYLES[style], timeZone: "UTC" });
  formats.set(key, made);
  return made;
}

function makeFormatter(style: DateStyle, timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...STYLES[style], timeZone });
  } catch {
    return null;
  }
}
