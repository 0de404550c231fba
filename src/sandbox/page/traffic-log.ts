/** The last envelopes and calls, and which of them stand out. Pure data; the times are the server's real time. */
import type { FaultName, TrafficEntry, TrafficVia } from "../page-api.ts";
import { putSorted } from "./sorted-items.ts";

const MOST_ENTRIES = 500;
/** What Slack gives an app to acknowledge. */
const SLACK_WAITS_MS = 3_000;

export interface TrafficLog {
  /** By seq, oldest first. */
  entries: TrafficEntry[];
  /** False until the server was asked for what was before. */
  loaded: boolean;
}

export function newTraffic(): TrafficLog {
  return { entries: [], loaded: false };
}

/** A later state of the same envelope takes the earlier one's place. */
export function putEntry(log: TrafficLog, entry: TrafficEntry): void {
  putSorted(log.entries, entry, (a, b) => a.seq - b.seq);
  if (log.entries.length > MOST_ENTRIES) log.entries.splice(0, log.entries.length - MOST_ENTRIES);
}

/** The server's list as it is; newer entries that came meanwhile are put on top by whoever loads. */
export function replaceEntries(log: TrafficLog, entries: TrafficEntry[]): void {
  log.entries = entries.toSorted((a, b) => a.seq - b.seq);
  log.loaded = true;
}

/** An envelope that the app should have acknowledged by now. */
export function isLate(entry: TrafficEntry, realNow: number): boolean {
  return entry.direction === "to_app" && entry.ms === null && realNow - entry.at > SLACK_WAITS_MS;
}

/** When it last struck; null: not among the entries that are still here. */
export function lastStrike(log: TrafficLog, fault: FaultName): TrafficEntry | null {
  return log.entries.findLast((entry) => entry.fault === fault) ?? null;
}

export interface TrafficFilter {
  text: string;
  via: TrafficVia | null;
}

/** Every word must stand somewhere in the entry. */
export function filterEntries(entries: readonly TrafficEntry[], { text, via }: TrafficFilter): readonly TrafficEntry[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0 && via === null) return entries;
  return entries.filter((entry) => {
    if (via !== null && entry.via !== via) return false;
    const fault = entry.fault === null ? "" : `injected: ${entry.fault.replaceAll("_", " ")}`;
    const whole = `${entry.name} ${entry.status} ${fault} ${entry.detail}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}
