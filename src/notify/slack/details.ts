/**
 * Details: the evidence behind a card and exactly what an approval lets out (A3), as text. Everything that the short card leaves
 * out stands here; what is too long for Slack is cut and says so.
 */
import type { KnownBlock } from "@slack/types";
import type { ApprovalCard, DetailsCard, FinishedStep } from "../../flow/card.ts";
import type { Effect, PlannedEffect } from "../../flow/effect.ts";
import { localDate } from "../../flow/zone.ts";
import { built, context, sections, type BuiltCard } from "./blocks.ts";
import { headline } from "./customer-line.ts";
import { effectLine, slotLine } from "./effect-line.ts";
import { piece } from "./escape.ts";
import { day, dotted, money, readersTime, upcoming } from "./format.ts";
import {
  customerDataAction,
  findRecommendations,
  findRisk,
  recommendationsAction,
  riskAction,
  type ShownRecommendations,
} from "./known-outputs.ts";
import { checkBlocks, limits, truncateEscaped } from "./limits.ts";
import { outcomeLines, shownAt } from "./outcome-lines.ts";
import { evidenceText, helpLine, missingLine, pointsCell, riskLine } from "./risk-lines.ts";

const pointsExplained =
  "A figure above zero raises the risk, one below lowers it; as log-odds they add up to the score.";
const textLinesShown = 30;
const outputShown = 400;
/** The modal's blocks, less one for what was left out. */
const mostBlocks = limits.modalBlocks - 1;

export function buildDetails(card: ApprovalCard): KnownBlock[] {
  const outcome = card.status === "pending" ? [] : outcomeLines(card);
  const blocks = [...sections([headline(card)], outcome), ...body(card)];
  const shown: KnownBlock[] = blocks.slice(0, mostBlocks - 1);
  if (shown.length < blocks.length) shown.push(...sections([`… and ${blocks.length - shown.length} more parts`]));
  return [...shown, context(origin(card))];
}

/** The same as a message in the card's thread, which holds less than a modal. */
export function buildDetailsReply({ approval: card }: DetailsCard): BuiltCard {
  const blocks: KnownBlock[] = body(card);
  const cut = sections(["… and more, under Details"]);
  const end = context(origin(card));
  let kept = blocks.length;
  const shown = () => [...blocks.slice(0, kept), ...(kept < blocks.length ? cut : []), end];
  while (kept > 0 && checkBlocks(shown()).length > 0) kept -= 1;
  return built("Details: evidence, history and what would be sent", shown());
}

function body(card: ApprovalCard): KnownBlock[] {
  return [
    ...sections(aboutRisk(card), aboutRecommendations(card), aboutHistory(card)),
    ...card.plans.flatMap((plan) => aboutPlan(plan, card.status === "pending")),
    ...sections(aboutLater(card), ...otherOutputs(card)),
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

function aboutPlan(plan: ApprovalCard["plans"][number], pending: boolean): KnownBlock[] {
  const name = piece(plan.stepId, 80);
  const title = pending ? `*If approved: ${name}*` : `*Planned: ${name}*`;
  if (plan.effects.length === 0) return sections([title, "nothing is sent by this step"]);
  return sections([title], ...plan.effects.map((planned) => effectLines(planned)));
}

function effectLines({ effect }: PlannedEffect): string[] {
  return [effectLine(effect), ...content(effect)];
}

function content(effect: Effect): string[] {
  switch (effect.kind) {
    case "email":
      return quoted(effect.text);
    case "slack_message":
      // Its text is mrkdwn, escaped by the action that planned it.
      return cutQuote(effect.text.split("\n").map((line) => `> ${truncateEscaped(line, 400)}`));
    case "calendar_event":
      return [slotLine(effect), ...quoted(effect.description)];
    default:
      return effect satisfies never;
  }
}

function quoted(text: string): string[] {
  return cutQuote(
    text
      .trim()
      .split("\n")
      .map((line) => `> ${piece(line, 400)}`),
  );
}

function cutQuote(lines: string[]): string[] {
  if (lines.length <= textLinesShown) return lines;
  return [...lines.slice(0, textLinesShown), `> … and ${lines.length - textLinesShown} more lines`];
}

function aboutLater({ later }: ApprovalCard): string[] {
  if (later.length === 0) return [];
  return ["*Then*", ...later.map((step) => `${piece(step, 80)}: known when what it needs is there`)];
}

/** What the card has no words for, as it is. The data behind a risk are its reasons' evidence, and stand there in words. */
function otherOutputs({ outputs }: ApprovalCard): string[][] {
  const known: string[] = [riskAction, recommendationsAction];
  if (findRisk(outputs) !== null) known.push(customerDataAction);
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
