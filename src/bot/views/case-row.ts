/** One case as a row: whom it is about, how the risk has gone since, and who set it aside until when. */
import type { KnownBlock } from "@slack/types";
import { type Case, caseDay, caseId } from "../../flow/case.ts";
import { localDate } from "../../flow/zone.ts";
import { actionIds, encodeCase } from "../../notify/slack/action-ids.ts";
import { actions, button } from "../../notify/slack/blocks.ts";
import { dismissalWords } from "../../notify/slack/case-lines.ts";
import { day, daysUntil, dotted, inDays, money } from "../../notify/slack/format.ts";
import { instant } from "./instant.ts";
import { section } from "./rows.ts";
import { shown } from "./text.ts";

interface At {
  now: number;
  timezone: string;
}

/** "Acme Robotics · renews in 21 days · $84,000", then "renewal risk 0.80, was 0.75 · open, day 4". */
export function caseLines(record: Case, at: At): string[] {
  const { customer, reason, score, opened_score } = record;
  const value = customer.arr === null ? null : shown(money(customer.arr, customer.currency));
  const risk = `${reason.replaceAll("_", " ")} *${score.toFixed(2)}*`;
  const then = score.toFixed(2) === opened_score.toFixed(2) ? "" : `, was ${opened_score.toFixed(2)}`;
  return [
    dotted([`*${shown(customer.name)}*`, renewal(record, at), value]),
    dotted([`${risk}${then}`, standing(record, at), assessed(record, at)]),
  ];
}

/** With its buttons, for whoever may not come from a card; `lines` where some of its own have been said. */
export function caseBlocks(record: Case, at: At, lines: readonly string[] = caseLines(record, at)): KnownBlock[] {
  const id = caseId({ reason: record.reason, customerId: record.customer.id });
  const value = encodeCase({ caseId: id, version: record.version });
  return [
    section(lines.join("\n")),
    actions(`case/${id}/${record.version}`.slice(0, 255), [
      button({ actionId: actionIds.snooze, label: "Snooze", value }),
      button({ actionId: actionIds.dismiss, label: "Dismiss", value }),
    ]),
  ];
}

function renewal({ customer }: Case, at: At): string | null {
  const days = customer.renewal_date === null ? null : daysUntil({ date: customer.renewal_date, ...at });
  if (days === null) return null;
  return days < 0 ? `renewal was ${inDays(days)}` : `renews ${inDays(days)}`;
}

function standing(record: Case, { now, timezone }: At): string {
  const { status, snooze, dismissal, closed } = record;
  if (status === "closed" && closed !== null) {
    const on = day(localDate({ at: closed.at, timezone }), localDate({ at: now, timezone }));
    return `${closed.how} on ${on}: ${shown(closed.note, 200)}`;
  }
  if (status === "snoozed" && snooze !== null)
    return `snoozed until ${instant({ at: snooze.until, timezone })} by ${shown(snooze.by.name)}: ${shown(snooze.reason, 200)}`;
  if (status === "dismissed" && dismissal !== null)
    return `dismissed as ${dismissalWords[dismissal.why]} by ${shown(dismissal.by.name)}`;
  return `open, day ${caseDay({ since: record.opened_at, at: now })}`;
}

/** A score of days ago isn't today's. */
function assessed({ assessed_at, status }: Case, { now, timezone }: At): string | null {
  if (status === "closed" || now - assessed_at < 2 * 86_400_000) return null;
  return `last assessed ${day(localDate({ at: assessed_at, timezone }), localDate({ at: now, timezone }))}`;
}
