/** The mail to a flow's `failure_notification` (F1): what failed, where, why, and what to do next. */
import { evaluateValue } from "../flow/expression.ts";
import type { PlannedEffect } from "../flow/effect.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { isMailAddress } from "../flow/mail-address.ts";
import { end } from "./readiness.ts";
import { commonRoots } from "./roots.ts";

/** Null: nobody can be told by mail; the failure card says it all the same. */
export async function planNotice({
  state,
  now,
}: {
  state: ExecutionState;
  now: number;
}): Promise<PlannedEffect | null> {
  const reached = end(state);
  const to = await recipient(state, now);
  if (to === null || (reached?.status !== "failed" && reached?.status !== "timed_out")) return null;
  const about = state.customer === null ? "" : ` for ${state.customer.name}`;
  const [what, why] =
    reached.status === "failed"
      ? [`failed at the step ${reached.stepId}`, `${reached.failure.error}: ${reached.failure.cause}`]
      : ["ran out of time", "Its own timeout has passed; what was under way has been ended."];
  const lines = [
    `${state.flowId}${about} ${what}.`,
    why,
    `Execution ${state.executionId}. Its card in Slack offers Redrive, which goes on from there.`,
  ];
  return {
    target: "#failure",
    effect: {
      kind: "email",
      to,
      subject: `${state.flowId}${about} ${reached.status === "failed" ? "failed" : "ran out of time"}`,
      text: `${lines.join("\n\n")}\n`,
      html: lines.map((line) => `<p>${escapeHtml(line)}</p>`).join("\n"),
    },
  };
}

async function recipient(state: ExecutionState, now: number): Promise<string | null> {
  try {
    const value = await evaluateValue({ value: state.definition.failure_notification, roots: commonRoots(state), now });
    return typeof value === "string" && isMailAddress(value) ? value : null;
  } catch {
    return null;
  }
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
