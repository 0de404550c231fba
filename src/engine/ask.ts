/**
 * Asking for an approval: who may decide, and what an approval would let out (A2, A3).
 *
 * Job: resolve approvers, plan the effects that can be known now, hash all that an approver is shown. Non-job: no record;
 * the answer goes to the decider as a command.
 */
import { createHash } from "node:crypto";
import { evaluateFields, evaluateValue, rootsOf } from "../flow/expression.ts";
import type { Approver, PastExecution, StepPlan } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { FailureError, isRetryable } from "../flow/failure.ts";
import type { AgentStep, ApprovalStep } from "../flow/flow.ts";
import { ancestors, descendants } from "../flow/graph.ts";
import { canonicalJson, type Json } from "../flow/json.ts";
import type { Asking, Proposal } from "./command.ts";
import { describeAction, type RunningContext } from "./context.ts";
import { requesterId } from "./requester.ts";
import { invokeAction } from "./invoke.ts";
import { asItems, plansOf } from "./look.ts";
import { hasEnded, stepDefinition, stepState } from "./readiness.ts";
import { finishedAncestors, itemRoots, outputSeenBy, rootsFor, stepOutputs } from "./roots.ts";

const historyShown = 5;

export async function ask(
  context: RunningContext,
  state: ExecutionState,
  step: ApprovalStep,
): Promise<Omit<Asking, "listed">> {
  const asked = await decidersOf(context, state, step);
  const proposal = await propose(context, state, step);
  return { ...asked, ...proposal, history: await historyOf(context, state) };
}

/** What would leave after this approval as its outputs and edits stand now (A3). */
export async function propose(context: RunningContext, state: ExecutionState, step: ApprovalStep): Promise<Proposal> {
  const { plans, later } = await planAhead(context, state, step);
  return { plans, later, hash: approvalHash(state, step.id, plans) };
}

/** A2: the approvers, or at once those of `escalate.to` where the others can't reach the quorum without the requester. */
async function decidersOf(
  context: RunningContext,
  state: ExecutionState,
  step: ApprovalStep,
): Promise<Pick<Asking, "approvers" | "escalateTo" | "isEscalated">> {
  const first = await resolveReferences(context, state, step, step.approvers);
  const beyond = await resolveReferences(context, state, step, step.escalate?.to ?? []);
  const escalateTo = beyond.approvers;
  if (first.able >= step.quorum) return { approvers: first.approvers, escalateTo, isEscalated: false };
  if (beyond.able >= step.quorum) return { approvers: first.approvers, escalateTo, isEscalated: true };
  const references = [...new Set([...first.approvers, ...escalateTo].map(({ reference }) => reference))];
  const able = Math.max(first.able, beyond.able);
  throw new FailureError({ error: "Approval.NoApprover", cause: nobody(step, { references, able, state }) });
}

/** Null references are dropped; one named twice asks once. `able`: how many people could decide. */
async function resolveReferences(
  context: RunningContext,
  state: ExecutionState,
  step: ApprovalStep,
  written: string[],
): Promise<{ approvers: Approver[]; able: number }> {
  const values = await evaluateValue({ value: written, roots: rootsFor(state, step.id), now: context.clock.now() });
  const flat = [values].flat(2).filter((value): value is string => typeof value === "string" && value.trim() !== "");
  const requester = step.requester_may_decide ? null : requesterId(state);
  const able = new Set<string>();
  const approvers: Approver[] = [];
  for (const reference of new Set(flat.map((each) => each.trim()))) {
    const people = await context.people.resolve({ reference });
    for (const { user_id } of people) if (user_id !== requester) able.add(user_id);
    approvers.push({ reference, label: await context.people.label({ reference }) });
  }
  return { approvers, able: able.size };
}

/** The newest executions of this flow about this customer, for whoever decides about the next one. */
async function historyOf(context: RunningContext, state: ExecutionState): Promise<PastExecution[]> {
  if (state.customer === null) return [];
  const filter = { flowId: state.flowId, customerId: state.customer.id };
  const { items } = await context.store.list({ filter, limit: historyShown + 1 });
  return items
    .filter(({ execution_id }) => execution_id !== state.executionId)
    .slice(0, historyShown)
    .map(({ execution_id, started_at, status, outcome, risk_score }) => ({
      execution_id,
      started_at,
      status,
      outcome,
      risk_score,
    }));
}

function nobody(step: ApprovalStep, found: { references: string[]; able: number; state: ExecutionState }): string {
  if (found.references.length === 0)
    return `${step.id} needs ${step.quorum} to approve, and nobody is named who could.`;
  const isApart = !step.requester_may_decide && requesterId(found.state) !== null;
  return `${step.id} needs ${step.quorum} to approve; of ${found.references.join(", ")}${isApart ? ", the requester apart," : ""} ${found.able} can decide.`;
}

/** A3: every effect-planning step behind this approval whose expressions need nothing unfinished. */
async function planAhead(
  context: RunningContext,
  state: ExecutionState,
  step: ApprovalStep,
): Promise<{ plans: StepPlan[]; later: string[] }> {
  const plans: StepPlan[] = [];
  const later: string[] = [];
  for (const id of descendants({ definition: state.definition, stepId: step.id })) {
    const behind = stepDefinition(state, id);
    if (behind.kind !== "agent" || hasEnded(stepState(state, id)) || plansOf(state, id).length > 0) continue;
    if (describeAction(context, behind)?.plansEffects !== true) continue;
    const planned = canBePlanned(context, state, behind) ? await planStep(context, state, behind) : null;
    if (planned === null) later.push(id);
    else plans.push(...planned);
  }
  return { plans, later };
}

function canBePlanned(context: RunningContext, state: ExecutionState, step: AgentStep): boolean {
  const unfinished = ancestors({ definition: state.definition, stepId: step.id }).filter(
    (id) => !hasEnded(stepState(state, id)),
  );
  const read = new Set([...rootsOf(step.parameters), ...rootsOf(step.for_each)]);
  if (unfinished.some((id) => read.has(id))) return false;
  const inputs = new Set(describeAction(context, step)?.reads.map(({ action }) => action));
  return unfinished.every((id) => {
    const definition = stepDefinition(state, id);
    return definition.kind !== "agent" || !inputs.has(definition.action);
  });
}

/** One plan, or one for each item. Null: it can't be planned as things stand (a recipient is missing); the step itself will say so. */
async function planStep(context: RunningContext, state: ExecutionState, step: AgentStep): Promise<StepPlan[] | null> {
  const roots = rootsFor(state, step.id);
  try {
    if (step.for_each === null) return [await planOnce(context, state, step, roots)];
    const now = context.clock.now();
    const items = asItems(step.id, await evaluateValue({ value: step.for_each, roots, now }));
    const plans: StepPlan[] = [];
    for (const [index, item] of items.entries()) {
      const plan = await planOnce(context, state, step, itemRoots(roots, { item, index }));
      plans.push({ ...plan, part: index, item });
    }
    return plans;
  } catch (error) {
    if (error instanceof FailureError && !isRetryable(error.failure)) return null;
    throw error;
  }
}

async function planOnce(
  context: RunningContext,
  state: ExecutionState,
  step: AgentStep,
  roots: Record<string, Json>,
): Promise<StepPlan> {
  const parameters = await evaluateFields({ value: step.parameters, roots, now: context.clock.now() });
  const outputs = stepOutputs(state, step.id);
  const of = { stepId: step.id, part: null };
  const call = { state, of, action: step, timeoutMs: step.timeout_ms, parameters, outputs, attempt: 1 };
  const { output, effects } = await context.agentLimits.run(step.agent, () => invokeAction(context, call));
  return { step_id: step.id, parameters, output, effects };
}

/** Over the definition, the finished outputs as edited, and the plans; a calendar slot's forecast is no part of it. */
export function approvalHash(state: ExecutionState, stepId: string, plans: StepPlan[]): string {
  const outputs: Json = Object.fromEntries(
    finishedAncestors(state, stepId).map((step) => [step.id, outputSeenBy(state, stepId, step)]),
  );
  const planned: Json = plans.map(({ part = null, item = null, effects, ...plan }) => ({
    ...plan,
    ...(part === null ? {} : { part, item }),
    effects: effects.map(withoutForecast),
  }));
  return createHash("sha256")
    .update(canonicalJson({ definition: state.definitionHash, outputs, plans: planned }))
    .digest("hex");
}

function withoutForecast(planned: StepPlan["effects"][number]): Json {
  if (planned.effect.kind !== "calendar_event") return planned;
  const { forecast_at: _forecast, ...effect } = planned.effect;
  return { target: planned.target, effect };
}
