/**
 * Effects: whatever the outside world can notice. An action plans them, the engine records them, a notifier performs them.
 * E1: the key is `executionId/stepId[/index][/target]`, the same over all attempts; a compensation has a suffix of its own.
 */
import { z } from "zod";
import { FieldValue, WritableField } from "./customer.ts";
import { Failure } from "./failure.ts";
import { Hold } from "./hold.ts";

export const EmailEffect = z.strictObject({
  kind: z.literal("email"),
  /** One strict address. */
  to: z.string(),
  subject: z.string(),
  html: z.string(),
  text: z.string(),
});
export type EmailEffect = z.infer<typeof EmailEffect>;

export const SlackMessageEffect = z.strictObject({
  kind: z.literal("slack_message"),
  to: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("person"), email: z.string() }),
    z.strictObject({ kind: z.literal("channel"), channel: z.string() }),
  ]),
  /** mrkdwn; every piece from outside is already escaped. */
  text: z.string(),
});
export type SlackMessageEffect = z.infer<typeof SlackMessageEffect>;

export const CalendarEventEffect = z.strictObject({
  kind: z.literal("calendar_event"),
  title: z.string(),
  description: z.string(),
  attendees: z.array(z.string()).min(1),
  duration_minutes: z.number().int().positive(),
  /** The event's own zone; its working hours hold for guests of whom no other is known. */
  timezone: z.string(),
  /** The zones of guests who live in another one, by address. */
  guest_zones: z.record(z.string(), z.string()).exactOptional(),
  /** The rule for the slot is what an approval covers; `forecast_at` (ISO 8601) only says where it would fall today. */
  slot: z.strictObject({
    rule: z.literal("next_free_working_time"),
    not_before: z.string(),
    days: z.number().int().positive(),
  }),
  forecast_at: z.string(),
});
export type CalendarEventEffect = z.infer<typeof CalendarEventEffect>;

export const CrmUpdateEffect = z.strictObject({
  kind: z.literal("crm_update"),
  customer: z.strictObject({ id: z.string(), name: z.string() }),
  /** `from`: what stood there when this was planned; anything else but `to` refuses the whole update. */
  changes: z.array(z.strictObject({ field: WritableField, from: FieldValue, to: FieldValue })).min(1),
  reason: z.string(),
});
export type CrmUpdateEffect = z.infer<typeof CrmUpdateEffect>;
export type CrmChange = CrmUpdateEffect["changes"][number];

export const Effect = z.discriminatedUnion("kind", [
  EmailEffect,
  SlackMessageEffect,
  CalendarEventEffect,
  CrmUpdateEffect,
]);
export type Effect = z.infer<typeof Effect>;
export type EffectKind = Effect["kind"];

/** What an action returns: `target` tells the effects of one step apart and ends the key. */
export const PlannedEffect = z.strictObject({ target: z.string().nullable(), effect: Effect });
export type PlannedEffect = z.infer<typeof PlannedEffect>;

/** What the service said when it took the effect. */
export const Receipt = z.strictObject({
  /** Message-ID, Slack `channel:ts`, Google's event id, or the customer's. */
  id: z.string(),
  /** One line for people: "mail to …", "event on …". */
  summary: z.string(),
  url: z.string().nullable(),
});
export type Receipt = z.infer<typeof Receipt>;

/** One effect's fate within an execution. */
export const EffectState = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("planned") }),
  z.strictObject({ status: z.literal("begun"), at: z.number() }),
  z.strictObject({ status: z.literal("performed"), at: z.number(), receipt: Receipt.nullable() }),
  z.strictObject({ status: z.literal("failed"), at: z.number(), failure: Failure }),
  z.strictObject({ status: z.literal("doubtful"), at: z.number(), cause: z.string() }),
  /** It certainly did not happen. */
  z.strictObject({ status: z.literal("held"), at: z.number(), hold: Hold }),
]);
export type EffectState = z.infer<typeof EffectState>;

export function effectKey(parts: {
  executionId: string;
  stepId: string;
  /** An item's index, or the step's compensation; left out: the step itself. */
  part?: number | "compensation" | null;
  target: string | null;
  generation?: number;
}): string {
  const { executionId, stepId, part = null } = parts;
  const within = part === "compensation" ? "#compensation" : part === null ? "" : `/${part}`;
  const target = parts.target === null ? "" : `/${parts.target}`;
  const generation = parts.generation === undefined || parts.generation === 1 ? "" : `#${parts.generation}`;
  return `${executionId}/${stepId}${within}${target}${generation}`;
}
