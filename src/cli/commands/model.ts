/** `model`: how risk models did on closed renewals, what a history teaches, and which factors raise false alarms. */
import { nearest } from "../../flow/nearest.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { pictureOption } from "../picture-file.ts";

const parts = ["backtest", "fit", "alarms"] as const;

export const model: Command = {
  word: "model",
  usage: [
    "model backtest --history FILE [--model NAME] [--against NAME] [--downgraded D] [--picture FILE] [--seed N]",
    "model fit --history FILE [--model NAME] [--out FILE] [--downgraded D] [--seed N]",
    "model alarms [--since T]",
  ],
  purpose: "how a risk model did on closed renewals, what they teach, and its false alarms",
  options: {
    history: { type: "text", value: "FILE", about: "CSV: a row for each closed renewal, its factors and its outcome" },
    model: { type: "text", value: "NAME", about: "the risk model that is in use (renewal_risk_v2)" },
    against: { type: "text", value: "NAME", about: "a second one, side by side on the same renewals" },
    downgraded: { type: "text", value: "D", about: "whether a downgraded renewal counts as lost or as kept (kept)" },
    picture: pictureOption("draws a backtest too"),
    out: { type: "text", value: "FILE", about: "writes the proposal to this new file, for somebody to review" },
    seed: { type: "text", value: "N", about: "of the draws behind intervals: the same seed, the same figures (1)" },
    since: { type: "text", value: "T", about: "of alarms: executions started since this instant or day (90 days)" },
  },
  notes: [
    "The columns of a history, what each figure says, and how a fitted model is put to use: docs/models.md.",
    "A fit is never applied by itself. Where the history teaches nothing it proposes nothing, and the exit code is 1.",
  ],
  examples: [
    { line: "model backtest --history renewals.csv", about: "ranking, calibration, and cards at each threshold" },
    {
      line: "model backtest --history renewals.csv --against renewal_risk_v1 --picture backtest.png",
      about: "two versions, and a picture",
    },
    { line: "model fit --history renewals.csv --out renewal_risk_v3.yml", about: "a new version to review" },
    { line: "model alarms", about: "which factors people dismiss" },
  ],
  run: async (call) => {
    const [word, ...others] = call.words;
    if (others.length > 0) throw new UsageError(`"${others.join(" ")}" is too much: what else is asked are options.`);
    const part = parts.find((one) => one === word);
    switch (part) {
      case "backtest":
        return (await import("./model-backtest.ts")).runBacktest(call);
      case "fit":
        return (await import("./model-fit.ts")).runFit(call);
      case "alarms":
        return (await import("./model-alarms.ts")).runAlarms(call);
      case undefined: {
        const suggestion = word === undefined ? null : nearest(word, parts);
        throw new UsageError(`After model comes ${parts.slice(0, -1).join(", ")} or ${parts.at(-1) ?? ""}.`, {
          suggestion,
        });
      }
      default:
        return part satisfies never;
    }
  },
};
