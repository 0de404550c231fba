/** How a case stands, for whoever presses a button that it has overtaken. */
import type { Case } from "../flow/case.ts";
import { unended } from "./explain-words.ts";
import { instant } from "./refusal.ts";

export function closedWords(record: Case | null, timezone: string): string {
  if (record?.closed == null) return "There is no open case about this any more.";
  const how = record.closed.how === "recovered" ? "closed on recovery" : "closed";
  return `This case was ${how} on ${instant(record.closed.at, { timezone })}: ${record.closed.note}`;
}

/** What a press on an older card, or a second press, has to be told. */
export function standingWords(record: Case, timezone: string): string {
  const { snooze, dismissal, status } = record;
  if (status === "snoozed" && snooze !== null)
    return `${snooze.by.name} snoozed this until ${instant(snooze.until, { timezone })}: ${unended(snooze.reason)}.`;
  if (status === "dismissed" && dismissal !== null)
    return `${dismissal.by.name} dismissed this on ${instant(dismissal.at, { timezone })} as ${dismissal.why.replaceAll("_", " ")}.`;
  return "This has moved on since: please look at how the case stands now.";
}
