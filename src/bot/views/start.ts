/** What a start came to. */
import type { StartAnswer } from "../../engine/engine.ts";
import type { FlowDefinition } from "../../flow/flow.ts";
import type { Batch } from "../../flow/record.ts";
import { count } from "../../notify/slack/format.ts";
import { sentence, type Message } from "./message.ts";
import { code, shown } from "./text.ts";

export function startAnswer(parameters: { answer: StartAnswer; definition: FlowDefinition }): Message {
  const { answer, definition } = parameters;
  const about = answer.customer === null ? "" : ` for ${shown(answer.customer.name)}`;
  const flow = `${code(definition.flow_id)} ${shown(definition.version)}`;
  const follow = `\`/revops status ${shown(answer.executionId)}\``;
  switch (answer.kind) {
    case "started":
      return sentence(`Started ${flow}${about}. Follow it with ${follow}.`);
    case "already_running":
      return sentence(`${flow} is already running${about}: nothing new was started. See ${follow}.`);
  }
}

/** The bot isn't where the command was typed, so the progress stands elsewhere. */
export function batchElsewhere(parameters: { batch: Batch; channel: string }): Message {
  const { batch, channel } = parameters;
  const matched = count(batch.customer_ids.length, "customer");
  const verb = batch.customer_ids.length === 1 ? "matches" : "match";
  return sentence(
    `${matched} of ${batch.customers_total.toLocaleString("en-US")} ${verb} ${code(batch.flow_id)}. ` +
      `I'm not in this channel, so the progress stands in ${channelName(channel)}. ` +
      "To have it here, write `/invite @RevOps` first.",
  );
}

export function channelName(channel: string): string {
  return /^[CGD][A-Z0-9]{5,}$/.test(channel) ? `<#${channel}>` : shown(channel);
}
