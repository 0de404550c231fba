/** A person as Slack knows them, and the ways to name approvers. */
import { z } from "zod";

export const Person = z.strictObject({
  user_id: z.string(),
  /** Lower case; null where the profile shows none. */
  email: z.string().nullable(),
  name: z.string(),
});
export type Person = z.infer<typeof Person>;

/** A mail address, `user:U012ABC`, `group:HANDLE` or `role:NAME`. */
export const ApproverReference = z.string().min(1);
export type ApproverReference = z.infer<typeof ApproverReference>;
