/** Why an effect that would reach a person is held back, and until when (the contact governor). */
import { z } from "zod";
import type { Effect } from "./effect.ts";

export const HoldReason = z.enum([
  "quiet_hours",
  "weekend",
  "holiday",
  "person_limit",
  "account_limit",
  "do_not_contact",
  "direct_messages",
]);
export type HoldReason = z.infer<typeof HoldReason>;

export const Hold = z.strictObject({
  reason: HoldReason,
  /** A sentence for people. */
  cause: z.string(),
  /** When it goes out, if nothing speaks against it then; null: it isn't sent. */
  until: z.number().int().nullable(),
});
export type Hold = z.infer<typeof Hold>;

/** Mail addresses; empty: it reaches nobody in person. */
export function peopleReached(effect: Effect): string[] {
  switch (effect.kind) {
    case "email":
      return [effect.to];
    case "slack_message":
      return effect.to.kind === "person" ? [effect.to.email] : [];
    case "calendar_event":
      return effect.attendees;
    case "crm_update":
      return [];
    default:
      return effect satisfies never;
  }
}
