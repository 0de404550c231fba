/** The cards an execution wants to stand in Slack, as data, from its state alone; `slack/` builders draw them. */
import type { ApprovalCard, Card, DoubtCard, FailureCard, FinishedStep } from "../flow/card.ts";
import { updateInWords } from "../flow/crm-change.ts";
import type { Effect } from "../flow/effect.ts";
import type { ExecutionState, StepEffect, StepState } from "../flow/execution.ts";
import type { Hold } from "../flow/hold.ts";
import { ancestors, descendants } from "../flow/graph.ts";
import { allWorks } from "../flow/step-state.ts";
import { approvalNotes, editsOf } from "./approval-notes.ts";
import { cardPlans } from "./card-plans.ts";
import { finishedAncestors, outputSeenBy } from "./roots.ts";
import { hasEnded, stepDefinition, stepState } from "./readiness.ts";

export interface WantedCard {
  key: string;
  /** `alerts`: the flow's channel, else alerts; `default`: what concerns operations. */
  place: "alerts" | "default";
  card: Card;
  /** The card in whose thread it stands; null: in the channel. */
  under: string | null;
  /** Posted with it, in its thread: not edited afterwards. */
  reply: { key: string; card: Card } | null;
  /** Once it stands it is never edited. */
  isFinal: boolean;
}

export function wantedCards(state: ExecutionState, now: number): WantedCard[] {
  const cards: WantedCard[] = [];
  for (const { id } of state.definition.steps) {
    const step = stepState(state, id);
    if (step.approval !== null) cards.push(...approvalCards(state, step, now));
    if (step.effects === null && step.items === null && step.compensation === null) continue;
    for (const { work } of allWorks(step)) {
      if (work.effects !== null) cards.push(...doubtCards(state, step, work.effects));
    }
  }
  const failure = failureCard(state);
  if (failure !== null) {
    cards.push({ ...alone, key: `${state.executionId}#failure-card`, place: "default", card: failure });
  }
  return cards;
}

const alone = { under: null, reply: null, isFinal: false };

/** The card and, in its thread, what stood behind it and what has happened to it since. A listed one has none. */
function approvalCards(state: ExecutionState, step: StepState, now: number): WantedCard[] {
  const card = approvalCard(state, step, now);
  if (card === null || step.approval === null || step.approval.listed) return [];
  const key = approvalCardKey(state.executionId, step.id);
  const reply = { key: `${key}-details`, card: { kind: "details" as const, approval: card } };
  const notes = approvalNotes(state, step.id, step.approval);
  return [
    { ...alone, key, place: "alerts", card, reply },
    ...notes.map(({ suffix, note, isFinal }): WantedCard => ({
      key: `${key}-${suffix}`,
      place: "alerts",
      card: note,
      under: key,
      reply: null,
      isFinal,
    })),
  ];
}

export function approvalCardKey(executionId: string, stepId: string): string {
  return `${executionId}/${stepId}#card`;
}

export function approvalCard(state: ExecutionState, step: StepState, now: number): ApprovalCard | null {
  const { approval } = step;
  if (approval === null) return null;
  return {
    kind: "approval",
    executionId: state.executionId,
    stepId: step.id,
    version: approval.version,
    flowId: state.flowId,
    flowDescription: state.definition.description,
    customer: state.customer,
    timezone: state.timezone,
    now,
    outputs: finishedAncestors(state, step.id).map((ancestor) => finished(state, step.id, ancestor)),
    plans: cardPlans(approval.plans),
    later: approval.later,
    takenBack: compensationsAround(state, step.id),
    status: approval.status,
    requestedAt: approval.requestedAt,
    endedAt: approval.endedAt,
    expiresAt: approval.expiresAt,
    waitingFor: approval.approvers.map(({ label }) => label),
    isEditable: isEditable(state, step.id),
    edits: editsOf(state, step.id, approval),
    remindAt: approval.remindedAt === null ? approval.remindAt : null,
    remindedAt: approval.remindedAt,
    escalateAt: approval.escalated === null ? approval.escalateAt : null,
    escalateTo: approval.escalateTo.map(({ label }) => label),
    escalated: approval.escalated,
    history: approval.history,
    quorum: approval.quorum,
    votes: approval.votes,
    effects: effectsAfter(state, step.id),
    caseNote: state.caseNote,
    execution: { status: state.status, outcome: state.outcome, stopped: stoppedOf(state) },
  };
}

/** Before it or behind it, in the file's order. */
function compensationsAround({ definition }: ExecutionState, stepId: string): ApprovalCard["takenBack"] {
  const around = new Set([...ancestors({ definition, stepId }), ...descendants({ definition, stepId })]);
  return definition.steps.flatMap((step) => {
    const compensation = "compensate" in step ? step.compensate : null;
    return compensation === null || !around.has(step.id) ? [] : [{ stepId: step.id, action: compensation.action }];
  });
}

function stoppedOf({ stopping }: ExecutionState): ApprovalCard["execution"]["stopped"] {
  return stopping === null ? null : { how: stopping.status, by: stopping.by, at: stopping.at };
}

function isEditable(state: ExecutionState, stepId: string): boolean {
  const definition = stepDefinition(state, stepId);
  return definition.kind === "approval" && definition.editable.length > 0;
}

/** As the step `seenBy` sees it: with what approvers made of it. */
function finished(state: ExecutionState, seenBy: string, step: StepState): FinishedStep {
  const definition = stepDefinition(state, step.id);
  const agent = definition.kind === "agent" ? definition.agent : null;
  const action = definition.kind === "agent" ? definition.action : null;
  return { stepId: step.id, agent, action, output: outputSeenBy(state, seenBy, step) };
}

function effectsAfter(state: ExecutionState, stepId: string): ApprovalCard["effects"] {
  return descendants({ definition: state.definition, stepId }).flatMap((id) =>
    effectsOf(stepState(state, id)).map(({ planned, state: fate }) => {
      const receipt = fate.status === "performed" ? fate.receipt : null;
      return {
        stepId: id,
        status: fate.status,
        summary: receipt?.summary ?? summary(planned.effect),
        receipt,
        ...holdOf(fate),
      };
    }),
  );
}

function holdOf(fate: StepEffect["state"]): { hold?: Hold } {
  return fate.status === "held" ? { hold: fate.hold } : {};
}

/** Its own and its items'; what takes them back is no effect of the decision. */
function effectsOf(step: StepState): StepEffect[] {
  return allWorks(step).flatMap(({ part, work }) => (part === "compensation" ? [] : (work.effects ?? [])));
}

/** One line of what an effect is, before there is a receipt. */
export function summary(effect: Effect): string {
  switch (effect.kind) {
    case "email":
      return `mail to ${effect.to}: ${effect.subject}`;
    case "slack_message":
      return `message to ${effect.to.kind === "person" ? effect.to.email : effect.to.channel}`;
    case "calendar_event":
      return `event "${effect.title}" with ${effect.attendees.join(", ")}`;
    case "crm_update":
      return updateInWords(effect);
    default:
      return effect satisfies never;
  }
}

function doubtCards(state: ExecutionState, step: StepState, effects: readonly StepEffect[]): WantedCard[] {
  return effects.flatMap((effect) => {
    const card = doubtCard(state, step, effect);
    return card === null ? [] : [{ ...alone, key: `${card.effectKey}#doubt`, place: "default" as const, card }];
  });
}

function doubtCard(state: ExecutionState, step: StepState, effect: StepEffect): DoubtCard | null {
  const cause = effect.state.status === "doubtful" ? effect.state.cause : null;
  if (cause === null && effect.resolution === null) return null;
  return {
    kind: "doubt",
    executionId: state.executionId,
    stepId: step.id,
    // A resolved "send again" has moved on to the next generation's key; its card stays that of the doubt.
    effectKey: doubtKey(effect, cause === null),
    flowId: state.flowId,
    customerName: state.customer?.name ?? null,
    timezone: state.timezone,
    effect: effect.planned,
    cause: cause ?? "",
    begunAt: effect.begunAt ?? state.startedAt,
    answeredBy: ["an operator", ...approverLabels(state)],
    resolved: cause === null ? effect.resolution : null,
  };
}

function doubtKey(effect: StepEffect, resolved: boolean): string {
  if (!resolved || effect.resolution?.answer !== "send_again") return effect.key;
  const before = effect.generation - 1;
  return effect.key.replace(/#\d+$/, before === 1 ? "" : `#${before}`);
}

function approverLabels(state: ExecutionState): string[] {
  return [
    ...new Set(Object.values(state.steps).flatMap((step) => step.approval?.approvers.map(({ label }) => label) ?? [])),
  ];
}

function failureCard(state: ExecutionState): FailureCard | null {
  if (state.failure === null) return null;
  return {
    kind: "failure",
    executionId: state.executionId,
    flowId: state.flowId,
    customerName: state.customer?.name ?? null,
    timezone: state.timezone,
    stepId: state.failure.stepId,
    failure: state.failure.failure,
    // An execution that failed names the step.
    ranOutOfTime: state.failure.stepId === null && state.failure.failure.error === "Step.Timeout",
    takenBack: takenBack(state),
    at: state.failure.at,
    redriven: state.redriven,
  };
}

function takenBack(state: ExecutionState): FailureCard["takenBack"] {
  return (state.compensating ?? []).flatMap((stepId) => {
    const { compensation } = stepState(state, stepId);
    return compensation === null ? [] : [{ stepId, hasEnded: hasEnded(compensation), failure: compensation.failure }];
  });
}
