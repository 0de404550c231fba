/** A backtest on the terminal: who was looked at, how well the scores rank, what each threshold would have asked, and what scores mean. */
import type { Backtest, Comparison, ModelFigures } from "../../agents/local/model/backtest.ts";
import type { ThresholdFigures } from "../../agents/local/model/cards.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";
import { decimal, difference, share } from "./estimate.ts";

export function backtestText(
  paper: Paper,
  shown: { found: Backtest; downgradedIsLost: boolean; warnings: readonly string[] },
): string {
  const { found, downgradedIsLost, warnings } = shown;
  return [
    historyLine(found, downgradedIsLost),
    knownLine(found),
    ...warnings.map((warning) => `${paper.mark("yellow", "warning:")} ${warning}`),
    "",
    overview(paper, found),
    ...found.models.flatMap((model) => ["", modelText(paper, model)]),
    ...(found.comparison === null ? [] : ["", comparisonText(paper, found, found.comparison)]),
    "",
    ...verdict(found),
  ].join("\n");
}

function historyLine(found: Backtest, downgradedIsLost: boolean): string {
  const { renewals, customers, from, to, lost, outcomes, owners, weeks } = found;
  const downgraded =
    outcomes.downgraded === 0
      ? ""
      : `, ${number(outcomes.downgraded)} downgraded ${outcomes.downgraded === 1 ? "counts" : "count"} as ${downgradedIsLost ? "lost" : "renewed"}`;
  const who =
    owners === 0 ? "No owner is known" : `${plural(owners, "owner")} over ${plural(Math.round(weeks), "week")}`;
  return `${plural(renewals, "renewal")} of ${plural(customers, "customer")}, closed from ${from} to ${to}: ${number(lost)} lost (${share(lost / renewals)})${downgraded}. ${who}.`;
}

/** Only what isn't known of nearly everybody. */
function knownLine({ known, renewals }: Backtest): string {
  const gaps = known.filter((signal) => signal.renewals < 0.995 * renewals);
  if (gaps.length === 0) return "All factors are known in nearly all renewals.";
  return `Known: ${gaps.map(({ signal, renewals: of }) => `${signal} in ${share(of / renewals)}`).join(", ")}.`;
}

function overview(paper: Paper, { models, comparison, brier_of_base_rate }: Backtest): string {
  const rows = models.map(({ model, auc, brier }) => [
    plain(model),
    decimal(auc.value, auc.interval),
    decimal(brier.value, brier.interval),
  ]);
  const less =
    comparison === null
      ? []
      : [
          [
            "difference",
            ...[comparison.auc, comparison.brier].map(({ value, interval }) => difference(value, interval)),
          ],
        ];
  const base = ["the share of the lost for everybody", "0.50", decimal(brier_of_base_rate)];
  return table(paper, { heads: ["MODEL", "AUC", "BRIER"], rows: [...rows, ...less, base] });
}

const thresholdHeads = [
  "THRESHOLD",
  "CARDS",
  "RIGHT",
  "PRECISION",
  "RECALL",
  "LOST REVENUE",
  "CARDS A WEEK PER OWNER",
  "BUSIEST",
];
const binHeads = ["SCORE", "RENEWALS", "LOST", "SAID", "HAPPENED"];

function modelText(paper: Paper, { model, threshold, thresholds, calibration }: ModelFigures): string {
  const rows = thresholds.map((figures) => thresholdRow(figures, figures.threshold === threshold));
  const bins = calibration.map(({ from, to, renewals, lost, said, happened, interval }) => [
    `${from.toFixed(1)} to ${to.toFixed(1)}`,
    number(renewals),
    number(lost),
    share(said),
    share(happened, interval),
  ]);
  return [
    `${paper.mark("bold", plain(model))}, its own threshold marked *`,
    table(paper, { heads: thresholdHeads, rows, right: [1, 2, 5, 6, 7] }),
    "",
    table(paper, { heads: binHeads, rows: bins, right: [1, 2, 3] }),
  ].join("\n");
}

function thresholdRow(figures: ThresholdFigures, isOwn: boolean): string[] {
  const { threshold, cards, right, precision, precision_interval, recall, recall_interval } = figures;
  return [
    `${threshold.toFixed(2)}${isOwn ? " *" : ""}`,
    number(cards),
    number(right),
    share(precision, precision_interval),
    share(recall, recall_interval),
    share(figures.recall_of_revenue),
    decimal(figures.cards_a_week_per_owner),
    decimal(figures.owners[0]?.cards_a_week ?? null),
  ];
}

function comparisonText(paper: Paper, { models }: Backtest, { thresholds }: Comparison): string {
  const [one, other] = models.map(({ model }) => plain(model));
  const rows = thresholds.map(({ threshold, precision, recall, cards }) => [
    threshold.toFixed(2),
    whole(cards.value),
    ...[precision, recall].map(({ value, interval }) => share(value, interval)),
  ]);
  return [
    `${one ?? ""} less ${other ?? ""}, on the same renewals; precision and recall in points`,
    table(paper, { heads: ["THRESHOLD", "CARDS", "PRECISION", "RECALL"], rows, right: [1] }),
  ].join("\n");
}

/** What the tables come to, for who reads one line. */
function verdict({ models, comparison, lost }: Backtest): string[] {
  const own = models.flatMap(({ model, threshold, thresholds, auc }) => {
    const figures = thresholds.find((one) => one.threshold === threshold);
    if (figures === undefined) return [];
    const cards = `${number(figures.right)} of ${plural(figures.cards, "card")} right`;
    const found = `${number(figures.right)} of ${number(lost)} lost found`;
    const skill = hasSkill(auc) ? "" : " It can't be told from chance.";
    return [`${plain(model)} at ${threshold.toFixed(2)}: ${cards}, ${found}.${skill}`];
  });
  return [...own, ...(comparison === null ? [] : [better(models, comparison)])];
}

/** Whether the interval of the area leaves no doubt that it is more than chance. */
export function hasSkill({ interval }: ModelFigures["auc"]): boolean {
  return interval !== null && interval.low > 0.5;
}

function better(models: readonly ModelFigures[], { auc: { interval } }: Comparison): string {
  const [one = "", other = ""] = models.map(({ model }) => plain(model));
  if (interval !== null && interval.low > 0) return `${one} ranks better than ${other}.`;
  if (interval !== null && interval.high < 0) return `${other} ranks better than ${one}.`;
  return `This history doesn't tell which of ${one} and ${other} ranks better.`;
}

function whole(value: number | null): string {
  return value === null ? "" : `${value > 0 ? "+" : value < 0 ? "−" : ""}${number(Math.abs(value))}`;
}

function plural(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
