/** What the commands on risk models share: a history that is read strictly, and models by their names. */
import { readFile } from "node:fs/promises";
import { type History, readHistory } from "../agents/local/model/history.ts";
import type { RiskModel } from "../agents/local/risk/risk-model.ts";
import type { RiskModels } from "../agents/local/risk/risk-models.ts";
import { openModels } from "../app/model-folder.ts";
import { nearest } from "../flow/nearest.ts";
import { localDate } from "../flow/zone.ts";
import type { Answer, Call } from "./command.ts";
import { CommandError, UsageError } from "./errors.ts";
import { terminalClock } from "./now.ts";
import { plain } from "./plain.ts";
import { terminalSettings } from "./settings.ts";

export interface Asked {
  file: string;
  history: History;
  downgradedIsLost: boolean;
  models: RiskModels;
  model: RiskModel;
  seed: number;
  /** ISO date, in the terminal's zone. */
  today: string;
}

const usualModel = "renewal_risk_v2";
/** Of a file in which everything is wrong, enough to see what. */
const mostProblems = 50;

/** An answer where the file is at fault. */
export async function askedOf({ options, terminal }: Call): Promise<Asked | Answer> {
  if (options.isSet("since")) throw new UsageError("--since is for model alarms; a history has its own span.");
  const file = options.text("history");
  if (file === null) throw new UsageError("This command needs --history FILE, a CSV of closed renewals.");
  const downgradedIsLost = options.choice("downgraded", ["lost", "kept"]) === "lost";
  const seed = options.count("seed", { otherwise: 1, most: 999_999_999 });
  const settings = terminalSettings(terminal.environment);
  const today = localDate({ at: (await terminalClock(settings)).now(), timezone: settings.timezone });
  const models = await openModels();
  const model = modelCalled(options.text("model") ?? usualModel, models);
  const history = readHistory(await readText(file), { today, downgradedIsLost });
  if (history.problems.length > 0) return problemsIn(file, history);
  return { file, history, downgradedIsLost, models, model, seed, today };
}

export function modelCalled(name: string, models: RiskModels): RiskModel {
  const found = models.get(name);
  if (found !== undefined) return found;
  throw new CommandError([`There is no risk model “${plain(name)}”.`], nearest(name, models.keys()));
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT") throw new CommandError([`There is no file ${plain(file)}.`]);
    if (code === "EISDIR") throw new CommandError([`${plain(file)} is a folder; name the CSV file in it.`]);
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError([`${plain(file)} can't be read: ${plain(why)}.`]);
  }
}

function problemsIn(file: string, { problems }: History): Answer {
  const lines = problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`);
  const more = lines.length - mostProblems;
  return {
    document: { problems: problems.map((problem) => ({ file, ...problem })) },
    text: () => "",
    problems: [
      ...lines.slice(0, mostProblems),
      ...(more > 0 ? [`and ${more.toLocaleString("en-US")} more like these`] : []),
      "Nothing is worked out of a history that can't be read in full.",
    ],
    isProblem: true,
  };
}
