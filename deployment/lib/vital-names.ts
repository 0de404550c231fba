/** What the bot's log tells of how it does, each by its name in the line (bot/vitals.ts). */
export const vitals = [
  "ready",
  "approvals_waiting",
  "oldest_approval_seconds",
  "doubts_open",
  "longest_overdue_seconds",
] as const;
export type Vital = (typeof vitals)[number];
