/** Every surface of the bot, made of so many customers, or with one text wherever a text from outside can stand. */
import { approvalList } from "../../../src/bot/views/approval-list.ts";
import { detailsModal, reviewModal } from "../../../src/bot/views/details-modal.ts";
import { editLoadingModal, editModal } from "../../../src/bot/views/edit-modal.ts";
import { executionStatus } from "../../../src/bot/views/execution-status.ts";
import { flowList } from "../../../src/bot/views/flow-list.ts";
import { helpMessage } from "../../../src/bot/views/help.ts";
import { homeView, type HomeFacts } from "../../../src/bot/views/home.ts";
import { listModal, listPageSize } from "../../../src/bot/views/list-modal.ts";
import { sentence, type Message } from "../../../src/bot/views/message.ts";
import { messageModal, noticeModal } from "../../../src/bot/views/notice-modal.ts";
import { rejectModal } from "../../../src/bot/views/reject-modal.ts";
import { batchElsewhere, startAnswer } from "../../../src/bot/views/start.ts";
import { statusList } from "../../../src/bot/views/status-list.ts";
import type { ExecutionReport, FlowSummary, WaitingApproval } from "../../../src/engine/engine.ts";
import type { ApprovalCard, BatchCard, Card, NoteCard, StepReport } from "../../../src/flow/card.ts";
import { editInput, type EditField } from "../../../src/flow/edit-field.ts";
import type { ExecutionHeader, WaitingFor } from "../../../src/flow/record.ts";
import { Recommendations } from "../../../src/agents/local/recommendations/recommendations.ts";
import { encodeApproval } from "../../../src/notify/slack/action-ids.ts";
import { buildCard } from "../../../src/notify/slack/card.ts";
import { headline } from "../../../src/notify/slack/customer-line.ts";
import { definition, header } from "../../bot/fake-engine.ts";
import { Batch } from "../../../src/flow/record.ts";
import type { Shown } from "./golden-reader.ts";
import { everyCard } from "./hostile-cards.ts";
import {
  dana,
  lee,
  now,
  sampleApproval,
  sampleBatch,
  sampleCustomer,
  sampleRecommendations,
  timezone,
} from "./sample-cards.ts";

export type Surfaces = Readonly<Record<string, Shown>>;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** What `status` asks for, and one more. */
const mostListed = 500;

export function ofCard(card: Card, mentions: readonly string[] = []): Shown {
  return { kind: "message", ...buildCard(card, mentions) };
}

export function ofMessage(message: Message): Shown {
  return { kind: "message", ...message };
}

/** As many customers as somebody's book holds: the first ones wait, the rest runs. */
export function surfacesOfMany(customers: number): Surfaces {
  const headers = Array.from({ length: Math.min(customers, mostListed + 1) }, (_, index) => numbered(index));
  const waiting = headers.map((each) => waitingOf(each));
  const total = customers;
  const page = (offset: number) => ({
    items: waiting.slice(0, listPageSize),
    total,
    offset,
    batchId: "batch-1",
    timezone,
  });
  const lastPage = Math.max(0, Math.ceil(total / listPageSize) - 1) * listPageSize;
  return {
    "batch while it runs": ofCard(runningBatch(customers)),
    "batch at its end": ofCard(endedBatch(customers)),
    status: ofMessage(statusList({ headers, about: null, maxListed: mostListed, timezone })),
    approvals: ofMessage(approvalList({ items: waiting.slice(0, 10), total, timezone })),
    list: { kind: "view", view: listModal(page(0)) },
    "list, its last page": {
      kind: "view",
      view: listModal({ ...page(lastPage), items: waiting.slice(0, total - lastPage) }),
    },
    home: { kind: "view", view: homeView(homeOf(headers, waiting, total)) },
    flows: ofMessage(flowList({ flows: Array.from({ length: customers }, (_, index) => flow(index)), timezone })),
  };
}

function numbered(index: number): ExecutionHeader {
  const isOpen = index % 4 !== 3;
  return header({
    execution_id: `exec-${index + 1}`,
    customer_id: `cust-${index + 1}`,
    customer_name: `Customer ${index + 1}`,
    status: isOpen ? "running" : "succeeded",
    outcome: isOpen ? null : "nothing_to_do",
    started_at: now,
    ended_at: isOpen ? null : now + 2_000,
    risk_score: 0.95 - (index % 20) / 100,
    waiting_for:
      index % 4 === 2 || !isOpen
        ? []
        : [wait({ people: [index % 8 < 4 ? "Dana Reyes" : "Marcus Bell", "a RevOps lead"] })],
  });
}

function wait(fields: Partial<WaitingFor>): WaitingFor {
  const none = { references: [], requester_id: null, listed: false };
  const times = { since: now, until: now + 3 * dayMs };
  return { kind: "approval", step_id: "approve_recommendations", people: ["Dana Reyes"], ...times, ...none, ...fields };
}

function waitingOf(each: ExecutionHeader): WaitingApproval {
  return { header: each, waiting: each.waiting_for[0] ?? wait({}) };
}

function runningBatch(customers: number): BatchCard {
  const waiting = Math.ceil(customers / 2);
  const started = Math.ceil(customers * 0.9);
  return sampleBatch({
    matched: customers,
    total: customers * 3,
    alreadyRunning: 0,
    started,
    counts: {
      ...sampleBatch().counts,
      completed: 0,
      rejected: 0,
      waiting_for_approval: waiting,
      running: started - waiting,
    },
    listed: Math.max(0, waiting - 20),
    waitingFor: waiting === 0 ? [] : owners(Math.min(12, waiting), waiting),
  });
}

function owners(people: number, waiting: number): BatchCard["waitingFor"] {
  const each = Math.floor(waiting / people);
  return Array.from({ length: people }, (_, index) => ({
    name: `Owner ${index + 1}`,
    count: index === 0 ? waiting - each * (people - 1) : each,
  }));
}

/** A schedule's: the digest of a morning. */
function endedBatch(customers: number): BatchCard {
  const none = sampleBatch().counts;
  const completed = Math.floor(customers / 3);
  const counts = {
    ...none,
    running: 0,
    waiting_for_approval: 0,
    rejected: 0,
    completed,
    nothing_to_do: customers - completed,
  };
  const ran = { matched: customers, total: customers * 3, alreadyRunning: 0, started: customers, counts };
  return sampleBatch({ ...ran, requestedBy: null, scheduledAt: now, waitingFor: [], ended: true });
}

function homeOf(headers: ExecutionHeader[], waiting: WaitingApproval[], total: number): HomeFacts {
  return {
    waiting: { items: waiting.slice(0, 5), total },
    personal: {
      executions: headers.slice(0, 5),
      customersAtRisk: headers.slice(0, 8).map((each) => ({
        customer: sampleCustomer({ id: each.customer_id ?? "", name: each.customer_name ?? "" }),
        riskScore: each.risk_score ?? 0,
        header: each,
      })),
    },
    flows: [flow(0)].slice(0, total),
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    now,
    timezone,
  };
}

function flow(index: number): FlowSummary {
  return {
    definition: definition({ flow_id: index === 0 ? "renewal_management" : `flow_${index + 1}` }),
    file: null,
    nextFiring: now + dayMs,
    running: index,
  };
}

/** `text` wherever a text from outside can stand: a customer, a person, a flow's words, an agent's output, an error. */
export function surfacesOfText(text: string): Surfaces {
  const card = sampleApproval({ customer: sampleCustomer({ name: text }) });
  const one = header({
    customer_name: text,
    risk_score: 0.78,
    started_at: now,
    waiting_for: [wait({ people: [text, "a RevOps lead"] })],
  });
  const cards = everyCard(text).map((each, index): [string, Shown] => [`${each.kind} card ${index + 1}`, ofCard(each)]);
  return { ...Object.fromEntries(cards), ...viewsOfText(text, card, one) };
}

function viewsOfText(text: string, card: ApprovalCard, one: ExecutionHeader): Surfaces {
  const headers = [one];
  const items = [waitingOf(one)];
  const summary = { ...flow(0), definition: definition({ description: text, version: text }) };
  const home = homeOf(headers, items, 1);
  const report = reportOf({ steps: [step({ label: text, waitingFor: [text] }), failed(text)], one, text });
  const status = executionStatus({ report, timezone });
  const started = { kind: "started", executionId: text, customer: sampleCustomer({ name: text }) } as const;
  return {
    status: ofMessage(statusList({ headers, about: text, maxListed: mostListed, timezone })),
    approvals: ofMessage(approvalList({ items, total: 1, timezone })),
    flows: ofMessage(flowList({ flows: [summary], timezone })),
    "execution status": ofMessage(status),
    "a start": ofMessage(startAnswer({ answer: started, definition: summary.definition })),
    "a batch elsewhere": ofMessage(batchElsewhere({ batch: batchOf(text), channel: text })),
    "no help": ofMessage(helpMessage(text)),
    list: { kind: "view", view: listModal({ items, total: 1, offset: 0, batchId: null, timezone }) },
    home: {
      kind: "view",
      view: homeView({ ...home, flows: [summary], channels: { default: text, alerts: text, flows: {} } }),
    },
    review: { kind: "view", view: reviewModal({ ...card, isEditable: true }) },
    details: { kind: "view", view: detailsModal(card) },
    edit: {
      kind: "view",
      view: editModal({ approval: encodeApproval(card), about: headline(card), fields: fieldsOf(text) }),
    },
    "edit, loading": { kind: "view", view: editLoadingModal() },
    reject: { kind: "view", view: rejectModal({ approval: encodeApproval(card), reasonRequired: true }) },
    steps: { kind: "view", view: messageModal("Steps", status) },
    notice: { kind: "view", view: noticeModal(sentence("Dana Reyes approved this. Nothing changed.")) },
  };
}

function batchOf(flowId: string): Batch {
  return {
    batch_id: "batch-1",
    flow_id: flowId,
    definition_hash: "hash",
    started_by: { type: "manual", person: lee },
    started_at: now,
    customer_ids: ["cust-1"],
    customers_total: 41,
    already_running: {},
    status: "running",
    channel: "#revops",
    message_ts: null,
    revision: 1,
  };
}

export function executionOfSteps(steps: number): Message {
  const one = header({ started_at: now, waiting_for: [wait({})] });
  const each = Array.from({ length: steps }, (_, index) =>
    step({ stepId: `step_${index + 1}`, label: `data_agent step_${index + 1}` }),
  );
  return executionStatus({ report: reportOf({ steps: each, one, text: "Morgan Lee" }), timezone });
}

function reportOf({ steps, one, text }: { steps: StepReport[]; one: ExecutionHeader; text: string }): ExecutionReport {
  return { header: one, steps, startedBy: text, failure: text === "Morgan Lee" ? null : text };
}

function step(fields: Partial<StepReport>): StepReport {
  const none = { skipped: null, startedAt: now, endedAt: now + 1200, failure: null, retryAt: null };
  return {
    stepId: "look",
    label: "data_agent look",
    status: "succeeded",
    attempts: 1,
    waitingFor: [],
    ...none,
    ...fields,
  };
}

function failed(text: string): StepReport {
  return step({ stepId: "send", status: "failed", attempts: 4, failure: { error: "Agent.Timeout", cause: text } });
}

/** The form that the standard flow offers, and a field of each other kind. */
function fieldsOf(text: string): EditField[] {
  const { recommendations } = sampleRecommendations();
  const field = { step: "generate_recommendations" };
  return [
    {
      ...field,
      field: "recommendations",
      value: recommendations.map((each) => ({ ...each, title: text })),
      input: editInput({ output: Recommendations, field: "recommendations" }),
    },
    { ...field, field: "note", value: text, input: { kind: "text", multiline: true } },
    { ...field, field: "tone", value: text, input: { kind: "choice", choices: [text, `${text}, but warmer`] } },
    { ...field, field: "names", value: [text, text], input: { kind: "lines" } },
    { ...field, field: "amount", value: 12.5, input: { kind: "number", integer: false } },
    { ...field, field: "urgent", value: true, input: { kind: "flag" } },
    { ...field, field: "other", value: { [text]: text }, input: { kind: "json" } },
  ];
}

/** What stands in #renewals about one customer, from the question to the answer. */
export function threadOf(name: string): Surfaces {
  const card = sampleApproval({
    customer: sampleCustomer({ name }),
    isEditable: true,
    remindAt: now + 4 * hourMs,
    escalateAt: now + dayMs,
    escalateTo: ["a RevOps lead"],
    history: [
      {
        execution_id: "earlier",
        started_at: now - 60 * dayMs,
        status: "succeeded",
        outcome: "rejected",
        risk_score: 0.71,
      },
    ],
  });
  const { recommendations } = sampleRecommendations();
  const [first, second, ...others] = recommendations;
  if (first === undefined || second === undefined) throw new Error("the sample proposes nothing");
  const changed = [
    { ...first, title: `Meet ${name}` },
    { ...second, due_date: "2026-12-24" },
  ];
  const change = { step: "generate_recommendations", field: "recommendations", from: recommendations, to: changed };
  const edits = [{ by: dana, at: now + hourMs, version: 2, changes: [change] }];
  const waitingFor = [{ reference: "dana.reyes@example.com", label: "Dana Reyes" }];
  const call = { waitingFor, requesterId: null, expiresAt: card.expiresAt };
  const note = (at: number, said: NoteCard["note"]): NoteCard => ({
    kind: "note",
    executionId: card.executionId,
    stepId: card.stepId,
    timezone,
    at,
    note: said,
  });
  const plans = card.plans.slice(0, 1);
  const edited = { ...card, version: 2, edits, plans, remindAt: null, remindedAt: now + 4 * hourMs };
  const lead = { waitingFor: [{ reference: "role:revops_lead", label: "a RevOps lead" }] };
  const left = others.length;
  return {
    card: ofCard(card),
    "in the thread": ofCard({ kind: "details", approval: card }),
    [`edited, ${left} left out`]: ofCard(
      note(now + hourMs, { type: "edited", by: dana, changes: [change], plans, later: card.later, quorum: 2 }),
    ),
    reminder: ofCard(note(now + 4 * hourMs, { type: "reminded", ...call }), ["U01"]),
    "card after both": ofCard(edited),
    "hand-over": ofCard(note(now + dayMs, { type: "escalated", reason: "after", ...call, ...lead })),
    "card after that": ofCard({ ...edited, escalateAt: null, escalated: { at: now + dayMs, reason: "after" } }),
    approved: ofCard({ ...edited, ...approvedAt(now + 25 * hourMs) }),
    expired: ofCard({ ...card, status: "expired", endedAt: card.expiresAt }),
    row: {
      kind: "view",
      view: listModal({
        items: [waitingOf(header({ customer_name: name, risk_score: 0.78 }))],
        total: 1,
        offset: 0,
        batchId: null,
        timezone,
      }),
    },
  };
}

function approvedAt(at: number): Partial<ApprovalCard> {
  const receipt = {
    id: "1",
    summary: "mail to dana.reyes@example.com — Acme Robotics: renewal on 4 Dec",
    url: null,
    at,
  };
  return {
    status: "approved",
    endedAt: at,
    votes: [{ decision: "approve", by: lee, at, reason: null }],
    effects: [{ stepId: "send_notifications", status: "performed", summary: receipt.summary, receipt }],
  };
}
