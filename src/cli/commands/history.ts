/** `history`: all that happened to an execution, in the order of time; of a flow, its newest executions. */
import { duration } from "../../bot/views/instant.ts";
import { RequestError } from "../../engine/engine.ts";
import type { History, RecentExecution, Shown } from "../../engine/timeline-line.ts";
import type { Json } from "../../flow/json.ts";
import type { Answer, Call, Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { exactMoment, iso, isoOrNull, moment } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { pictureFile, pictureOption, writePicture } from "../picture-file.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";
import { statusMark, statusWords } from "../views/executions.ts";

export const history: Command = {
  word: "history",
  usage: ["history [EXECUTION|FLOW] [--values] [--limit N]", "history EXECUTION --picture FILE"],
  purpose: "all that happened to an execution; of a flow or of all, the newest executions",
  options: {
    values: { type: "flag", value: "", about: "with the inputs and outputs of steps, secrets left out" },
    limit: { type: "text", value: "N", about: "at most so many executions (20)" },
    picture: pictureOption("draws an execution's timeline"),
  },
  examples: [
    { line: "history 1j4m2k9aa-0f3c5d7e9b11", about: "line by line: steps, attempts, waits, decisions" },
    { line: "history 1j4m2k9aa-0f3c5d7e9b11 --values", about: "with what went in and came out" },
    { line: "history renewal_management", about: "a flow's newest executions" },
  ],
  run: async (call) => {
    const [subject, ...others] = call.words;
    if (others.length > 0) throw new UsageError("This command takes one execution or flow.");
    const limit = call.options.count("limit", { otherwise: 20, most: 10_000 });
    const file = pictureFile(call.options);
    if (subject === undefined && file !== null) throw new UsageError("--picture draws one execution: name it.");
    const { inSession } = await import("../session.ts");
    return inSession(call, async (session) => {
      if (subject === undefined) return recentOf(session, { limit });
      if (file === null && (await isFlow(session, subject))) return recentOf(session, { flowId: subject, limit });
      if (file !== null) await draw(session, subject, file);
      return historyOf(session, call, { executionId: subject, file });
    });
  },
};

/** Also one whose file is gone, as long as the store knows it. */
async function isFlow({ engine, registry }: Session, subject: string): Promise<boolean> {
  if (registry.get({ flowId: subject }) !== null) return true;
  try {
    return (await engine.versions({ flowId: subject })).length > 0;
  } catch (error) {
    if (error instanceof RequestError) return false;
    throw error;
  }
}

async function recentOf({ engine, timezone }: Session, asked: { flowId?: string; limit: number }): Promise<Answer> {
  const recent = await engine.recent(asked);
  const document = {
    executions: recent.map(({ started_at, ended_at, ...execution }) => ({
      ...execution,
      started_at: iso(started_at, timezone),
      ended_at: isoOrNull(ended_at, timezone),
    })),
  };
  return {
    document,
    text: (paper) => (recent.length === 0 ? "There is no execution yet." : recentTable(paper, recent, timezone)),
  };
}

function recentTable(paper: Paper, recent: readonly RecentExecution[], timezone: string): string {
  const rows = recent.map((execution) => [
    execution.execution_id,
    `${execution.flow_id} ${plain(execution.flow_version)}`,
    plain(execution.customer_name ?? execution.customer_id ?? ""),
    paper.mark(statusMark({ ...execution, waiting_for: [] }), statusWords(execution)),
    moment(execution.started_at, timezone),
    duration(execution.duration_ms),
  ]);
  return table(paper, { heads: ["EXECUTION", "FLOW", "CUSTOMER", "STATUS", `STARTED (${timezone})`, "TOOK"], rows });
}

async function draw({ engine, timezone, now }: Session, executionId: string, file: string): Promise<void> {
  const { timelineSvg } = await import("../../notify/slack/pictures/timeline.ts");
  const execution = await engine.execution({ executionId });
  await writePicture(file, timelineSvg({ execution, now, timezone }));
}

async function historyOf(
  { engine, timezone }: Session,
  { options }: Call,
  { executionId, file }: { executionId: string; file: string | null },
): Promise<Answer> {
  const found = await engine.history({ executionId });
  const withValues = options.isSet("values");
  const { lines, started_at, ended_at, ...execution } = found;
  return {
    document: {
      ...execution,
      started_at: iso(started_at, timezone),
      ended_at: isoOrNull(ended_at, timezone),
      picture: file,
      lines: lines.map(({ at, input, output, details, ...line }) => ({
        at: iso(at, timezone),
        ...line,
        details,
        input: valueOf(input),
        output: valueOf(output),
      })),
    },
    text: (paper) => {
      const text = historyText(paper, { found, timezone, withValues });
      return file === null ? text : `${text}\n\nDrawn into ${file}.`;
    },
  };
}

function valueOf(shown: Shown | null): Json {
  if (shown === null) return null;
  return shown.capped ? { capped: true, beginning: shown.beginning, characters: shown.characters } : shown.value;
}

function historyText(paper: Paper, parameters: { found: History; timezone: string; withValues: boolean }): string {
  const { found, timezone, withValues } = parameters;
  const about = found.customer_name === null ? "" : ` · ${plain(found.customer_name)}`;
  const standing = paper.mark(statusMark({ ...found, waiting_for: [] }), statusWords(found));
  const title = paper.mark("bold", `${found.flow_id} ${plain(found.flow_version)}${about}`);
  const lines = found.lines.flatMap((line) => [
    `${paper.mark("dim", exactMoment(line.at, timezone))}  ${plain(line.text)}`,
    ...(withValues ? [...valueLines(paper, "in", line.input), ...valueLines(paper, "out", line.output)] : []),
  ]);
  return [`${title} · ${standing} · ${found.execution_id}`, "", ...lines].join("\n");
}

function valueLines(paper: Paper, word: string, shown: Shown | null): string[] {
  if (shown === null) return [];
  const text = shown.capped
    ? `${shown.beginning}… (${shown.characters.toLocaleString("en-US")} characters)`
    : JSON.stringify(shown.value);
  return [paper.mark("dim", `    ${word}: ${plain(text)}`)];
}
