/** Risk and recommendations as the lines of a card: the figure first, its reasons in order, what would bring it down. */
import { piece } from "./escape.ts";
import { day, dotted, list, points } from "./format.ts";
import type { ShownRecommendations, ShownRisk } from "./known-outputs.ts";

const reasonsShown = 3;
const helpShown = 2;
const recommendationsShown = 4;

export function riskLines(risk: ShownRisk, today: string): string[] {
  return [
    riskLine(risk),
    ...strongest(risk).map((reason) => reasonLine(reason, today)),
    ...helpLine(risk),
    ...missingLine(risk),
  ];
}

export function riskLine(risk: ShownRisk): string {
  const confidence = risk.confidence === null ? null : `confidence ${piece(risk.confidence, 20)}`;
  return dotted([`Risk *${risk.risk_score.toFixed(2)}*`, confidence]);
}

/** The points stand first and all as wide, so that they stay a column when the text beside them wraps. */
function reasonLine(reason: ShownRisk["reasons"][number], today: string): string {
  const evidence = newEvidence(reason);
  const shown = evidence === null ? "" : ` · ${evidenceText(evidence, today, 120)}`;
  return `${pointsCell(reason.points)}${piece(reason.text, 160)}${shown}`;
}

export function pointsCell(value: number | null): string {
  return value === null ? "• " : `\`${points(value)}\`  `;
}

/** "49 of 120 seats in use (31 Oct)". */
export function evidenceText(evidence: { text: string; date: string | null }, today: string, maxLength = 300): string {
  const text = piece(evidence.text, maxLength);
  return evidence.date === null ? text : `${text} (${piece(day(evidence.date, today), 20)})`;
}

export function helpLine(risk: ShownRisk): string[] {
  const threshold = risk.threshold;
  if (threshold === null || risk.risk_score < threshold) return [];
  const enough = risk.what_would_help.filter(({ risk_score }) => risk_score === null || risk_score < threshold);
  if (enough.length === 0) return [];
  const words = enough.slice(0, helpShown).map(({ text }) => piece(text, 160));
  return [`Under ${threshold.toFixed(2)} if: ${words.join(", or ")}`];
}

export function missingLine(risk: ShownRisk): string[] {
  if (risk.missing.length === 0) return [];
  const names = risk.missing.slice(0, 5).map((name) => piece(name.replaceAll("_", " "), 60));
  return [`Not known: ${list(names, "and")}`];
}

export function proposalLines({ recommendations }: ShownRecommendations): string[] {
  const shown = recommendations.slice(0, recommendationsShown);
  return ["Proposed:", ...shown.map(({ title }, index) => `${index + 1}. ${piece(title, 160)}`)];
}

function strongest(risk: ShownRisk): ShownRisk["reasons"] {
  return risk.reasons.toSorted((one, other) => (other.points ?? 0) - (one.points ?? 0)).slice(0, reasonsShown);
}

/** The first that the reason's own words don't already say. */
function newEvidence(reason: ShownRisk["reasons"][number]): ShownRisk["reasons"][number]["evidence"][number] | null {
  const said = reason.text.toLowerCase();
  return reason.evidence.find(({ text }) => !said.includes(text.toLowerCase())) ?? null;
}
