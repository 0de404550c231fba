/** How a step stands, in a word that a picture can show: a colour never says it alone, a sign and words stand beside it. */
import type { StepState } from "../../../flow/execution.ts";

export type Face =
  "pending" | "running" | "waiting" | "succeeded" | "failed" | "skipped" | "aborted" | "rejected" | "expired";

/** A rejected approval's step has succeeded as a wait; a reader wants to know what was decided. */
export function faceOf(step: StepState): Face {
  const decided = step.approval?.status;
  if (step.status === "succeeded" && (decided === "rejected" || decided === "expired")) return decided;
  return step.status;
}

export interface Colours {
  ink: string;
  tint: string;
  line: string;
}

const grey = { ink: "#5b6675", tint: "#f5f6f8", line: "#c3c9d2" };

export const colours: Readonly<Record<Face, Colours>> = {
  pending: { ...grey, tint: "#ffffff" },
  running: { ink: "#1d5fbf", tint: "#ebf3fd", line: "#8fb5ea" },
  waiting: { ink: "#875400", tint: "#fff6e1", line: "#dfb04d" },
  succeeded: { ink: "#1a7340", tint: "#ebf7ef", line: "#83c79c" },
  failed: { ink: "#c02626", tint: "#fdeeee", line: "#e59a9a" },
  skipped: grey,
  aborted: { ...grey, line: "#9aa2ae" },
  rejected: { ink: "#8a3374", tint: "#faeff7", line: "#d3a0c5" },
  expired: { ink: "#8a3374", tint: "#faeff7", line: "#d3a0c5" },
};

/** What isn't the state of a step. */
export const paint = {
  text: "#1d2430",
  muted: "#5b6675",
  line: "#8a94a3",
  faint: "#e4e8ed",
  plain: { ink: "#465061", tint: "#f7f9fb", line: "#c8d0da" },
} as const;
