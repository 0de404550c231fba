/** Triggers as EventBridge Scheduler has them: the same expressions, zones and, for jitter, a flexible window. */
import { isAboutCustomer, type FlowDefinition, type ScheduleTrigger } from "../../flow/flow.ts";
import type { JsonObject } from "../../flow/json.ts";
import type { Remark } from "./compilation.ts";

export interface Schedule {
  Name: string;
  ScheduleExpression: string;
  ScheduleExpressionTimezone: string;
  FlexibleTimeWindow: { Mode: "OFF" } | { Mode: "FLEXIBLE"; MaximumWindowInMinutes: number };
  /** Which of the flow's two machines it starts, and with what. */
  target: "flow" | "batch";
  Input: JsonObject;
}

const longestWindow = 1_440;

export function schedulesOf(definition: FlowDefinition, timezone: string): { schedules: Schedule[]; notes: Remark[] } {
  const notes: Remark[] = [];
  const schedules = definition.triggers.flatMap((trigger, index) =>
    trigger.type === "schedule" ? [scheduleOf(definition, trigger, { index, timezone, notes })] : [],
  );
  return { schedules, notes };
}

function scheduleOf(
  definition: FlowDefinition,
  trigger: ScheduleTrigger,
  { index, timezone, notes }: { index: number; timezone: string; notes: Remark[] },
): Schedule {
  const note = (message: string) => notes.push({ step: null, message: `trigger ${index + 1}: ${message}` });
  const isBatch = isAboutCustomer(definition);
  const minutes = Math.ceil(trigger.jitter_ms / 60_000);
  if (minutes > longestWindow) note(`its jitter is at most ${longestWindow} minutes on EventBridge Scheduler`);
  note(
    `catch_up: ${trigger.catch_up} has nothing to do: EventBridge Scheduler fires while the app is down, and tries a failed start again for a day`,
  );
  return {
    // Of at most 64 characters: the flow's id may have as many.
    Name: `${definition.flow_id.slice(0, 50)}_schedule_${index + 1}`,
    ScheduleExpression: trigger.schedule,
    ScheduleExpressionTimezone: trigger.timezone ?? timezone,
    FlexibleTimeWindow:
      minutes === 0 ? { Mode: "OFF" } : { Mode: "FLEXIBLE", MaximumWindowInMinutes: Math.min(minutes, longestWindow) },
    target: isBatch ? "batch" : "flow",
    // EventBridge Scheduler puts the instant in.
    Input: isBatch ? { trigger: index, scheduled_at: "<aws.scheduler.scheduled-time>" } : {},
  };
}
