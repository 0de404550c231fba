/** `model alarms`: per factor, what people said of the questions that it raised. */
import { shareInterval } from "../../agents/local/model/interval.ts";
import { type Alarms, alarmWords, type FactorAlarms, readAlarms } from "../../engine/alarms.ts";
import { executions } from "../bulk.ts";
import type { Answer, Call } from "../command.ts";
import { UsageError } from "../errors.ts";
import { iso, moment, readInstant } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { inSession } from "../session.ts";
import { table } from "../table.ts";
import { share } from "../views/estimate.ts";

const spanMs = 90 * 86_400_000;

export async function runAlarms(call: Call): Promise<Answer> {
  for (const name of ["history", "model", "against", "downgraded", "picture", "out", "seed"])
    if (call.options.isSet(name)) throw new UsageError(`--${name} isn't for model alarms, which reads the store.`);
  const text = call.options.text("since");
  // In any zone: whether it can be read at all is known before the store is opened.
  if (text !== null && readInstant(text, "UTC") === null)
    throw new UsageError(`--since must be an instant or a day such as 2026-12-01, not "${text}".`);
  return inSession(call, async ({ store, timezone, now }) => {
    const since = (text === null ? null : readInstant(text, timezone)) ?? now - spanMs;
    const found = await readAlarms(store, { since });
    return {
      document: {
        since: iso(since, timezone),
        until: iso(now, timezone),
        executions: found.executions,
        cut: found.cut,
        unreadable: found.unreadable,
        factors: found.factors.map((factor) => ({ ...factor, false_alarms: falseAlarms(factor) })),
      },
      text: (paper) => textOf(paper, found, moment(since, timezone)),
      problems: found.unreadable.map((id) => `${id}: its log can't be read, so it is in no figure`),
    };
  });
}

/** Wrong data and no risk, of all that somebody answered; "known" is no false alarm, only one too many. */
function falseAlarms(factor: FactorAlarms) {
  const { alarms, waiting, unanswered, wrong_data, not_a_risk } = factor;
  const [hits, of] = [wrong_data + not_a_risk, alarms - waiting - unanswered];
  const interval = shareInterval({ hits, of });
  return { value: of === 0 ? null : hits / of, interval: interval === null ? null : { ...interval } };
}

const heads = ["FACTOR", "ALARMS", ...alarmWords.map((word) => word.replaceAll("_", " ").toUpperCase()), "FALSE"];

function textOf(paper: Paper, { executions: read, cut, factors }: Alarms, since: string): string {
  const title = `${executions(read)} since ${since}${cut ? ", the newest of more" : ""}`;
  if (factors.length === 0) return `${title}\nNobody was asked about a risk.`;
  const several = new Set(factors.map(({ model }) => model)).size > 1;
  const rows = factors.map((factor) => {
    const { value, interval } = falseAlarms(factor);
    return [
      plain(several ? `${factor.model}: ${factor.factor}` : factor.factor),
      String(factor.alarms),
      ...alarmWords.map((word) => (factor[word] === 0 ? "" : String(factor[word]))),
      share(value, interval),
    ];
  });
  const right = heads.map((_, column) => column).slice(1, -1);
  const note = "Counted by the factor that weighed most. FALSE: wrong data or no risk, of what was answered.";
  return [title, "", table(paper, { heads, rows, right }), "", note].join("\n");
}
