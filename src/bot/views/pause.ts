/** What pausing a flow stops and what it doesn't, and what resuming it brings back. */
import type { FlowSummary } from "../../engine/engine.ts";
import type { Trigger } from "../../flow/flow.ts";
import { count, list } from "../../notify/slack/format.ts";
import { instant } from "./instant.ts";
import { sentence, type Message } from "./message.ts";
import { code, shown } from "./text.ts";

export function pausedMessage({ before, timezone }: { before: FlowSummary; timezone: string }): Message {
  const { definition, nextFiring, running, paused } = before;
  const flow = code(definition.flow_id);
  const how = `\`/revops resume ${shown(definition.flow_id)}\``;
  if (paused !== null) {
    const who = paused.by === null ? "" : ` by ${shown(paused.by.name)}`;
    const since = instant({ at: paused.at, timezone });
    return sentence(`${flow} has been paused already${who}, since ${since}. It starts nothing until ${how}.`);
  }
  const sources = sourcesOf(definition.triggers);
  if (sources.length === 0) {
    return sentence(`${flow} is paused until ${how}. Nothing starts it by itself; by hand it still starts.`);
  }
  const next = nextFiring === null ? "" : ` (it would have fired ${instant({ at: nextFiring, timezone })})`;
  return sentence(
    `${flow} is paused: ${list(sources, "and")} ${startWord(sources)} nothing${next} until ${how}. ` +
      `What falls due meanwhile isn't caught up. By hand it still starts${goesOn(running)}.`,
  );
}

export function resumedMessage(parameters: { wasPaused: boolean; now: FlowSummary; timezone: string }): Message {
  const { wasPaused, now, timezone } = parameters;
  const flow = code(now.definition.flow_id);
  const next = now.nextFiring === null ? "" : ` It fires next ${instant({ at: now.nextFiring, timezone })}.`;
  if (!wasPaused) return sentence(`${flow} wasn't paused: nothing changed.${next}`);
  const sources = sourcesOf(now.definition.triggers);
  const starts = sources.length === 0 ? "" : `: ${list(sources, "and")} ${startWord(sources)} it again`;
  return sentence(`${flow} is resumed${starts}.${next} What fell due meanwhile isn't caught up.`);
}

/** "its schedule", "2 schedules", "the event customer.created". */
function sourcesOf(triggers: readonly Trigger[]): string[] {
  const schedules = triggers.filter(({ type }) => type === "schedule").length;
  const events = triggers.flatMap((trigger) => (trigger.type === "event" ? [shown(trigger.event)] : []));
  const eventWords = `the event${events.length === 1 ? "" : "s"} ${list(events, "and")}`;
  return [
    ...(schedules === 0 ? [] : [schedules === 1 ? "its schedule" : `its ${schedules} schedules`]),
    ...(events.length === 0 ? [] : [eventWords]),
  ];
}

function startWord(sources: readonly string[]): string {
  return sources.length === 1 && !/schedules$|^the events /.test(sources[0] ?? "") ? "starts" : "start";
}

function goesOn(running: number): string {
  return running === 0 ? "" : `, and ${count(running, "execution")} of it ${running === 1 ? "goes" : "go"} on`;
}
