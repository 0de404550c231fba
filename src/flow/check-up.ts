/** One thing that was looked at: whether it is as it must be, and what to do where it isn't. */
export const checkStates = ["ok", "warning", "problem"] as const;
export type CheckState = (typeof checkStates)[number];

export interface Check {
  /** What was looked at: `Slack`, `flows`. */
  about: string;
  state: CheckState;
  /** A sentence; no secret is in it (T3). */
  message: string;
  /** What to do; null: nothing. */
  advice: string | null;
}

export function ok(about: string, message: string): Check {
  return { about, state: "ok", message, advice: null };
}

export function warning(about: string, message: string, advice: string): Check {
  return { about, state: "warning", message, advice };
}

export function problem(about: string, message: string, advice: string): Check {
  return { about, state: "problem", message, advice };
}

/** The worst of them, and how many are not fine. */
export function summary(checks: readonly Check[]): { problems: number; warnings: number } {
  const count = (state: CheckState) => checks.filter((check) => check.state === state).length;
  return { problems: count("problem"), warnings: count("warning") };
}
