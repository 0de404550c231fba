/**
 * The approval card (DESIGN §9): understood in 30 seconds, one primary button, nothing that isn't needed. A flow whose outputs it
 * doesn't know gets the same card with the planned effects in place of risk and proposals.
 */
import type { KnownBlock } from "@slack/types";
import type { ApprovalCard, CardPlan } from "../../flow/card.ts";
import { localDate } from "../../flow/zone.ts";
import { actionIds, encodeApproval } from "./action-ids.ts";
import { actions, built, button, context, sections, type BuiltCard } from "./blocks.ts";
import { asideButtons } from "./aside-buttons.ts";
import { alertLines, caseNoteLines } from "./case-lines.ts";
import { headline, plainHeadline } from "./customer-line.ts";
import { effectLine } from "./effect-line.ts";
import { piece } from "./escape.ts";
import { count, dotted, list, number, readersTime, upcoming } from "./format.ts";
import { findRecommendations, findRisk } from "./known-outputs.ts";
import { decisionSummary, outcomeLines } from "./outcome-lines.ts";
import { proposalLines, riskLines } from "./risk-lines.ts";
import { takenBackWords } from "./taken-back.ts";

const effectsShown = 6;

export function buildApprovalCard(card: ApprovalCard): BuiltCard {
  const facts = sections([headline(card)], aboutRisk(card), [...asked(card), ...takenBackLines(card)]);
  return card.status === "pending"
    ? built(pendingText(card), [...facts, ...sections(caseNoteLines(card)), ...pendingBlocks(card)])
    : built(`${decisionSummary(card)}: ${plainHeadline(card)}`, [
        ...facts,
        ...sections(outcomeLines(card), caseNoteLines(card)),
      ]);
}

function aboutRisk(card: ApprovalCard): string[] {
  const risk = findRisk(card.outputs);
  const lines = risk === null ? [] : riskLines(risk, localDate({ at: card.now, timezone: card.timezone }));
  return [...lines, ...(card.status === "pending" ? alertLines(card) : [])];
}

function asked(card: ApprovalCard): string[] {
  const found = findRecommendations(card.outputs);
  // What is sent follows from the proposals; what is overwritten in the CRM is seen before it is gone.
  if (found !== null) return [...proposalLines(found), ...ifApproved(card.plans.filter(changesCrm))];
  const lines = ifApproved(card.plans);
  if (lines.length === 0) return card.status === "pending" ? [nothingPlanned(card)] : [];
  return lines;
}

function changesCrm({ effects }: CardPlan): boolean {
  return effects.some(({ effect }) => effect.kind === "crm_update");
}

function ifApproved(plans: readonly CardPlan[]): string[] {
  const lines = plans.flatMap(planLines);
  const more = lines.length > effectsShown ? [`• and ${lines.length - effectsShown} more, under Details`] : [];
  return lines.length === 0 ? [] : ["If approved:", ...lines.slice(0, effectsShown), ...more];
}

/** A step that repeats is one line, however many it sends. */
function planLines({ stepId, items, effects }: CardPlan): string[] {
  const lines = effects.map(({ effect }) => effectLine(effect));
  if (items === null) return lines.map((line) => `• ${line}`);
  const [first = "nothing is sent", ...others] = lines;
  const more = others.length === 0 ? "" : `, and ${number(others.length)} more, under Details`;
  return [`• ${piece(stepId, 80)} for ${count(items, "item")}: ${first}${more}`];
}

function nothingPlanned({ later }: ApprovalCard): string {
  if (later.length === 0) return "Nothing is sent after it.";
  return `If approved, these steps follow: ${later
    .slice(0, effectsShown)
    .map((step) => piece(step))
    .join(", ")}`;
}

/** What an approver lets happen can be undone so far: under Details if there is more. */
function takenBackLines({ status, takenBack }: ApprovalCard): string[] {
  if (status !== "pending" || takenBack.length === 0) return [];
  return [`If taken back: ${takenBackWords(takenBack, effectsShown)}`];
}

function pendingBlocks(card: ApprovalCard): KnownBlock[] {
  const value = encodeApproval(card);
  return [
    ...sections(votesSoFar(card)),
    // Its name changes with the version, as Slack advises: a press on what an edit has overtaken isn't taken for one on this.
    actions(`approval/${card.version}`, [
      button({ actionId: actionIds.approve, label: "Approve", value, style: "primary" }),
      ...(card.isEditable ? [button({ actionId: actionIds.edit, label: "Edit", value })] : []),
      button({ actionId: actionIds.reject, label: "Reject", value }),
      ...asideButtons(card),
      button({ actionId: actionIds.details, label: "Details", value }),
    ]),
    context(dotted([editWords(card), waitingWords(card), pastWords(card), nextWords(card), expiryWords(card)])),
  ];
}

function editWords({ edits }: ApprovalCard): string | null {
  const last = edits.at(-1);
  return last === undefined ? null : `Edited by ${piece(last.by.name, 80)}`;
}

/** What time has done last. */
function pastWords({ remindedAt, escalated, ...card }: ApprovalCard): string | null {
  if (escalated !== null) return `handed over ${inTime(escalated.at, card)}`;
  return remindedAt === null ? null : `reminded ${inTime(remindedAt, card)}`;
}

/** What time will do next; the rest can wait for its turn. */
function nextWords(card: ApprovalCard): string | null {
  const { escalateAt, escalateTo, remindAt, waitingFor } = card;
  if (escalateAt === null || (remindAt !== null && remindAt < escalateAt))
    return remindAt === null ? null : `reminder ${inTime(remindAt, card)}`;
  const names = escalateTo.map((name) => piece(name, 80));
  // Who may decide already is only told that it is their turn.
  if (escalateTo.every((name) => waitingFor.includes(name)))
    return `${list(names, "and")} will be called ${inTime(escalateAt, card)}`;
  return `goes to ${list(names, "or")} ${inTime(escalateAt, card)}`;
}

function inTime(at: number, { now, timezone }: Pick<ApprovalCard, "now" | "timezone">): string {
  return readersTime(at, upcoming({ at, now, timezone }));
}

function votesSoFar({ votes, quorum }: ApprovalCard): string[] {
  if (quorum < 2) return [];
  const names = votes.filter(({ decision }) => decision === "approve").map(({ by }) => piece(by.name, 80));
  const said = names.length === 0 ? "" : `: ${list(names, "and")}`;
  return [`${names.length} of ${quorum} approvals${said}`];
}

function waitingWords({ waitingFor }: ApprovalCard): string {
  const names = waitingFor.slice(0, 6).map((name) => piece(name, 80));
  return `Waiting for ${names.length === 0 ? "an approver" : list(names, "or")}`;
}

function expiryWords(card: ApprovalCard): string | null {
  if (card.expiresAt === null) return null;
  const shown = upcoming({ at: card.expiresAt, now: card.now, timezone: card.timezone });
  return `expires ${readersTime(card.expiresAt, shown)}`;
}

function pendingText(card: ApprovalCard): string {
  const risk = findRisk(card.outputs);
  return dotted([
    `Approval needed: ${plainHeadline(card)}`,
    risk === null ? null : `risk ${risk.risk_score.toFixed(2)}`,
    waitingWords(card).replace("Waiting", "waiting"),
  ]);
}
