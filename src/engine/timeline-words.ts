/** What the lines of a history call a step, an item of it, and what it has taken. */
import { formatDuration } from "../flow/duration.ts";
import type { StepPart } from "../flow/event.ts";
import type { Work } from "../flow/execution.ts";

export function partName({ step_id, part }: { step_id: string; part?: StepPart | undefined }): string {
  if (part === undefined) return step_id;
  return part === "compensation" ? `The compensation of ${step_id}` : `${step_id}, item ${part + 1}`;
}

/** " after 2.3 s"; nothing where it took no time. */
export function afterWords(work: Work | null, at: number): string {
  const took = work?.startedAt === null || work === null ? 0 : at - work.startedAt;
  return took <= 0 ? "" : ` after ${formatDuration(took)}`;
}
