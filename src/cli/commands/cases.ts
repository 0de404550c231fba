/** `cases`: what is open about customers, those with most at stake first. */
import { type Case, caseDay, caseId, CaseReason, CaseStatus } from "../../flow/case.ts";
import type { Answer, Command } from "../command.ts";
import { iso, isoOrNull, moment } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";
import { noWords } from "../words.ts";

export const cases: Command = {
  word: "cases",
  usage: ["cases [--owner MAIL] [--customer ID] [--reason R] [--status S] [--limit N]"],
  purpose: "what is open about customers, and what is snoozed or dismissed",
  options: {
    owner: { type: "text", value: "MAIL", about: "of this account manager" },
    customer: { type: "text", value: "ID", about: "of this customer" },
    reason: { type: "text", value: "R", about: `only ${CaseReason.options.join(" or ")}` },
    status: { type: "text", value: "S", about: `only ${CaseStatus.options.join(", ")}; else all but the closed ones` },
    limit: { type: "text", value: "N", about: "at most so many (100)" },
  },
  notes: ["Snooze and Dismiss are said in Slack, where it is known who says them."],
  examples: [
    { line: "cases", about: "those with most at stake first: score times yearly value" },
    { line: "cases --owner dana.reyes@example.com --status snoozed", about: "what one account manager has put off" },
  ],
  run: async (call) => {
    noWords(call);
    const { options } = call;
    const [owner, customerId] = [options.text("owner"), options.text("customer")];
    const reason = options.choice("reason", CaseReason.options);
    const status = options.choice("status", CaseStatus.options);
    const asked = {
      ...(owner === null ? {} : { owner }),
      ...(customerId === null ? {} : { customerId }),
      ...(reason === null ? {} : { reason }),
      ...(status === null ? {} : { status }),
      limit: options.count("limit", { otherwise: 100, most: 10_000 }),
    };
    const { inSession } = await import("../session.ts");
    return inSession(call, async (session) => listed(session, await session.engine.cases(asked)));
  },
};

function listed({ timezone, now }: Session, { items, total }: { items: Case[]; total: number }): Answer {
  const text = (paper: Paper) => {
    if (items.length === 0) return "There is no such case.";
    const rest =
      total > items.length
        ? `\n\nThe first ${items.length} of ${total.toLocaleString("en-US")}; --limit N shows more.`
        : "";
    return `${caseTable(paper, items, { now, timezone })}${rest}`;
  };
  return { document: { cases: items.map((record) => caseDocument(record, timezone)), total }, text };
}

export function caseDocument(record: Case, timezone: string) {
  const { reason, customer, status, score, opened_score, snooze, dismissal, closed } = record;
  return {
    case_id: caseId({ reason, customerId: customer.id }),
    reason,
    customer_id: customer.id,
    customer_name: customer.name,
    owner: customer.owner,
    arr: customer.arr,
    currency: customer.currency,
    renewal_date: customer.renewal_date,
    status,
    opened_at: iso(record.opened_at, timezone),
    opened_score,
    score,
    assessed_at: iso(record.assessed_at, timezone),
    snoozed_until: isoOrNull(snooze?.until ?? null, timezone),
    set_aside_by: snooze?.by.name ?? dismissal?.by.name ?? null,
    set_aside_because: snooze?.reason ?? dismissal?.why ?? null,
    closed_at: isoOrNull(closed?.at ?? null, timezone),
    closed_because: closed?.note ?? null,
    asked_in: record.asked_in,
  };
}

function caseTable(paper: Paper, items: readonly Case[], at: { now: number; timezone: string }): string {
  const rows = items.map((record) => [
    plain(record.customer.name),
    record.reason,
    record.score.toFixed(2),
    record.opened_score.toFixed(2),
    standing(record, at),
    plain(record.customer.owner ?? ""),
    record.customer.renewal_date ?? "",
  ]);
  return table(paper, { heads: ["CUSTOMER", "REASON", "SCORE", "OPENED", "STANDS", "OWNER", "RENEWS"], rows });
}

function standing(record: Case, { now, timezone }: { now: number; timezone: string }): string {
  const { status, snooze, dismissal, closed } = record;
  if (status === "snoozed" && snooze !== null) return `snoozed until ${moment(snooze.until, timezone)}`;
  if (status === "dismissed" && dismissal !== null) return `dismissed: ${dismissal.why.replaceAll("_", " ")}`;
  if (status === "closed" && closed !== null) return `${closed.how} ${moment(closed.at, timezone)}`;
  return `open, day ${caseDay({ since: record.opened_at, at: now })}`;
}
