/** A customer's risk: what it is now, why, what isn't known, how soon and how much, and what it was. */
import type { KnownBlock } from "@slack/types";
import type { CustomerRisk } from "../../engine/customer-risk.ts";
import { localDate } from "../../flow/zone.ts";
import { actionIds, encodeCustomer } from "../../notify/slack/action-ids.ts";
import { actions, button, context, sections } from "../../notify/slack/blocks.ts";
import { headline, plainHeadline } from "../../notify/slack/customer-line.ts";
import { piece } from "../../notify/slack/escape.ts";
import { day, dotted, money, points } from "../../notify/slack/format.ts";
import { findRisk, type ShownRisk } from "../../notify/slack/known-outputs.ts";
import { type Assessed, pointsThen, dayThen, riskHistory, type RiskHistory } from "../../notify/slack/risk-history.ts";
import { evidenceText, helpLine, missingLine, pointsCell, riskLine } from "../../notify/slack/risk-lines.ts";
import type { Message } from "./message.ts";

export interface ShownCustomerRisk {
  risk: ShownRisk;
  /** Null: of now; else when it was assessed. */
  assessedAt: number | null;
  history: RiskHistory | null;
}

/** Null: nobody has assessed this customer, and it can't be done now. */
export function shownCustomerRisk({ now, at, past }: CustomerRisk): ShownCustomerRisk | null {
  const earlier = past.flatMap(({ at: assessedAt, output }): Assessed[] => {
    const risk = findRisk([output]);
    return risk === null ? [] : [{ at: assessedAt, risk }];
  });
  const current = now === null ? null : findRisk(now);
  if (current !== null)
    return { risk: current, assessedAt: null, history: riskHistory({ at, risk: current }, earlier) };
  const last = earlier.at(-1);
  if (last === undefined) return null;
  return { risk: last.risk, assessedAt: last.at, history: riskHistory(last, earlier) };
}

export function customerRiskMessage(found: CustomerRisk, timezone: string): Message {
  const { customer, at } = found;
  const shown = shownCustomerRisk(found);
  const facts = { customer, flowId: "", flowDescription: null, now: at, timezone };
  const head = headline(facts);
  if (shown === null) {
    const none = "Its risk can't be told now, and no execution has assessed it.";
    return { text: `${plainHeadline(facts)}: ${none}`, blocks: sections([head, none]) };
  }
  const today = localDate({ at, timezone });
  const { risk, history } = shown;
  const level = risk.risk_level === null ? null : piece(risk.risk_level, 20);
  return {
    text: `${plainHeadline(facts)}: risk ${risk.risk_score.toFixed(2)}${level === null ? "" : `, ${level}`}`,
    blocks: [
      ...sections(
        [head],
        [
          dotted([riskLine(risk), level === null ? null : `level ${level}`, scoreThen(history, timezone)]),
          ...stakes(risk),
        ],
        reasonLines(shown, today),
        [...helpLine(risk, Infinity), ...missingLine(risk)],
      ),
      ...below({ customerId: customer.id, shown, today, timezone }),
    ],
  };
}

/** That it is today what it was today already says nothing. */
function scoreThen(history: RiskHistory | null, timezone: string): string | null {
  if (history === null) return null;
  const [newest = history.before] = history.scores.slice(-1);
  const was = history.before.score.toFixed(2);
  const isToday = localDate({ at: history.before.at, timezone }) === localDate({ at: newest.at, timezone });
  return isToday && was === newest.score.toFixed(2) ? null : `was ${was} on ${dayThen(history, timezone)}`;
}

/** How soon and how much, apart from how likely. */
function stakes({ urgency, priority }: ShownRisk): string[] {
  const revenue = priority?.revenue_at_risk ?? null;
  const amount =
    revenue === null
      ? null
      : `about ${piece(money(Number(revenue.toPrecision(3)), priority?.currency ?? null), 40)} a year at risk`;
  const soon = urgency === null || urgency.level === "unknown" ? null : (urgencyWords[urgency.level] ?? null);
  const line = dotted([soon, amount]);
  return line === "" ? [] : [line];
}

const urgencyWords: Readonly<Record<string, string>> = {
  passed: "Renewal date has passed",
  now: "Urgent: two weeks or less to act",
  soon: "To be settled within six weeks",
  later: "Not urgent",
};

function reasonLines({ risk, history }: ShownCustomerRisk, today: string): string[] {
  return risk.reasons.flatMap((reason) => {
    const { text, points: worth, evidence } = reason;
    const then = pointsThen(history, reason);
    const was = then === null ? "" : ` (was ${then === 0 ? "0" : points(then)})`;
    return [
      `${pointsCell(worth)}${piece(text, 200)}${was}`,
      ...evidence.slice(0, 2).map((one) => `        ${evidenceText(one, { today, said: text })}`),
    ];
  });
}

function below(parameters: {
  customerId: string;
  shown: ShownCustomerRisk;
  today: string;
  timezone: string;
}): KnownBlock[] {
  const { customerId, shown, today, timezone } = parameters;
  const { risk, assessedAt } = shown;
  const when = assessedAt === null ? "as of now" : `assessed ${day(localDate({ at: assessedAt, timezone }), today)}`;
  return [
    actions("customer", [
      button({ actionId: actionIds.customerRisk, label: "Over time", value: encodeCustomer({ customerId }) }),
    ]),
    context(dotted([when, risk.model === null ? null : piece(risk.model, 60)])),
  ];
}
