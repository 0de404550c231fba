/** A customer's risk as it is now, and as past executions assessed it: what the actions gave, for whoever shows it. */
import type { FinishedStep } from "../flow/card.ts";
import type { Customer } from "../flow/customer.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { EngineContext } from "./context.ts";
import { RequestError } from "./engine.ts";
import type { Lookups } from "./lookups.ts";

/** By code alone, outside any execution; null: it can't be told. */
export type AssessNow = (asked: {
  customer: Customer;
  now: number;
  timezone: string;
  signal: AbortSignal;
}) => Promise<FinishedStep[] | null>;

export interface PastAssessment {
  at: number;
  executionId: string;
  flowId: string;
  output: FinishedStep;
}

export interface CustomerRisk {
  customer: Customer;
  at: number;
  /** Null: it can't be told now. */
  now: FinishedStep[] | null;
  /** Oldest first. */
  past: PastAssessment[];
}

const mostListed = 100;
/** Each is a log to read. */
const mostRead = 12;
const patienceMs = 10_000;

export async function customerRisk(
  context: EngineContext,
  lookups: Lookups,
  { customerId }: { customerId: string },
): Promise<CustomerRisk> {
  const customer = await context.customers.get({ customerId });
  if (customer === null) throw new RequestError(`There is no customer ${customerId}.`);
  const { timezone, clock } = context;
  const at = clock.now();
  const deadline = context.realTime.deadline(patienceMs);
  const { signal } = deadline;
  try {
    const assessed = context.assessNow?.({ customer, now: at, timezone, signal }) ?? null;
    const [now, past] = await Promise.all([assessed, pastAssessments(lookups, customerId)]);
    return { customer, at, now, past };
  } finally {
    deadline.clear();
  }
}

async function pastAssessments(lookups: Lookups, customerId: string): Promise<PastAssessment[]> {
  const headers = await lookups.list({ customerId, limit: mostListed });
  const assessed = headers
    .filter(({ risk_score }) => risk_score !== null)
    .toSorted((one, other) => other.started_at - one.started_at)
    .slice(0, mostRead);
  const states = await Promise.all(assessed.map(({ execution_id: executionId }) => lookups.execution({ executionId })));
  return states.flatMap(assessmentsIn).toSorted((one, other) => one.at - other.at);
}

/** By what it gave: a customer's own action may assess too. */
function assessmentsIn({ executionId, flowId, definition, steps }: ExecutionState): PastAssessment[] {
  return definition.steps.flatMap((step) => {
    const state = steps[step.id];
    if (step.kind !== "agent" || state?.status !== "succeeded" || !hasScore(state.output)) return [];
    const output = { stepId: step.id, agent: step.agent, action: step.action, output: state.output };
    return [{ at: state.endedAt ?? state.startedAt ?? 0, executionId, flowId, output }];
  });
}

function hasScore(output: unknown): boolean {
  return typeof output === "object" && output !== null && "risk_score" in output;
}
