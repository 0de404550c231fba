/** One flow: how it starts, its versions with what of each runs, and what the newest two differ in. */
import type { KnownBlock } from "@slack/types";
import type { FlowSummary, FlowVersion } from "../../engine/engine.ts";
import { differenceLines, type Difference } from "../../flow/difference.ts";
import { actionIds, encodeFlow } from "../../notify/slack/action-ids.ts";
import { button, context, fitBlocks, longSections, section } from "../../notify/slack/blocks.ts";
import { count, dotted, number } from "../../notify/slack/format.ts";
import { startFacts } from "./flow-list.ts";
import { instant } from "./instant.ts";
import type { Message } from "./message.ts";
import { code, shown } from "./text.ts";

const versionsShown = 20;
const changesShown = 60;

export interface VersionChange {
  from: string;
  to: string;
  differences: readonly Difference[];
}

export function flowVersionList(parameters: {
  flowId: string;
  /** Null: no file has it any more. */
  summary: FlowSummary | null;
  versions: readonly FlowVersion[];
  /** Null: there is nothing to compare. */
  change: VersionChange | null;
  timezone: string;
}): Message {
  const { flowId, summary, versions, change, timezone } = parameters;
  const text = `${shown(flowId)}: ${count(versions.length, "version")}`;
  const head = [headBlock(flowId, summary, timezone)];
  const rows = versions.slice(0, versionsShown).map((version) => versionRow(version, timezone));
  const left = versions.length - rows.length;
  const older = left === 0 ? [] : [`and ${number(left)} older`];
  const blocks = fitBlocks("message", {
    head: [...head, ...longSections([`*${count(versions.length, "version")}*, newest first`, ...rows, ...older])],
    blocks: change === null ? [] : longSections(changeLines(change)),
    more: () => `… and more: \`npx revops flows ${shown(flowId)} --diff\` shows all`,
    end: [context("Executions keep the version that they began with.")],
  });
  return { text, blocks };
}

function headBlock(flowId: string, summary: FlowSummary | null, timezone: string): KnownBlock {
  if (summary === null) return section([`*${shown(flowId)}*`, "No file has it any more: nothing of it starts."]);
  const { description } = summary.definition;
  const title = dotted([`*${shown(flowId)}*`, description === null ? null : shown(description, 200)]);
  const accessory = button({ actionId: actionIds.flowGraph, label: "Graph", value: encodeFlow({ flowId }) });
  return { ...section([title, startFacts(summary, timezone)]), accessory };
}

function versionRow({ version, hash, storedAt, running, isCurrent, change }: FlowVersion, timezone: string): string {
  const facts = dotted([
    `${code(version)} (${shown(hash.slice(0, 12))})`,
    isCurrent ? "starts now" : null,
    running === 0 ? "none running" : `${number(running)} running`,
    `seen ${instant({ at: storedAt, timezone })}`,
    change?.by ? `by ${shown(change.by.name)}` : null,
  ]);
  return `• ${facts}`;
}

const marks = { added: "+", removed: "−", changed: "•" } as const;

function changeLine(difference: Difference): string[] {
  return differenceLines([difference]).map((line) => `${marks[difference.kind]} ${shown(line.slice(2), 300)}`);
}

function changeLines({ from, to, differences }: VersionChange): string[] {
  const title = `*What changed from ${shown(from, 40)} to ${shown(to, 40)}*`;
  if (differences.length === 0) return [title, "Nothing that matters to an execution."];
  const lines = differences.slice(0, changesShown).flatMap(changeLine);
  const left = differences.length - lines.length;
  return [title, ...lines, ...(left === 0 ? [] : [`and ${count(left, "more change")}`])];
}
