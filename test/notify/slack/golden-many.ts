/** Every list of the bot, made of so many customers; an execution of so many steps. */
import { approvalList } from "../../../src/bot/views/approval-list.ts";
import { executionStatus } from "../../../src/bot/views/execution-status.ts";
import { flowList } from "../../../src/bot/views/flow-list.ts";
import { homeView } from "../../../src/bot/views/home.ts";
import { listModal, listPageSize } from "../../../src/bot/views/list-modal.ts";
import type { Message } from "../../../src/bot/views/message.ts";
import { statusList } from "../../../src/bot/views/status-list.ts";
import type { BatchCard } from "../../../src/flow/card.ts";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import { header } from "../../bot/fake-engine.ts";
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
import { now, sampleBatch, timezone } from "./sample-cards.ts";

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
    status: ofMessage(statusList({ doubts: [], headers, about: null, maxListed: mostListed, timezone })),
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

export function executionOfSteps(steps: number): Message {
  const one = header({ started_at: now, waiting_for: [wait({})] });
  const each = Array.from({ length: steps }, (_, index) =>
    step({ stepId: `step_${index + 1}`, label: `data_agent step_${index + 1}` }),
  );
  return executionStatus({ report: reportOf({ steps: each, one, text: "Morgan Lee" }), timezone });
}
