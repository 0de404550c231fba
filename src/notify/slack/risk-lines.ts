/** Risk and recommendations as the lines of a card: the figure first, its reasons in order, what would bring it down. */
import { piece } from "./escape.ts";
import { day, dotted, list, points } from "./format.ts";
import type { ShownRecommendations, ShownRisk } from "./known-outputs.ts";

const reasonsShown = 3;
/** Of a card; a reader of Details has time for all of it. */
const helpLength = 90;
const recommendationsShown = 4;

export function riskLines(risk: ShownRisk, today: string): string[] {
  return [
    riskLine(risk),
    ...(risk.summary === null ? [] : [piece(risk.summary, 300)]),
    ...strongest(risk).map((reason) => reasonLine(reason, today)),
    ...helpLine(risk, helpLength),
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
  const shown = evidence === null ? "" : ` · ${evidenceText(evidence, { today, said: reason.text, maxLength: 120 })}`;
  return `${pointsCell(reason.points)}${piece(reason.text, 160)}${shown}`;
}

export function pointsCell(value: number | null): string {
  return value === null ? "• " : `\`${points(value)}\`  `;
}

/** "49 of 120 seats active (31 Oct)"; no date where the evidence, or the reason that it stands behind, already says it. */
export function evidenceText(
  { text, date }: { text: string; date: string | null },
  { today, said = "", maxLength = 300 }: { today: string; said?: string; maxLength?: number },
): string {
  const when = date === null ? null : day(date, today);
  const isSaid = when === null || said.includes(when) || text.includes(when);
  return isSaid ? piece(text, maxLength) : `${piece(text, maxLength)} (${piece(when, 20)})`;
}

/** The first way, and the others as long as all of it stays within so many characters. */
export function helpLine(risk: ShownRisk, maxLength: number): string[] {
  const threshold = risk.threshold;
  if (threshold === null || risk.risk_score < threshold) return [];
  const enough = risk.what_would_help.filter(({ risk_score }) => risk_score === null || risk_score < threshold);
  const [first, ...others] = enough.map(({ text }) => piece(text, 160));
  if (first === undefined) return [];
  const words = others.reduce((line, next) => {
    const longer = `${line}, or ${next}`;
    return longer.length > maxLength ? line : longer;
  }, first);
  return [`Under ${threshold.toFixed(2)} if: ${words}`];
}

export function missingLine(risk: ShownRisk): string[] {
  if (risk.missing.length === 0) return [];
  const names = risk.missing.slice(0, 5).map((name) => piece(name.replaceAll("_", " "), 90));
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
