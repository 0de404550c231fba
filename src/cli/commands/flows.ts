/** `flows`: what can be started and what fires by itself; of one flow its versions, and what differs between two. */
import type { FlowSummary } from "../../engine/engine.ts";
import type { Answer, Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { iso, isoOrNull, moment } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";
import { differenceOf, shortHash } from "./flow-difference.ts";
import { resolvedFlow } from "./resolved-flow.ts";

export const flows: Command = {
  word: "flows",
  usage: ["flows", "flows FLOW", "flows FLOW --diff [A B]", "flows FLOW --resolved"],
  purpose: "the flows and when they fire next; of one flow its versions, and what differs between two",
  options: {
    resolved: { type: "flag", value: "", about: "a flow that extends another as it comes out, as a flow file" },
    diff: { type: "flag", value: "", about: "of two versions, by version or hash; without them the newest two" },
  },
  examples: [
    { line: "flows", about: "what can be started" },
    { line: "flows renewal_management", about: "every version that was ever loaded, and what runs of it" },
    { line: "flows renewal_management --diff", about: "what has changed last" },
    { line: "flows renewal_management --diff 1.0 2.0", about: "from one version to another" },
    { line: "flows enterprise_renewal --resolved", about: "what it makes of the flow that it extends" },
  ],
  run: async (call) => {
    const { words, options } = call;
    const [flowId, ...versions] = words;
    if (flowId === undefined && options.isSet("diff")) throw new UsageError("--diff needs a flow.");
    if (flowId === undefined && options.isSet("resolved")) throw new UsageError("--resolved needs a flow.");
    if (versions.length > 0 && !options.isSet("diff")) throw new UsageError("Versions stand behind --diff.");
    if (versions.length === 1 || versions.length > 2) throw new UsageError("--diff takes two versions, or none.");
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) => {
      if (flowId === undefined) return listOf(session);
      if (options.isSet("resolved")) return resolvedFlow(session, flowId);
      return options.isSet("diff") ? differenceOf(session, flowId, versions) : versionsOf(session, flowId);
    });
  },
};

async function listOf({ engine, timezone, problems }: Session): Promise<Answer> {
  const summaries = await engine.flows();
  const document = {
    flows: summaries.map(({ definition, file, nextFiring, running, paused }) => ({
      flow_id: definition.flow_id,
      version: definition.version,
      description: definition.description,
      file,
      next_firing: isoOrNull(nextFiring, timezone),
      running,
      paused: paused === null ? null : { at: iso(paused.at, timezone), by: paused.by?.name ?? null },
    })),
  };
  const broken = new Set(problems.filter(({ severity }) => severity === "error").map(({ file }) => file)).size;
  return {
    document,
    text: (paper) =>
      summaries.length === 0 ? "No flow is loaded; see REVOPS_FLOWS." : listText(paper, summaries, timezone),
    problems:
      broken === 0 ? [] : [`${broken} ${broken === 1 ? "file has" : "files have"} problems: npx revops validate.`],
  };
}

function listText(paper: Paper, summaries: readonly FlowSummary[], timezone: string): string {
  const rows = summaries.map(({ definition, nextFiring, running, paused }) => [
    paper.mark("bold", definition.flow_id),
    plain(definition.version),
    paused === null ? firing(nextFiring, timezone) : paper.mark("yellow", pausedWords(paused, timezone)),
    running.toLocaleString("en-US"),
    plain(definition.description ?? ""),
  ]);
  return table(paper, { heads: ["FLOW", "VERSION", `FIRES NEXT (${timezone})`, "RUNNING", ""], rows, right: [3] });
}

function firing(at: number | null, timezone: string): string {
  return at === null ? "by hand" : moment(at, timezone);
}

function pausedWords(paused: NonNullable<FlowSummary["paused"]>, timezone: string): string {
  return `paused since ${moment(paused.at, timezone)}${paused.by === null ? "" : ` by ${plain(paused.by.name)}`}`;
}

async function versionsOf({ engine, timezone }: Session, flowId: string): Promise<Answer> {
  const versions = await engine.versions({ flowId });
  const rows = (paper: Paper) =>
    versions.map(({ hash, version, storedAt, running, isCurrent, change }) => [
      plain(version),
      hash.slice(0, shortHash),
      moment(storedAt, timezone),
      running.toLocaleString("en-US"),
      plain(change?.by?.name ?? ""),
      isCurrent ? paper.mark("green", "starts and fires") : "",
    ]);
  return {
    document: {
      flow_id: flowId,
      versions: versions.map(({ hash, version, storedAt, running, isCurrent, change }) => ({
        version,
        hash,
        stored_at: iso(storedAt, timezone),
        running,
        is_current: isCurrent,
        changed_by: change?.by?.name ?? null,
        change: change?.detail ?? null,
      })),
    },
    text: (paper) =>
      table(paper, {
        heads: ["VERSION", "HASH", `FIRST SEEN (${timezone})`, "RUNNING", "CHANGED BY", ""],
        rows: rows(paper),
        right: [3],
      }),
  };
}
