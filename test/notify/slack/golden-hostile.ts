/** Every surface of the bot with one text wherever a text from outside can stand. */
import { Recommendations } from "../../../src/agents/local/recommendations/recommendations.ts";
import { approvalList } from "../../../src/bot/views/approval-list.ts";
import { detailsModal, reviewModal } from "../../../src/bot/views/details-modal.ts";
import { editLoadingModal, editModal } from "../../../src/bot/views/edit-modal.ts";
import { executionStatus } from "../../../src/bot/views/execution-status.ts";
import { flowList } from "../../../src/bot/views/flow-list.ts";
import { helpMessage } from "../../../src/bot/views/help.ts";
import { homeView } from "../../../src/bot/views/home.ts";
import { listModal } from "../../../src/bot/views/list-modal.ts";
import { sentence } from "../../../src/bot/views/message.ts";
import { messageModal, noticeModal } from "../../../src/bot/views/notice-modal.ts";
import { rejectModal } from "../../../src/bot/views/reject-modal.ts";
import { batchElsewhere, startAnswer } from "../../../src/bot/views/start.ts";
import { statusList } from "../../../src/bot/views/status-list.ts";
import type { ApprovalCard, StepReport } from "../../../src/flow/card.ts";
import { editInput, type EditField } from "../../../src/flow/edit-field.ts";
import { type ExecutionHeader, Batch } from "../../../src/flow/record.ts";
import { encodeApproval } from "../../../src/notify/slack/action-ids.ts";
import { headline } from "../../../src/notify/slack/customer-line.ts";
import { definition, header } from "../../bot/fake-engine.ts";
import {
  type Surfaces,
  mostListed,
  ofCard,
  ofMessage,
  wait,
  waitingOf,
  homeOf,
  flow,
  reportOf,
  step,
} from "./golden-facts.ts";
import type { Shown } from "./golden-reader.ts";
import { everyCard } from "./hostile-cards.ts";
import { lee, now, sampleApproval, sampleCustomer, sampleRecommendations, timezone } from "./sample-cards.ts";

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
    status: ofMessage(statusList({ doubts: [], headers, about: text, maxListed: mostListed, timezone })),
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
    owner: null,
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
