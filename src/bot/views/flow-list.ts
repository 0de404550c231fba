/** The flows: each with its version, what it is for, when it fires next, and what of it runs. */
import type { FlowSummary } from "../../engine/engine.ts";
import { count, dotted } from "../../notify/slack/format.ts";
import { instant } from "./instant.ts";
import { sentence, type Message } from "./message.ts";
import { context, listBlocks } from "./rows.ts";
import { code, shown } from "./text.ts";

export function flowList(parameters: { flows: FlowSummary[]; timezone: string }): Message {
  const { flows, timezone } = parameters;
  if (flows.length === 0) return sentence("No flow is loaded. Flows are files in `flows/standard` and `flows/custom`.");
  const heading = `*${count(flows.length, "flow")}*`;
  const { blocks, left } = listBlocks([{ heading, rows: flows.map((flow) => flowRow(flow, timezone)) }]);
  const more = left === 0 ? [] : [context(`and ${left} more`)];
  return { text: `${count(flows.length, "flow")} can be started`, blocks: [...blocks, ...more] };
}

function flowRow(flow: FlowSummary, timezone: string): string {
  const { definition, nextFiring, running } = flow;
  const facts = dotted([
    nextFiring === null ? "starts by hand or by an event" : `fires next ${instant({ at: nextFiring, timezone })}`,
    running === 0 ? null : `${running.toLocaleString("en-US")} running`,
  ]);
  const title = `• ${code(definition.flow_id)} ${shown(definition.version, 40)}`;
  const description = definition.description === null ? "" : ` — ${shown(definition.description, 200)}`;
  return `${title}${description}\n    ${facts}`;
}
