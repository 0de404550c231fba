/** What the lines of a history call a step, an item of it, and what it has taken. */
import { formatDuration } from "../flow/duration.ts";
import type { StepPart } from "../flow/event.ts";
import type { Work } from "../flow/execution.ts";
import type { Json } from "../flow/json.ts";
import type { Usage } from "../flow/usage.ts";

export function partName({ step_id, part }: { step_id: string; part?: StepPart | undefined }): string {
  if (part === undefined) return step_id;
  return part === "compensation" ? `The compensation of ${step_id}` : `${step_id}, item ${part + 1}`;
}

/** " after 2.3 s"; nothing where it took no time. */
export function afterWords(work: Work | null, at: number): string {
  const took = work?.startedAt === null || work === null ? 0 : at - work.startedAt;
  return took <= 0 ? "" : ` after ${formatDuration(took)}`;
}

/** For programs and for people who count: nothing where no model was asked. */
export function usageDetails({ usage }: { usage?: Usage | undefined }): Record<string, Json> {
  return usage === undefined ? {} : { usage: { ...usage } };
}

/** "; 2 calls of a model, 5,000 tokens". */
export function usageWords({ usage }: { usage?: Usage | undefined }): string {
  if (usage === undefined) return "";
  const { calls, input_tokens, output_tokens } = usage;
  const tokens = (input_tokens + output_tokens).toLocaleString("en-US");
  return `; ${calls} ${calls === 1 ? "call" : "calls"} of a model, ${tokens} tokens`;
}
