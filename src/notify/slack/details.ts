/**
 * Details: the evidence behind a card and exactly what an approval lets out (A3), as text. Everything that the short card leaves
 * out stands here; what is too long for Slack is cut and says so.
 */
import type { KnownBlock } from "@slack/types";
import type { ApprovalCard, DetailsCard, FinishedStep } from "../../flow/card.ts";
import { localDate } from "../../flow/zone.ts";
import { caseStandingLines, findCase, trackCaseAction } from "./case-lines.ts";
import { built, context, fitBlocks, sections, type BuiltCard } from "./blocks.ts";
import { headline } from "./customer-line.ts";
import { piece } from "./escape.ts";
import { day, dotted, money, readersTime, upcoming } from "./format.ts";
import {
  customerDataAction,
  findRecommendations,
  findRisk,
  recommendationsAction,
  riskActions,
  type ShownRecommendations,
} from "./known-outputs.ts";
import { outcomeLines, shownAt } from "./outcome-lines.ts";
import { planBlocks } from "./planned-effects.ts";
import { takenBackWords } from "./taken-back.ts";
import { evidenceText, helpLine, missingLine, pointsCell, riskLine } from "./risk-lines.ts";

const pointsExplained =
  "A figure above zero raises the risk, one below lowers it; as log-odds they add up to the score.";
const outputShown = 400;
const takenBackShown = 20;

/** For a modal; `buttons` stand below its first line. */
export function buildDetails(card: ApprovalCard, buttons: KnownBlock[] = []): KnownBlock[] {
  const outcome = card.status === "pending" ? [] : outcomeLines(card);
  return fitBlocks("modal", {
    head: [...sections([headline(card)]), ...buttons, ...sections(outcome)],
    blocks: body(card),
    more: (left) => `… and ${left} more parts`,
    end: [context(origin(card))],
  });
}

/** The same as a message in the card's thread, which holds less than a modal. */
export function buildDetailsReply({ approval: card }: DetailsCard): BuiltCard {
  const blocks = fitBlocks("message", {
    blocks: body(card),
    more: () => "… and more, under Details",
    end: [context(origin(card))],
  });
  return built("Details: evidence, history and what would be sent", blocks);
}

function body(card: ApprovalCard): KnownBlock[] {
  return [
    ...sections(aboutRisk(card), aboutRecommendations(card), caseStandingLines(card), aboutHistory(card)),
    ...card.plans.flatMap((plan) => planBlocks(plan, card.status === "pending" ? "If approved" : "Planned")),
    ...sections(aboutLater(card), aboutTakingBack(card), ...otherOutputs(card)),
  ];
}

function aboutHistory({ history, flowId, now, timezone }: ApprovalCard): string[] {
  if (history.length === 0) return [];
  const today = localDate({ at: now, timezone });
  return [
    `*Earlier with ${piece(flowId, 80)}*`,
    ...history.map(({ started_at, status, outcome, risk_score }) => {
      const when = day(localDate({ at: started_at, timezone }), today);
      const risk = risk_score === null ? null : `risk ${risk_score.toFixed(2)}`;
      return dotted([when, (outcome ?? status).replaceAll("_", " "), risk]);
    }),
  ];
}

function aboutRisk(card: ApprovalCard): string[] {
  const risk = findRisk(card.outputs);
  if (risk === null) return [];
  const today = todayOf(card);
  const threshold = risk.threshold === null ? null : `threshold ${risk.threshold.toFixed(2)}`;
  return [
    dotted([riskLine(risk), risk.risk_level === null ? null : `level ${piece(risk.risk_level, 20)}`, threshold]),
    ...risk.reasons.flatMap((reason) => [
      `${pointsCell(reason.points)}${piece(reason.text, 300)}`,
      ...reason.evidence.map((evidence) => `        ${evidenceText(evidence, { today })}`),
    ]),
    ...helpLine(risk, Infinity),
    ...missingLine(risk),
    ...(risk.model === null ? [] : [`${pointsExplained} Model ${piece(risk.model, 60)}`]),
  ];
}

function aboutRecommendations(card: ApprovalCard): string[] {
  const found = findRecommendations(card.outputs);
  if (found === null) return [];
  const currency = card.customer?.currency ?? null;
  return [
    `*Proposed*${together(found, card)}`,
    ...found.recommendations.flatMap((each, index) => {
      const facts = dotted([
        each.owner_email === null ? null : piece(each.owner_email),
        each.due_date === null ? null : `by ${piece(day(each.due_date, todayOf(card)), 20)}`,
        each.value === null ? null : `worth ${piece(money(each.value, currency), 40)}`,
        each.effect === null ? null : `expected: ${piece(each.effect.text, 120)}`,
      ]);
      return [
        `${index + 1}. ${piece(each.title, 200)}`,
        ...[piece(each.why, 400), facts].filter((line) => line !== "").map((line) => `        ${line}`),
      ];
    }),
  ];
}

function together({ recommendations }: ShownRecommendations, { customer }: ApprovalCard): string {
  const total = recommendations.reduce((sum, { value }) => sum + (value ?? 0), 0);
  if (total === 0 || customer === null || customer.arr === null) return "";
  const shown = [total, customer.arr].map((amount) => piece(money(amount, customer.currency), 40));
  return `, together worth about ${shown.join(" of ")} a year`;
}

function aboutLater({ later }: ApprovalCard): string[] {
  if (later.length === 0) return [];
  return ["*Then*", ...later.map((step) => `${piece(step, 80)}: known when what it needs is there`)];
}

function aboutTakingBack({ takenBack }: ApprovalCard): string[] {
  if (takenBack.length === 0) return [];
  return ["*If taken back*", takenBackWords(takenBack, takenBackShown)];
}

/** What the card has no words for, as it is. The data behind a risk are its reasons' evidence, and stand there in words. */
function otherOutputs({ outputs }: ApprovalCard): string[][] {
  const known: string[] = [...riskActions, recommendationsAction];
  if (findRisk(outputs) !== null) known.push(customerDataAction);
  if (findCase(outputs) !== null) known.push(trackCaseAction);
  const others = outputs.filter(({ action }) => action === null || !known.includes(action));
  return others.flatMap((step) => (step.output === null ? [] : [[`*${piece(step.stepId, 80)}*`, outputText(step)]]));
}

function outputText({ output }: FinishedStep): string {
  return piece(typeof output === "string" ? output : JSON.stringify(output), outputShown);
}

function origin(card: ApprovalCard): string {
  const expires =
    card.status !== "pending" || card.expiresAt === null
      ? null
      : `expires ${readersTime(card.expiresAt, upcoming({ at: card.expiresAt, now: card.now, timezone: card.timezone }))}`;
  const asked = `asked ${shownAt(card.requestedAt, card.timezone)}`;
  return dotted([piece(card.flowId, 80), piece(card.stepId, 80), piece(card.executionId, 80), asked, expires]);
}

function todayOf({ now, timezone }: ApprovalCard): string {
  return localDate({ at: now, timezone });
}
