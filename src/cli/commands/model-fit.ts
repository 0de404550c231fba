/** `model fit`: what a history teaches, as a new version of the model in a file that a person reviews and puts to use. */
import { stat, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { type Fit, fitModel } from "../../agents/local/model/fit.ts";
import { pointChanges } from "../../agents/local/model/model-difference.ts";
import { modelText } from "../../agents/local/risk/model-file.ts";
import type { Estimate } from "../../agents/local/model/skill.ts";
import type { RiskModels } from "../../agents/local/risk/risk-models.ts";
import type { JsonObject } from "../../flow/json.ts";
import { type Asked, askedOf } from "../closed-renewals.ts";
import type { Answer, Call } from "../command.ts";
import { CommandError, UsageError } from "../errors.ts";
import { plain } from "../plain.ts";
import { decimal } from "../views/estimate.ts";
import { fitText, type ShownFit } from "../views/fit.ts";

const draws = 1_000;
const permutations = 199;

export async function runFit(call: Call): Promise<Answer> {
  const { options } = call;
  for (const name of ["picture", "against"])
    if (options.isSet(name)) throw new UsageError(`--${name} is for model backtest.`);
  const asked = await askedOf(call);
  if (!("history" in asked)) return asked;
  const { history, model: current, models, seed } = asked;
  const { renewals } = history;
  const out = options.text("out");
  if (out !== null) await requireNew(out);
  const fit = fitModel(renewals, { current, name: nextVersion(current.name, models), seed, draws, permutations });
  const text = fit.kind === "proposed" ? fileText(asked, fit) : null;
  if (out !== null && text !== null) await writeNew(out, text);
  return answer({
    fit,
    renewals: renewals.length,
    customers: new Set(renewals.map(({ customer }) => customer)).size,
    lost: renewals.filter(({ lost }) => lost).length,
    current: current.name,
    changes: fit.kind === "proposed" ? pointChanges(current, fit.model) : [],
    proposal: text === null ? null : out === null ? { text } : { path: out },
  });
}

/** `renewal_risk_v3` after `renewal_risk_v2`, or after whatever is there already. */
function nextVersion(name: string, models: RiskModels): string {
  const stem = name.replace(/_v\d+$/, "");
  const versions = [...models.keys()].flatMap((known) => {
    const [, of, version] = /^(.*)_v(\d+)$/.exec(known) ?? [];
    return of === stem ? [Number(version)] : [];
  });
  return `${stem}_v${Math.max(1, ...versions) + 1}`;
}

function fileText({ file, today, model: current }: Asked, { skill, model }: Fit & { kind: "proposed" }): string {
  const [ours, theirs] = [skill.auc, skill.current].map(({ value, interval }) => decimal(value, interval));
  return [
    `# Proposed by \`revops model fit\` on ${today} from ${basename(file).replaceAll(/\s+/g, " ")}, for somebody to review.`,
    `# AUC on customers that it hadn't seen: ${ours ?? ""}; ${current.name} on the same: ${theirs ?? ""}.`,
    "# The base is set so that as many renewals reach the threshold as were lost: a score is no probability.",
    modelText(model),
  ].join("\n");
}

/** Before a minute of work, and again at the write itself. */
async function requireNew(path: string): Promise<void> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  if (isThere) throw isThereAlready(path);
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: "wx" });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EEXIST") throw isThereAlready(path);
    if (code === "ENOENT") throw new CommandError([`${plain(path)} can't be written: there is no such folder.`]);
    throw error;
  }
}

function isThereAlready(path: string): CommandError {
  return new CommandError([`${plain(path)} is there already; give the proposal a file of its own.`]);
}

function answer(shown: ShownFit): Answer {
  const { fit, proposal, changes, ...history } = shown;
  return {
    document: {
      verdict: fit.kind,
      ...history,
      why: fit.kind === "too_little" ? fit.why : null,
      ...figuresOf(fit),
      warnings: fit.warnings,
      changes: changes.map((change) => ({ ...change })),
      model: fit.kind === "proposed" ? fit.model : null,
      out: proposal !== null && "path" in proposal ? proposal.path : null,
    },
    text: (paper) => fitText(paper, shown),
    isProblem: fit.kind !== "proposed",
  };
}

function figuresOf(fit: Fit): JsonObject {
  if (fit.kind === "too_little")
    return { penalty: null, auc: null, current_auc: null, difference: null, chance: null, factors: [], left_out: [] };
  const { penalty, skill, factors, leftOut } = fit;
  return {
    penalty,
    auc: estimate(skill.auc),
    current_auc: estimate(skill.current),
    difference: estimate(skill.difference),
    chance: skill.chance,
    factors: factors.map(({ interval, ...factor }) => ({ ...factor, interval: { ...interval } })),
    left_out: leftOut.map((one) => ({ ...one })),
  };
}

function estimate({ value, interval }: Estimate): JsonObject {
  return { value, interval: { ...interval } };
}
