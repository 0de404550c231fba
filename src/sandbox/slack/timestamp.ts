/** Slack's `ts`: seconds and six digits, unique in the workspace, which makes it a message's id. */

export function formatTs(micros: number): string {
  return `${String(Math.floor(micros / 1_000_000)).padStart(10, "0")}.${String(micros % 1_000_000).padStart(6, "0")}`;
}

/** Null: not a `ts`. "1700000000" and "1700000000.1" are completed. */
export function normalTs(text: string): string | null {
  const match = /^(\d{1,10})(?:\.(\d{1,6}))?$/.exec(text.trim());
  return match === null ? null : `${(match[1] ?? "").padStart(10, "0")}.${(match[2] ?? "").padEnd(6, "0")}`;
}

export function tsMicros(ts: string): number {
  return Number(ts.replace(".", ""));
}

export function tsSeconds(ts: string): number {
  return Math.floor(tsMicros(ts) / 1_000_000);
}
