/** What has come of an execution, in short lines: who decided, what was sent, how it ended. No address and no text of a message. */
import type { ExecutionState, StepEffect, StepState } from "../../flow/execution.ts";
import { allWorks } from "../../flow/step-state.ts";

export interface Happened {
  at: number;
  text: string;
}

/** In the order of time. */
export function happenedIn(state: ExecutionState): Happened[] {
  const steps = Object.values(state.steps);
  const lines = [...steps.flatMap(decisions), ...steps.flatMap(sent), ...steps.flatMap(failed), ...ended(state)];
  return lines.toSorted((one, other) => one.at - other.at);
}

function decisions({ id, approval }: StepState): Happened[] {
  if (approval === null) return [];
  const votes = approval.votes.map(({ at, by, decision }) => ({
    at,
    text: `${by.name} ${decision === "approve" ? "approved" : "rejected"} it (${id})`,
  }));
  const { status, endedAt } = approval;
  if (endedAt === null || (status !== "expired" && status !== "withdrawn")) return votes;
  return [
    ...votes,
    { at: endedAt, text: `the approval ${status === "expired" ? "expired" : "was withdrawn"} (${id})` },
  ];
}

const nouns: Readonly<Record<StepEffect["planned"]["effect"]["kind"], readonly [one: string, many: string]>> = {
  email: ["mail was sent", "mails were sent"],
  slack_message: ["Slack message was sent", "Slack messages were sent"],
  calendar_event: ["calendar event was made", "calendar events were made"],
  crm_update: ["change was made in the CRM", "changes were made in the CRM"],
};

/** By kind, at the time of the last one. */
function sent(step: StepState): Happened[] {
  const byKind = new Map<keyof typeof nouns, { at: number; count: number }>();
  for (const { part, work } of allWorks(step)) {
    if (part === "compensation") continue;
    for (const { planned, state } of work.effects ?? []) {
      if (state.status !== "performed") continue;
      const { kind } = planned.effect;
      const before = byKind.get(kind) ?? { at: state.at, count: 0 };
      byKind.set(kind, { at: Math.max(before.at, state.at), count: before.count + 1 });
    }
  }
  const lines = [...byKind].map(([kind, { at, count }]) => {
    const [one, many] = nouns[kind];
    return { at, text: `${count} ${count === 1 ? one : many} (${step.id})` };
  });
  const { compensation } = step;
  if (compensation?.status !== "succeeded" || compensation.endedAt === null) return lines;
  return [...lines, { at: compensation.endedAt, text: `what ${step.id} had done was taken back` }];
}

/** By its name alone: a cause may quote whatever the far side said. */
function failed({ id, status, failure, endedAt }: StepState): Happened[] {
  if (status !== "failed" || failure === null || endedAt === null) return [];
  return [{ at: endedAt, text: `${id} failed (${failure.error})` }];
}

function ended({ status, outcome, endedAt, redriven }: ExecutionState): Happened[] {
  const again =
    redriven === null ? [] : [{ at: redriven.at, text: `${redriven.by?.name ?? "a program"} let it go on` }];
  if (endedAt === null) return again;
  const words = status.replaceAll("_", " ");
  const how = outcome === null || outcome === "completed" ? words : `${words}: ${outcome.replaceAll("_", " ")}`;
  return [...again, { at: endedAt, text: `it ended (${how})` }];
}
