/** What must hold once the crowd has gone, by what the engine recorded and what everybody was told. */
import { expect } from "vitest";
import type { ApprovalState, ExecutionState } from "../../src/flow/execution.ts";
import type { AuditEvent } from "../../src/flow/record.ts";
import type { PageCalendarEvent, PageMail } from "../../src/sandbox/page-api.ts";
import type { Acknowledgements } from "./acknowledgements.ts";
import { contested, refusedByOwner } from "./crowd-acts.ts";
import { at, customerNames, everybody, flows, idOf, leads, outsiders, requester } from "./crowd.ts";
import type { Recorded } from "./record.ts";

type Told = Map<string, string[]>;

export function expectDecidedOnce({ executions, audit }: Recorded): void {
  expect(executions.map(({ state }) => nameIn(state)).toSorted()).toEqual(customerNames);
  for (const { state } of executions) {
    const { status, votes } = approvalOf(state);
    const quorum = flows.find(({ flowId }) => flowId === state.flowId)?.quorum ?? 0;
    const words = votes.map(({ decision }) => decision).join(" ");
    const approved = Array.from({ length: quorum }, () => "approve").join(" ");
    const ends = { approved: [approved], rejected: ["reject", ...(quorum > 1 ? ["approve reject"] : [])] };
    expect(Object.entries(ends).flatMap(([end, all]) => (all.includes(words) ? [end] : []))).toEqual([status]);
    expect(new Set(votes.map(({ by }) => by.user_id)).size).toBe(votes.length);
    const counted = votes.map(({ decision, by }) => `${decision} ${by.user_id}`);
    const recorded = audit.filter(({ action, execution_id }) => execution_id === state.executionId && isVote(action));
    expect(recorded.map(({ action, person }) => `${action} ${person?.user_id}`).toSorted()).toEqual(counted.toSorted());
  }
  const refused = refusedByOwner.map((index) => at(customerNames, index));
  const found = executions.filter(({ state }) => refused.includes(nameIn(state)));
  expect(found.map(({ state }) => approvalOf(state).status)).toEqual(refused.map(() => "rejected"));
}

/**
 * A press that is heard is a vote, opens a form, or is refused in private; a submit is a vote, or is refused in its form. Of what
 * got no acknowledgement the app may have heard some.
 */
export function expectEveryPressAnswered(parameters: {
  record: Recorded;
  told: Told;
  acknowledgements: Acknowledgements;
  /** How many presses and how many submits were sent to the app, and how many of them got no acknowledgement. */
  sent: { presses: number; submits: number; unheard: number };
  /** At most so much was told twice. */
  repeated: number;
}): void {
  const { record, told, acknowledgements, repeated } = parameters;
  const { presses, submits, unheard } = parameters.sent;
  const count = (action: AuditEvent["action"]) => record.audit.filter((event) => event.action === action).length;
  expect(acknowledgements.toApp("block_actions")).toHaveLength(presses);
  expect(acknowledgements.toApp("view_submission")).toHaveLength(submits);
  const opened = acknowledgements.fromApp("views.open").filter(({ status }) => status === "ok").length;
  expect(opened).toBe(contested.length + refusedByOwner.length);
  const answered = count("approve") + count("reject") + count("refuse");
  expect(answered).toBeLessThanOrEqual(presses + submits - opened);
  expect(answered).toBeGreaterThanOrEqual(presses + submits - opened - unheard);
  const refusedInForms = submits - count("reject");
  const saidInPrivate = [...told.values()].flat().length;
  expect(saidInPrivate).toBeLessThanOrEqual(count("refuse") - refusedInForms + unheard + repeated);
  expect(saidInPrivate).toBeGreaterThanOrEqual(count("refuse") - refusedInForms);
}

/** Each refusal was true when it was given, and each person was told just that. */
export function expectTruthful(parameters: {
  record: Recorded;
  told: Told;
  sent: { unheard: number };
  repeated: number;
}): void {
  const { record, told, sent, repeated } = parameters;
  const refusals = record.audit.filter(({ action }) => action === "refuse");
  const states = new Map(record.executions.map(({ state }) => [state.executionId, state]));
  const lies = refusals.filter((refusal) => !isTrue(refusal, states.get(refusal.execution_id ?? "")));
  expect(lies).toEqual([]);
  for (const person of everybody) {
    const texts = told.get(idOf(person)) ?? [];
    const own = refusals.filter((refusal) => refusal.person?.user_id === idOf(person));
    for (const [reason, said] of Object.entries(sentences)) {
      const given = own.filter(({ detail }) => detail.startsWith(`${reason} `)).length;
      const heard = texts.filter((text) => said.test(text)).length;
      // Each lead had one form, and what is refused there stands there; so does what is refused to one sent again.
      const decidedMeanwhile = reason === "already_decided" && leads.includes(person) ? 1 : 0;
      const sentAgain = reason.startsWith("already_") ? sent.unheard : 0;
      expect(given - heard, `${person.name}, ${reason}`).toBeGreaterThanOrEqual(-repeated);
      expect(given - heard, `${person.name}, ${reason}`).toBeLessThanOrEqual(decidedMeanwhile + sentAgain);
    }
  }
}

const sentences: Readonly<Record<string, RegExp>> = {
  not_an_approver: /^You can't decide this: .+ can\. Nothing changed\.$/,
  requester: /^You started this execution, so somebody else decides: .+ Nothing changed\.$/,
  already_decided: /^(?:Account manager|RevOps lead) \d\d (?:approved|rejected) this on .+ Nothing changed\.$/,
  already_voted: /^Your decision is recorded already; it counts once\. Nothing changed\.$/,
};

const outside = new Set(outsiders.map(idOf));

function isTrue({ person, detail, at: toldAt }: AuditEvent, state: ExecutionState | undefined): boolean {
  if (state === undefined || person === null) return false;
  const { endedAt, votes } = approvalOf(state);
  const [reason = ""] = detail.split(" ");
  switch (reason) {
    case "not_an_approver":
      return outside.has(person.user_id ?? "");
    case "requester":
      return person.user_id === idOf(requester);
    case "already_decided":
      return endedAt !== null && endedAt <= toldAt;
    case "already_voted":
      return votes.some(({ by, at: votedAt }) => by.user_id === person.user_id && votedAt <= toldAt);
    default:
      return false;
  }
}

export function expectEffectsOnce(parameters: {
  record: Recorded;
  mails: PageMail[];
  events: PageCalendarEvent[];
}): void {
  const { record, mails, events } = parameters;
  const approved = record.executions.filter(({ state }) => approvalOf(state).status === "approved");
  expect(approved.length).toBeGreaterThanOrEqual(customerNames.length - contested.length - refusedByOwner.length);
  const names = approved.map(({ state }) => nameIn(state)).toSorted();
  expect(mails.map(about).toSorted()).toEqual(names);
  const booked = events.map(({ summary }) => summary.replace("Renewal Discussion - ", ""));
  expect(booked.toSorted()).toEqual(names);
}

function about({ subject }: PageMail): string {
  return customerNames.find((name) => subject.includes(name)) ?? subject;
}

function approvalOf(state: ExecutionState): ApprovalState {
  const approval = state.steps["approve_recommendations"]?.approval;
  if (!approval) throw new Error(`${state.executionId} was never asked about`);
  return approval;
}

function nameIn({ customer, executionId }: ExecutionState): string {
  return customer?.name ?? executionId;
}

function isVote(action: AuditEvent["action"]): boolean {
  return action === "approve" || action === "reject";
}
