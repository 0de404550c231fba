/** `model backtest`: how one or two risk models would have done on closed renewals, as tables, a document and a picture. */
import { type Backtest, backtest, type ModelFigures } from "../../agents/local/model/backtest.ts";
import { warningsOn } from "../../agents/local/model/history-warning.ts";
import { leaksIn } from "../../agents/local/model/leak.ts";
import { backtestSvg } from "../../notify/slack/pictures/backtest.ts";
import { type Asked, askedOf, modelCalled } from "../closed-renewals.ts";
import type { Answer, Call } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { pictureFile, writePicture } from "../picture-file.ts";
import { plain } from "../plain.ts";
import { backtestText, hasSkill } from "../views/backtest.ts";

const draws = 1_000;

export async function runBacktest(call: Call): Promise<Answer> {
  const { options } = call;
  if (options.isSet("out")) throw new UsageError("--out is for model fit; a backtest is drawn with --picture FILE.");
  const picture = pictureFile(options);
  const asked = await askedOf(call);
  if (!("history" in asked)) return asked;
  const against = options.text("against");
  const { history, model, models, seed } = asked;
  const second = against === null ? null : modelCalled(against, models);
  if (second?.name === model.name) throw new UsageError("--against must name another model than --model.");
  requireBoth(asked);
  const found = backtest(history.renewals, { model, against: second, draws, seed });
  if (picture !== null) await writePicture(picture, backtestSvg(found));
  return answer(asked, found, picture);
}

function requireBoth({ file, history }: Asked): void {
  const lost = history.renewals.filter((renewal) => renewal.lost).length;
  if (lost > 0 && lost < history.renewals.length) return;
  const which = lost === 0 ? "No renewal" : "Every renewal";
  throw new CommandError([`${which} of ${plain(file)} was lost, so nothing can be told apart.`]);
}

function answer({ history, downgradedIsLost }: Asked, found: Backtest, picture: string | null): Answer {
  const unskilled = found.models.filter(({ auc }) => !hasSkill(auc)).map(({ model }) => model);
  const { renewals, absent } = history;
  const warnings = [
    ...(absent.length === 0 ? [] : [`The history has no column ${absent.join(", ")}: not known of anybody.`]),
    ...warningsOn({ renewals, leaks: leaksIn(renewals), factors: [] }),
  ];
  const drawn = picture === null ? [] : [`Drawn to ${plain(picture)}.`];
  return {
    document: { ...documentOf(found, { downgradedIsLost, picture }), warnings },
    text: (paper) => [backtestText(paper, { found, downgradedIsLost, warnings }), ...drawn].join("\n"),
    isProblem: unskilled.length > 0,
  };
}

function documentOf(found: Backtest, asked: { downgradedIsLost: boolean; picture: string | null }) {
  const { models, comparison, outcomes, known, ...rest } = found;
  return {
    ...rest,
    outcomes: { ...outcomes },
    downgraded_is_lost: asked.downgradedIsLost,
    known: known.map((one) => ({ ...one })),
    models: models.map(modelDocument),
    comparison:
      comparison === null
        ? null
        : {
            auc: estimate(comparison.auc),
            brier: estimate(comparison.brier),
            thresholds: comparison.thresholds.map(({ threshold, precision, recall, cards }) => ({
              threshold,
              precision: estimate(precision),
              recall: estimate(recall),
              cards: estimate(cards),
            })),
          },
    picture: asked.picture,
  };
}

function modelDocument({ model, threshold, auc, brier, calibration, thresholds, curve }: ModelFigures) {
  return {
    model,
    threshold,
    has_skill: hasSkill(auc),
    auc: estimate(auc),
    brier: estimate(brier),
    calibration: calibration.map(({ interval, ...bin }) => ({
      ...bin,
      interval: interval === null ? null : { ...interval },
    })),
    thresholds: thresholds.map(({ precision_interval, recall_interval, owners, ...figures }) => ({
      ...figures,
      precision_interval: precision_interval === null ? null : { ...precision_interval },
      recall_interval: recall_interval === null ? null : { ...recall_interval },
      owners: owners.map((owner) => ({ ...owner })),
    })),
    curve: curve.map(({ falseAlarms, recall }) => ({ false_alarms: falseAlarms, recall })),
  };
}

function estimate({ value, interval }: ModelFigures["auc"]) {
  return { value, interval: interval === null ? null : { ...interval } };
}
