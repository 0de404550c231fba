/** The scores of a customer's assessments as a line over time, from 0 to 1, with the threshold behind it. */
import { localDate } from "../../../flow/zone.ts";
import { day } from "../format.ts";
import type { RiskHistory } from "../risk-history.ts";
import { paint } from "./step-face.ts";
import { element, figure, textLine } from "./svg.ts";

export const scoreLineHeight = 84;
const plotHeight = 52;
const small = { size: 11.5, weight: 400 as const };

export function scoreLine(parameters: {
  history: RiskHistory;
  threshold: number | null;
  timezone: string;
  left: number;
  right: number;
  y: number;
}): string {
  const { history, threshold, timezone, left, right, y } = parameters;
  const { scores } = history;
  const [from = 0, to = 1] = [scores[0]?.at, scores.at(-1)?.at];
  const x = (at: number) => left + (to === from ? 1 : (at - from) / (to - from)) * (right - left);
  const level = (score: number) => y + plotHeight - Math.min(1, Math.max(0, score)) * plotHeight;
  const path = scores.map(
    ({ at, score }, index) => `${index === 0 ? "M" : "L"}${figure(x(at))} ${figure(level(score))}`,
  );
  const today = localDate({ at: to, timezone });
  const label = (at: number, anchor: "start" | "end", content: string) =>
    textLine({
      ...small,
      x: x(at),
      y: y + plotHeight + 18,
      content,
      anchor,
      fill: paint.muted,
      room: (right - left) / 2,
    });
  const first = scores[0];
  return [
    element("rect", { x: left, y, width: right - left, height: plotHeight, rx: 4, fill: "#f4f6f8" }),
    ...(threshold === null
      ? []
      : [
          element("path", {
            d: `M${left} ${figure(level(threshold))}H${right}`,
            stroke: paint.muted,
            "stroke-width": 1,
            "stroke-dasharray": "3 3",
          }),
        ]),
    element("path", { d: path.join(""), fill: "none", stroke: paint.plain.ink, "stroke-width": 2 }),
    ...scores.map(({ at, score }) =>
      element("circle", { cx: figure(x(at)), cy: figure(level(score)), r: 3, fill: paint.plain.ink }),
    ),
    ...(first === undefined
      ? []
      : [
          label(first.at, "start", `${first.score.toFixed(2)} on ${day(localDate({ at: first.at, timezone }), today)}`),
        ]),
    label(to, "end", "now"),
  ].join("");
}
