/** The flows: each with its version, what it is for, when it fires next, what of it runs, and a button for its graph. */
import type { KnownBlock } from "@slack/types";
import type { FlowSummary } from "../../engine/engine.ts";
import { actionIds, encodeFlow } from "../../notify/slack/action-ids.ts";
import { button, fitBlocks, section } from "../../notify/slack/blocks.ts";
import { count, dotted, list, number } from "../../notify/slack/format.ts";
import { instant } from "./instant.ts";
import { sentence, type Message } from "./message.ts";
import { code, shown } from "./text.ts";

export function flowList(parameters: { flows: FlowSummary[]; timezone: string }): Message {
  const { flows, timezone } = parameters;
  if (flows.length === 0) return sentence("No flow is loaded. Flows are files in `flows/standard` and `flows/custom`.");
  const total = count(flows.length, "flow");
  const blocks = fitBlocks("message", {
    head: [section([`*${total}*`])],
    blocks: flows.map((flow) => flowBlock(flow, timezone)),
    more: (left) => `and ${number(left)} more`,
    end: [],
  });
  return { text: `${total} can be started`, blocks };
}

function flowBlock(flow: FlowSummary, timezone: string): KnownBlock {
  const value = encodeFlow({ flowId: flow.definition.flow_id });
  const accessory = button({ actionId: actionIds.flowGraph, label: "Graph", value });
  return { ...section([flowRow(flow, timezone)]), accessory };
}

function flowRow(flow: FlowSummary, timezone: string): string {
  const { definition } = flow;
  const facts = startFacts(flow, timezone);
  const title = `• ${code(definition.flow_id)} ${shown(definition.version, 40)}`;
  const description = definition.description === null ? "" : ` — ${shown(definition.description, 200)}`;
  return `${title}${description}\n    ${facts}`;
}

/** "fires next Fri 09:00 · 3 running": what starts it, and what of it runs. */
export function startFacts({ definition, nextFiring, running, paused }: FlowSummary, timezone: string): string {
  const events = definition.triggers.flatMap((trigger) => (trigger.type === "event" ? [shown(trigger.event)] : []));
  const starts = [
    nextFiring === null ? null : `fires next ${instant({ at: nextFiring, timezone })}`,
    events.length === 0 || paused !== null ? null : `starts on ${list(events, "and")}`,
  ].filter((fact) => fact !== null);
  const byHand = starts.length === 0 && paused === null ? ["starts by hand"] : starts;
  return dotted([pauseFact(paused, timezone), ...byHand, running === 0 ? null : `${number(running)} running`]);
}

/** "*paused* by Morgan Lee, since today at 09:00"; null where it isn't. */
export function pauseFact(paused: FlowSummary["paused"], timezone: string): string | null {
  if (paused === null) return null;
  const who = paused.by === null ? "" : ` by ${shown(paused.by.name)}`;
  return `*paused*${who}, since ${instant({ at: paused.at, timezone })}`;
}
