/** A fit on the terminal: is there skill, what weighs how much, and what would change against the current model. */
import type { FactorWeight } from "../../agents/local/model/factor-weight.ts";
import type { Fit, Fitted } from "../../agents/local/model/fit.ts";
import type { PointChange } from "../../agents/local/model/model-difference.ts";
import type { Skill } from "../../agents/local/model/skill.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { table } from "../table.ts";
import { decimal, difference, share, signed } from "./estimate.ts";

export interface ShownFit {
  fit: Fit;
  renewals: number;
  customers: number;
  lost: number;
  /** Name of the current model. */
  current: string;
  changes: readonly PointChange[];
  /** What is to be reviewed: its place, or its text where no place was named. */
  proposal: { path: string } | { text: string } | null;
}

export function fitText(paper: Paper, shown: ShownFit): string {
  const { fit, renewals, customers, lost } = shown;
  const head = `${number(renewals)} renewals of ${number(customers)} customers, ${number(lost)} lost (${share(lost / renewals)}).`;
  const warnings = fit.warnings.map((warning) => `${paper.mark("yellow", "warning:")} ${plain(warning)}`);
  switch (fit.kind) {
    case "too_little":
      return [head, ...warnings, `Nothing is learnt: ${fit.why}.`].join("\n");
    case "no_skill":
      return [
        head,
        ...warnings,
        "",
        skillTable(paper, shown, fit.skill),
        ...leftOutLines(fit),
        "",
        "No skill: what this history teaches predicts customers that it hasn't seen no better than chance. Nothing is proposed.",
      ].join("\n");
    case "proposed":
      return [head, ...warnings, "", skillTable(paper, shown, fit.skill), ...proposedLines(paper, shown, fit)].join(
        "\n",
      );
    default:
      return fit satisfies never;
  }
}

function proposedLines(paper: Paper, shown: ShownFit, fit: Fit & { kind: "proposed" }): string[] {
  const { factors, skill, model } = fit;
  return [
    "",
    weightTable(paper, factors),
    ...leftOutLines(fit),
    "",
    `Points of ${plain(model.name)} beside ${plain(shown.current)}`,
    changeTable(paper, shown),
    "",
    verdict(shown, skill.difference.interval),
    ...proposalLines(shown.proposal),
  ];
}

function leftOutLines({ leftOut }: Fitted): string[] {
  return leftOut.map(({ signal, why }) => `Left out: ${signal}, ${why}.`);
}

function skillTable(paper: Paper, { current, fit }: ShownFit, skill: Skill): string {
  const { auc, current: theirs, difference: less, chance } = skill;
  const name = fit.kind === "proposed" ? fit.model.name : "fitted";
  const rows = [
    [plain(name), decimal(auc.value, auc.interval), `as good by chance: ${share(chance)}`],
    [plain(current), decimal(theirs.value, theirs.interval), ""],
    ["difference", difference(less.value, less.interval), ""],
  ];
  return table(paper, { heads: ["MODEL", "AUC ON UNSEEN CUSTOMERS", ""], rows });
}

function weightTable(paper: Paper, factors: readonly FactorWeight[]): string {
  const rows = factors.map(({ signal, word, known, weight, interval }) => [
    word === null ? signal : `${signal} ${word}`,
    number(known),
    difference(weight, interval),
    interval.low > 0 ? "raises" : interval.high < 0 ? "lowers" : "not sure",
  ]);
  return table(paper, { heads: ["FACTOR", "KNOWN", "LOG-ODDS PER DEVIATION", "THE RISK"], rows, right: [1] });
}

function changeTable(paper: Paper, { changes, current }: ShownFit): string {
  const rows = changes.map(({ signal, at, before, after }, index) => [
    changes[index - 1]?.signal === signal ? "" : signal,
    String(at),
    before === null ? "not weighed" : signed(before),
    after === null ? "not weighed" : signed(after),
  ]);
  return table(paper, { heads: ["FACTOR", "AT", plain(current).toUpperCase(), "PROPOSED"], rows, right: [1, 2, 3] });
}

function verdict({ current }: ShownFit, { low, high }: { low: number; high: number }): string {
  if (low > 0) return `It ranks unseen customers better than ${plain(current)}.`;
  if (high < 0) return `It ranks unseen customers worse than ${plain(current)}: keep that one.`;
  return `This history doesn't tell whether it ranks better than ${plain(current)}.`;
}

function proposalLines(proposal: ShownFit["proposal"]): string[] {
  if (proposal === null) return [];
  if ("path" in proposal) return [`Written to ${plain(proposal.path)}, for somebody to review. Nothing uses it yet.`];
  return [
    "Nothing is written without --out FILE. The proposal:",
    "",
    ...proposal.text.trimEnd().split("\n").map(plain),
  ];
}

function number(count: number): string {
  return count.toLocaleString("en-US");
}
