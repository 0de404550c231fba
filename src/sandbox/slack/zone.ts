/** What Slack says about a person's zone. */

export function zoneOffsetSeconds(zone: string, at: number): number {
  const name = part(zone, at, "longOffset");
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(name);
  if (match === null) return 0;
  const seconds = Number(match[2]) * 3_600 + Number(match[3]) * 60;
  return match[1] === "-" ? -seconds : seconds;
}

export function zoneLabel(zone: string, at: number): string {
  return part(zone, at, "long");
}

/** A zone that nobody knows reads as UTC: a wrong row in somebody's CRM must not stop the workspace. */
function part(zone: string, at: number, style: "long" | "longOffset"): string {
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: style }).formatToParts(at);
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
  } catch {
    return style === "long" ? "Coordinated Universal Time" : "GMT";
  }
}
