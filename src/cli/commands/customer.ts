/** `customer`: one customer's risk as of now, why, what isn't known, and what executions have assessed before. */
import { shownCustomerRisk, type ShownCustomerRisk } from "../../bot/views/customer-risk.ts";
import type { CustomerRisk } from "../../engine/customer-risk.ts";
import { localDate } from "../../flow/zone.ts";
import { count, money, points } from "../../notify/slack/format.ts";
import { dayThen, pointsThen } from "../../notify/slack/risk-history.ts";
import type { Answer, Command } from "../command.ts";
import { iso } from "../moment.ts";
import { oneCustomer } from "../one-customer.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";
import { subjectOf } from "../words.ts";

export const customerCommand: Command = {
  word: "customer",
  usage: ["customer NAME"],
  purpose: "one customer's risk as of now, its reasons and gaps, and what it was",
  options: {},
  examples: [
    { line: "customer Acme Robotics", about: "by name" },
    { line: "customer cust-10021 --json", about: "by id, with each past assessment" },
  ],
  run: async (call) => {
    const text = subjectOf(call, "a customer, by name or id");
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) => riskOf(session, text));
  },
};

async function riskOf({ engine, timezone }: Session, text: string): Promise<Answer> {
  const { id: customerId } = await oneCustomer(engine, text);
  const found = await engine.customerRisk({ customerId });
  return { document: documentOf(found, timezone), text: () => textOf(found, timezone) };
}

function documentOf({ customer, at, now, past }: CustomerRisk, timezone: string) {
  return {
    customer,
    at: iso(at, timezone),
    risk: now?.[0]?.output ?? null,
    past: past.map(({ at: assessedAt, executionId, flowId, output }) => ({
      at: iso(assessedAt, timezone),
      execution_id: executionId,
      flow_id: flowId,
      risk: output.output,
    })),
  };
}

function textOf(found: CustomerRisk, timezone: string): string {
  const { customer, at } = found;
  const head = `${plain(customer.name)} (${plain(customer.id)})`;
  const shown = shownCustomerRisk(found);
  if (shown === null) return `${head}\nIts risk can't be told now, and no execution has assessed it.`;
  const when = shown.assessedAt === null ? at : shown.assessedAt;
  return [head, ...riskLines(shown, { when, timezone })].join("\n");
}

function riskLines(
  { risk, history }: ShownCustomerRisk,
  { when, timezone }: { when: number; timezone: string },
): string[] {
  const was = history === null ? "" : `, was ${history.before.score.toFixed(2)} on ${dayThen(history, timezone)}`;
  const level = risk.risk_level ?? "no level";
  const asOf = `${risk.model ?? "a model without a name"}, ${localDate({ at: when, timezone })}`;
  const reasons = risk.reasons.map((reason) => {
    const { text, points: worth } = reason;
    const then = pointsThen(history, reason);
    const before = then === null ? "" : ` (was ${then === 0 ? "0" : points(then)})`;
    return `  ${(worth === null ? "" : points(worth)).padStart(6)}  ${plain(text)}${before}`;
  });
  const stake = risk.priority?.revenue_at_risk ?? null;
  return [
    `Risk ${risk.risk_score.toFixed(2)}, ${level}${was} · confidence ${risk.confidence ?? "unknown"} · ${plain(asOf)}`,
    ...(risk.urgency === null ? [] : [`Urgency: ${urgencyOf(risk.urgency)}`]),
    ...(stake === null
      ? []
      : [`Priority: about ${money(roughly(stake), risk.priority?.currency ?? null)} a year at risk`]),
    ...reasons,
    ...risk.what_would_help.map(
      ({ text }) => `Under ${risk.threshold?.toFixed(2) ?? "the threshold"} if: ${plain(text)}`,
    ),
    ...(risk.missing.length === 0 ? [] : [`Not known: ${plain(risk.missing.join(", "))}`]),
  ];
}

/** A product of an estimate has no fourth digit. */
function roughly(amount: number): number {
  return Number(amount.toPrecision(3));
}

function urgencyOf(urgency: NonNullable<ShownCustomerRisk["risk"]["urgency"]>): string {
  const ends = [
    [urgency.days_to_notice, "day for notice"],
    [urgency.days_to_renewal, "renewal"],
  ] as const;
  const left = ends.flatMap(([days, end]) => (days === null ? [] : [`${count(days, "day")} to the ${end}`]));
  return [plain(urgency.level), ...left].join(", ");
}
