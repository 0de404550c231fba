/** Instants in each reader's own time, drawn by Slack; where a client can't, the app's zone stands with its name. */
import { readersTime, zonedMoment } from "../../notify/slack/format.ts";

export function instant({ at, timezone }: { at: number; timezone: string }): string {
  return readersTime(at, zonedMoment({ at, timezone }));
}

/** To the second: steps of one execution may all lie within a minute. */
export function exactInstant({ at, timezone }: { at: number; timezone: string }): string {
  const shown = new Intl.DateTimeFormat("en-GB", {
    timeZone: timezone,
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).format(at);
  return `<!date^${Math.floor(at / 1000)}^{date_pretty} at {time_secs}|${shown} (${timezone})>`;
}

/** How long something took, in the largest unit that says enough. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = seconds / 60;
  if (minutes < 120) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
