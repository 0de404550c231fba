/**
 * What a risk is made of, as a picture: the score on its scale, and a bar for each reason, to the right where it raises the risk,
 * to the left where it lowers it. The figures are log-odds, as on the card.
 */
import type { Customer } from "../../../flow/customer.ts";
import { dotted, points } from "../format.ts";
import { dayThen, pointsThen, type RiskHistory } from "../risk-history.ts";
import type { ShownRisk } from "../known-outputs.ts";
import { drawnName, head, headerHeight } from "./header.ts";
import { scoreLine, scoreLineHeight } from "./score-line.ts";
import { paint } from "./step-face.ts";
import { drawing, element, figure, textLine, type Drawing } from "./svg.ts";
import { drawable, wrapped } from "./svg-text.ts";

const width = 480;
const margin = 22;
const left = margin;
const right = width - margin;
const pointsRoom = 52;
const thenRoom = 66;
const lineHeight = 17;
const barHeight = 10;
const reasonFont = { size: 12.5, weight: 400 as const };
const small = { size: 11.5, weight: 400 as const };
const raising = { bar: "#cf5a45", ink: "#a83a26" };
const lowering = { bar: "#3f9d63", ink: "#1a7340" };

type Reason = ShownRisk["reasons"][number];

/** The strongest first; one that nobody weighed has no bar. */
export function weighedReasons({ reasons }: ShownRisk): Reason[] {
  return reasons
    .toSorted((one, other) => Math.abs(other.points ?? 0) - Math.abs(one.points ?? 0))
    .slice(0, mostReasons);
}
const mostReasons = 12;

export interface DrawnRisk {
  risk: ShownRisk;
  customer: Customer | null;
  /** Null: nothing was assessed before, or it isn't asked for. */
  history: RiskHistory | null;
  /** For the days of the history. */
  timezone: string;
}

export function riskFactorsSvg({ risk, customer, history, timezone }: DrawnRisk): Drawing {
  const reasons = weighedReasons(risk);
  const scale = pointsScale(reasons, history);
  const below = dotted([drawnName({ customer }), confidenceWords(risk), risk.model]);
  const title = `Risk ${risk.risk_score.toFixed(2)}`;
  const content = [
    head({ title, aside: risk.risk_level ?? "", below, width }),
    scoreBar({ risk, y: headerHeight + 20 }),
  ];
  let y = headerHeight + 66;
  if (history !== null) {
    content.push(scoreLine({ history, threshold: risk.threshold, timezone, left, right, y }));
    y += scoreLineHeight;
  }
  for (const reason of reasons) {
    const lines = linesOf(reason, history);
    content.push(reasonRow({ reason, lines, y, scale, before: pointsThen(history, reason) }));
    y += lines.length * lineHeight + barHeight + 16;
  }
  const legend = [
    "to the right: raises the risk; to the left: lowers it (log-odds)",
    ...(history === null ? [] : [`outlined: on ${dayThen(history, timezone)}`]),
  ].join("; ");
  content.push(textLine({ ...small, x: left, y: y + 8, content: legend, fill: paint.muted, room: right - left }));
  return drawing({ width, height: y + 24, content });
}

export function confidenceWords({ confidence }: ShownRisk): string | null {
  return confidence === null ? null : `confidence ${confidence}`;
}

/** From points to where they lie; zero is at the left where nothing lowers the risk. */
function pointsScale(reasons: readonly Reason[], history: RiskHistory | null): (value: number) => number {
  const values = reasons.flatMap((reason) => [reason.points ?? 0, pointsThen(history, reason) ?? 0]);
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const span = most - least;
  return (value) => (span === 0 ? left : left + ((value - least) / span) * (right - left));
}

function linesOf({ text }: Reason, history: RiskHistory | null): string[] {
  const room = right - left - pointsRoom - (history === null ? 0 : thenRoom);
  return wrapped(drawable(text), { ...reasonFont, room, lines: 2 });
}

function reasonRow(parameters: {
  reason: Reason;
  lines: readonly string[];
  y: number;
  scale: (value: number) => number;
  /** Null: there is nothing to hold it against. */
  before: number | null;
}): string {
  const { reason, lines, y, scale, before } = parameters;
  const value = reason.points;
  const texts = lines.map((content, index) =>
    textLine({ ...reasonFont, x: left, y: y + 12 + index * lineHeight, content, fill: paint.text, room: right - left }),
  );
  if (value === null) return texts.join("");
  const { bar: fill, ink } = value < 0 ? lowering : raising;
  const figures = { x: right, y: y + 12, content: points(value), anchor: "end" as const, room: pointsRoom };
  const x = Math.min(scale(0), scale(value));
  const bar = { x, y: y + lines.length * lineHeight + 2, width: Math.max(2, Math.abs(scale(value) - scale(0))) };
  return [
    ...texts,
    textLine({ ...figures, size: 12.5, weight: 600, fill: ink }),
    element("rect", { ...bar, height: barHeight, rx: 2, fill }),
    ...(before === null ? [] : beforeMarks({ before, y, barY: bar.y, scale })),
    element("path", {
      d: `M${figure(scale(0))} ${figure(bar.y - 3)}v${barHeight + 6}`,
      stroke: paint.muted,
      "stroke-width": 1,
    }),
  ].join("");
}

/** The earlier figure in words, and an outline where its bar ended. */
function beforeMarks(parameters: {
  before: number;
  y: number;
  barY: number;
  scale: (value: number) => number;
}): string[] {
  const { before, y, barY, scale } = parameters;
  const x = Math.min(scale(0), scale(before));
  const outline = { x, y: barY - 2, width: Math.max(1, Math.abs(scale(before) - scale(0))), height: barHeight + 4 };
  const words = { x: right - pointsRoom, y: y + 12, anchor: "end" as const, room: thenRoom, fill: paint.muted };
  return [
    element("rect", {
      ...outline,
      rx: 3,
      fill: "none",
      stroke: paint.muted,
      "stroke-width": 1,
      "stroke-dasharray": "2 2",
    }),
    textLine({ ...small, ...words, content: before === 0 ? "was 0" : `was ${points(before)}` }),
  ];
}

/** From 0 to 1, with the threshold from which the flow asks. */
function scoreBar({ risk, y }: { risk: ShownRisk; y: number }): string {
  const room = right - left;
  const at = (score: number) => left + Math.min(1, Math.max(0, score)) * room;
  const track = { x: left, y, width: room, height: 8, rx: 4, fill: "#e9edf2" };
  const filled = { ...track, width: Math.max(8, at(risk.risk_score) - left), fill: paint.plain.ink };
  const label = (content: string, x: number, anchor: "start" | "middle" | "end") =>
    textLine({ ...small, x, y: y + 25, content, anchor, fill: paint.muted, room: 120 });
  const { threshold } = risk;
  const limit =
    threshold === null
      ? []
      : [
          // White beside it, or it would be lost on the bar.
          ...[
            { stroke: "#ffffff", "stroke-width": 5 },
            { stroke: paint.text, "stroke-width": 1.8 },
          ].map((stroke) => element("path", { d: `M${figure(at(threshold))} ${y - 4}v16`, ...stroke })),
          label(
            `threshold ${threshold.toFixed(2)}`,
            Math.min(right - 70, Math.max(left + 70, at(threshold))),
            "middle",
          ),
        ];
  return [
    element("rect", track),
    element("rect", filled),
    ...limit,
    label("0", left, "start"),
    label("1", right, "end"),
  ].join("");
}
