/**
 * A backtest as a picture of four plots: how well scores rank, what each threshold gives, what scores mean, and how many cards
 * they make. A second model is dashed, so that the colour doesn't say it alone.
 */
import { head, headerHeight } from "./header.ts";
import { type Plot, line, place, plotFrame, plotRoom, roundTicks } from "./plot.ts";
import { paint } from "./step-face.ts";
import { drawing, element, figure, textLine, type Drawing } from "./svg.ts";

interface Between {
  low: number;
  high: number;
}

export interface ShownModel {
  model: string;
  threshold: number;
  auc: { value: number | null; interval: Between | null };
  calibration: readonly { renewals: number; said: number; happened: number; interval: Between | null }[];
  thresholds: readonly {
    threshold: number;
    cards: number;
    precision: number | null;
    recall: number | null;
    cards_a_week_per_owner: number | null;
  }[];
  curve: readonly { falseAlarms: number; recall: number }[];
}

export interface ShownBacktest {
  renewals: number;
  customers: number;
  lost: number;
  from: string;
  to: string;
  weeks: number;
  owners: number;
  models: readonly ShownModel[];
}

const plotSize = { width: 310, height: 210 } as const;
const margin = 14;
const legendHeight = 24;
const looks: readonly { stroke: string; dash?: string }[] = [{ stroke: "#1d5fbf" }, { stroke: "#b4560f", dash: "6 3" }];

const percent = (share: number) => `${Math.round(share * 100)} %`;
const shares = { range: [0, 1] as const, ticks: [0, 0.25, 0.5, 0.75, 1], written: percent };
const scores = {
  range: [0, 1] as const,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  written: (score: number) => score.toFixed(1),
};

export function backtestSvg(shown: ShownBacktest): Drawing {
  const { models, renewals, customers, lost, from, to } = shown;
  const cell = {
    width: plotRoom.left + plotSize.width + plotRoom.right,
    height: plotRoom.above + plotSize.height + plotRoom.below,
  };
  const width = 2 * margin + 2 * cell.width;
  const top = headerHeight + models.length * legendHeight + 18;
  const at = (column: number, row: number) => ({
    left: margin + column * cell.width + plotRoom.left,
    top: top + row * cell.height + plotRoom.above,
    ...plotSize,
  });
  const below = `${count(renewals)} renewals of ${count(customers)} customers, closed from ${from} to ${to}, ${count(lost)} lost`;
  const content = [
    head({ title: "Backtest", aside: "", below, width }),
    ...models.map((model, index) => legend(model, index, width)),
    ranking(shown, at(0, 0)),
    precisionAndRecall(shown, at(1, 0)),
    calibration(shown, at(0, 1)),
    cards(shown, at(1, 1)),
  ];
  return drawing({ width, height: top + 2 * cell.height + 6, content });
}

type Place = Pick<Plot, "left" | "top" | "width" | "height">;

function lookOf(index: number): { stroke: string; dash?: string } {
  return looks[index % looks.length] ?? { stroke: paint.text };
}

function legend({ model, auc, threshold }: ShownModel, index: number, width: number): string {
  const y = headerHeight + 24 + index * legendHeight;
  const { stroke, dash } = lookOf(index);
  const between = auc.interval === null ? "" : ` (${auc.interval.low.toFixed(2)} to ${auc.interval.high.toFixed(2)})`;
  const area = auc.value === null ? "" : ` · AUC ${auc.value.toFixed(2)}${between}`;
  const content = `${model}${area} · threshold ${threshold.toFixed(2)}`;
  const sample = { d: `M${margin + 8} ${y - 4}h26`, stroke, "stroke-width": 2.4, "stroke-dasharray": dash };
  return [
    element("path", sample),
    textLine({ x: margin + 42, y, content, size: 12.5, fill: paint.text, room: width - 2 * margin - 42 }),
  ].join("");
}

function ranking({ models }: ShownBacktest, where: Place): string {
  const plot: Plot = {
    ...where,
    title: "Are the lost ranked first?",
    across: { ...shares, name: "kept ones taken for lost" },
    up: { ...shares, name: "lost ones found" },
  };
  const curves = models.map(({ curve }, index) =>
    line(
      plot,
      curve.map(({ falseAlarms, recall }) => ({ x: falseAlarms, y: recall })),
      lookOf(index),
    ),
  );
  return [plotFrame(plot), even(plot), ...curves].join("");
}

function precisionAndRecall({ models, lost, renewals }: ShownBacktest, where: Place): string {
  const plot: Plot = {
    ...where,
    title: "What a threshold gives",
    across: { ...scores, name: "threshold; thick: cards right, thin: lost ones found" },
    up: { ...shares, name: "share" },
  };
  const base = lost / renewals;
  const lines = models.flatMap(({ thresholds }, index) =>
    (["precision", "recall"] as const).map((name) => {
      const points = thresholds.flatMap(({ threshold, [name]: y }) => (y === null ? [] : [{ x: threshold, y }]));
      return line(plot, points, { ...lookOf(index), width: name === "precision" ? 2.4 : 1.1 });
    }),
  );
  const all = line(
    plot,
    [0, 1].map((x) => ({ x, y: base })),
    { stroke: paint.line, width: 1, dash: "2 3" },
  );
  return [plotFrame(plot), all, ...lines].join("");
}

function calibration({ models }: ShownBacktest, where: Place): string {
  const plot: Plot = {
    ...where,
    title: "What a score means",
    across: { ...scores, name: "score; a bigger dot: more renewals" },
    up: { ...shares, name: "were lost" },
  };
  const most = Math.max(...models.flatMap((model) => model.calibration.map(({ renewals }) => renewals)));
  const dots = models.flatMap(({ calibration: bins }, index) =>
    bins.map(({ said, happened, renewals, interval }) => {
      const { stroke } = lookOf(index);
      const { x, y } = place(plot, { x: said, y: happened });
      const radius = 2.5 + 5 * Math.sqrt(renewals / most);
      const fill = index === 0 ? stroke : "#ffffff";
      const dot = element("circle", { cx: x, cy: y, r: radius, fill, stroke, "stroke-width": 1.6 });
      if (interval === null) return dot;
      const [low, high] = [interval.low, interval.high].map((end) => place(plot, { x: said, y: end }).y);
      return (
        element("path", { d: `M${figure(x)} ${figure(low ?? y)}V${figure(high ?? y)}`, stroke, opacity: 0.55 }) + dot
      );
    }),
  );
  return [plotFrame(plot), even(plot), ...dots].join("");
}

/** Per owner where owners are known, else of all together. */
function cards({ models, weeks, owners }: ShownBacktest, where: Place): string {
  const lines = models.map(({ thresholds }) =>
    thresholds.map(({ threshold, cards: all, cards_a_week_per_owner: each }) => ({
      x: threshold,
      y: each ?? all / weeks,
    })),
  );
  const ticks = roundTicks(Math.max(...lines.flat().map(({ y }) => y)));
  const plot: Plot = {
    ...where,
    title: "Cards a week",
    across: { ...scores, name: "threshold" },
    up: { name: owners > 0 ? "per owner" : "of all owners", range: [0, ticks.at(-1) ?? 1], ticks, written: String },
  };
  const own = models.map(({ threshold }, index) => {
    const { x } = place(plot, { x: threshold, y: 0 });
    return element("path", {
      d: `M${figure(x)} ${plot.top}v${plot.height}`,
      stroke: lookOf(index).stroke,
      opacity: 0.35,
    });
  });
  return [plotFrame(plot), ...own, ...lines.map((points, index) => line(plot, points, lookOf(index)))].join("");
}

/** What chance, or a score that means what it says, would give. */
function even(plot: Plot): string {
  return line(
    plot,
    [0, 1].map((value) => ({ x: value, y: value })),
    { stroke: paint.line, width: 1, dash: "2 3" },
  );
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
