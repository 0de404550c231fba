/** What the verbs say: with so many of whatever they count, and one text wherever a text from outside can stand. */
import { abortConfirmation, abortedMessage } from "../../../src/bot/views/abort.ts";
import type { AbortFacts } from "../../../src/bot/views/abort-facts.ts";
import { executionStatus } from "../../../src/bot/views/execution-status.ts";
import { explanationReport } from "../../../src/bot/views/explanation.ts";
import { flowVersionList } from "../../../src/bot/views/flow-versions.ts";
import { historyReport, recentReport } from "../../../src/bot/views/history.ts";
import { homeView } from "../../../src/bot/views/home.ts";
import { metricsReport } from "../../../src/bot/views/metrics.ts";
import { pausedMessage, resumedMessage } from "../../../src/bot/views/pause.ts";
import { redrivenMessage } from "../../../src/bot/views/redriven.ts";
import { reportMessage, reportModal, rowsOnPage, type Report } from "../../../src/bot/views/report.ts";
import { statusList } from "../../../src/bot/views/status-list.ts";
import type { FlowSummary } from "../../../src/engine/engine.ts";
import type { StepMetrics } from "../../../src/engine/metrics.ts";
import { definition, header } from "../../bot/fake-engine.ts";
import { dayMs, flow, homeOf, mostListed, ofCard, ofMessage, step, wait, type Surfaces } from "./golden-facts.ts";
import type { Shown } from "./golden-reader.ts";
import { now, sampleApproval, sampleFailure, timezone } from "./sample-cards.ts";

const executionId = "01JCFSAMPLEEXECUTION";
const mostDoubts = 5;

interface Said {
  count: number;
  text: string;
}

export function surfacesOfVerbs(said: Said): Surfaces {
  return { ...flowVerbs(said), ...executionVerbs(said), ...reports(said), ...cards(said) };
}

function many<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

function names(count: number, name: string): string[] {
  return many(count, (index) => `${name}_${index + 1}`);
}

function paused({ count, text }: Said): FlowSummary {
  const by = { user_id: "U1", email: null, name: text };
  return { ...flow(count), nextFiring: null, paused: { at: now, by } };
}

function flowVerbs(said: Said): Surfaces {
  const { count, text } = said;
  const summary: FlowSummary = {
    ...flow(count),
    definition: definition({
      description: text,
      triggers: [...definition({}).triggers, { type: "event", event: text, overlap: "skip", filter: null }],
    }),
  };
  const versions = many(count, (index) => ({
    hash: "3f1c".repeat(16),
    version: index === 0 ? text : `1.${count - index}`,
    storedAt: now - index * dayMs,
    running: index,
    isCurrent: index === 0,
  }));
  const differences = many(count, (index) => ({
    path: `step step_${index + 1}, parameters.threshold`,
    kind: (["changed", "added", "removed"] as const)[index % 3] ?? "changed",
    from: text,
    to: 0.6,
  }));
  const change = { from: "1.0", to: text, differences };
  return {
    pause: ofMessage(pausedMessage({ before: summary, timezone })),
    "pause, again": ofMessage(pausedMessage({ before: paused(said), timezone })),
    resume: ofMessage(resumedMessage({ wasPaused: true, now: summary, timezone })),
    "resume of what runs": ofMessage(resumedMessage({ wasPaused: false, now: summary, timezone })),
    versions: ofMessage(flowVersionList({ flowId: "renewal_management", summary, versions, change, timezone })),
    "versions of one that is gone": ofMessage(
      flowVersionList({ flowId: text, summary: null, versions, change: null, timezone }),
    ),
    "home while flows are paused": {
      kind: "view",
      view: homeView({ ...homeOf([], [], 0), flows: many(count, () => paused(said)) }),
    },
  };
}

function executionVerbs({ count, text }: Said): Surfaces {
  const facts: AbortFacts = {
    executionId,
    flowId: "renewal_management",
    customerName: text,
    status: "running",
    stopping: null,
    timezone,
    withdrawn: names(count, "approve"),
    cutOff: names(count, "look"),
    notBegun: count,
    children: names(count, "01JCFCHILD"),
    takesBack: names(count, "book"),
  };
  const stopping = { status: "aborted", by: null, at: now, compensate: true } as const;
  const doubts = many(Math.min(count, mostDoubts), (index) => ({
    executionId,
    flowId: "renewal_management",
    customerName: text,
    stepId: "send_offer",
    effectKey: `${executionId}/send_offer/${index}`,
    effect: { kind: "email", to: text, subject: text, html: "", text } as const,
    begunAt: now,
  }));
  const doubtful = header({ customer_name: text, started_at: now, waiting_for: [wait({ kind: "doubt", people: [] })] });
  return {
    "abort asks": ofMessage(abortConfirmation({ ...facts, compensate: false })),
    "abort asks, to take back": ofMessage(abortConfirmation({ ...facts, compensate: true })),
    aborted: ofMessage(abortedMessage({ ...facts, stopping })),
    redriven: ofMessage(
      redrivenMessage({
        executionId,
        flowId: "renewal_management",
        customerName: text,
        restarts: names(count, "send"),
        keeps: names(count, "assess"),
        wasTakenBack: count > 1,
      }),
    ),
    "status with doubts": ofMessage(
      statusList({ headers: many(count, () => doubtful), doubts, about: text, maxListed: mostListed, timezone }),
    ),
    "status of one with everything": ofMessage(statusOfOne({ count, text })),
  };
}

function statusOfOne({ count, text }: Said) {
  const queue = wait({ kind: "queue", step_id: "look", people: [], until: null, execution_id: "01JCFBEFORE" });
  const running = { status: "running", endedAt: null } as const;
  return executionStatus({
    report: {
      header: header({ customer_name: text, started_at: now, parent_id: "01JCFPARENT", waiting_for: [queue] }),
      steps: [
        step({ stepId: "tell_each", items: { succeeded: count, failed: count, total: count * 4 }, ...running }),
        step({ stepId: "cool_off", label: "wait", status: "waiting", endedAt: null, waitsUntil: now + dayMs }),
        step({
          stepId: "onboard",
          label: "flow onboarding",
          status: "waiting",
          endedAt: null,
          children: many(count, (index) => ({ executionId: `01JCFCHILD${index + 1}`, hasEnded: index % 2 === 0 })),
        }),
        step({ stepId: "book", compensation: { status: "succeeded", failure: null } }),
        step({
          stepId: "send",
          compensation: { status: "failed", failure: { error: "Effect.Refused", cause: text } },
        }),
      ],
      startedBy: text,
      failure: null,
      cost: null,
    },
    timezone,
  });
}

function reports(said: Said): Surfaces {
  const asked = { word: "history", subject: executionId } as const;
  const [explained, happened, newest, allFigures, figures] = [
    explanation(said),
    historyOf(said),
    recentReport({ flowId: null, executions: many(said.count, () => recent(said)), timezone }),
    metricsReport({ metrics: metrics(said, said.count), flowId: null, timezone }),
    metricsReport({ metrics: metrics(said, 1), flowId: "renewal_management", timezone }),
  ];
  const shown = (name: string, report: Report): Surfaces => ({
    [name]: ofMessage(reportMessage(report, asked)),
    ...(report.rows.length > rowsOnPage
      ? { [`${name}, whole`]: page(report, 0), [`${name}, its second page`]: page(report, rowsOnPage) }
      : {}),
  });
  return {
    ...shown("explanation", explained),
    ...shown("history", happened),
    ...shown("executions", newest),
    ...shown("metrics of all", allFigures),
    ...shown("metrics of one", figures),
  };

  function page(report: Report, offset: number): Shown {
    return { kind: "view", view: reportModal(report, { ...asked, offset }) };
  }
}

function head(text: string) {
  return {
    execution_id: executionId,
    flow_id: "renewal_management",
    flow_version: "2.0",
    customer_name: text,
    status: "failed",
    outcome: null,
  } as const;
}

function explanation({ count, text }: Said): Report {
  const none = { until: null, execution_id: null, steps: [] };
  return explanationReport({
    ...head(text),
    summary: text,
    steps: many(count, (index) => ({
      step_id: `approve_${index + 1}`,
      status: "waiting",
      waits_for: [{ kind: "approval", text: `It waits for ${text}.`, people: [text], ...none }],
    })),
    reasons: many(count, (index) => ({
      kind: "skipped",
      step_id: index === 0 ? null : `send_${index + 1}`,
      text,
      because: names(index % 3, "assess"),
    })),
  });
}

function historyOf({ count, text }: Said): Report {
  const lines = many(count, (index) => ({
    at: now + index * 1_000,
    sequence: index + 1,
    kind: "step_succeeded" as const,
    step_id: index === 0 ? null : `step_${index + 1}`,
    part: ([null, 3, "compensation"] as const)[index % 3] ?? null,
    text,
    input: { capped: true, beginning: `{"note":"${text}`, characters: 9_000 } as const,
    output: { capped: false, value: { [text]: text } } as const,
    details: {},
  }));
  const found = { ...head(text), started_at: now, ended_at: now + dayMs, lines };
  return historyReport(found, { timezone, withValues: true });
}

function recent({ text }: Said) {
  const times = { started_at: now, ended_at: now + 90_000, duration_ms: 90_000 };
  return { ...head(text), customer_id: "cust-1", outcome: "rejected", ...times } as const;
}

function metrics({ count, text }: Said, flows: number) {
  const figures = {
    duration_ms: { p50: count === 0 ? null : 3_400, p95: count === 0 ? null : 92_000 },
    retries: count,
    lost_attempts: count,
    effects: { performed: count, failed: count, doubtful: count },
    approvals: {
      count,
      approved: count,
      rejected: 0,
      expired: 0,
      withdrawn: 0,
      waiting: count,
      decided_age_ms: { p50: 3_600_000, p95: null },
      waiting_age_ms: { p50: count === 0 ? null : dayMs, p95: null },
    },
    usage: [],
  };
  const step = (index: number): StepMetrics => ({
    ...figures,
    step_id: `step_${index + 1}`,
    count,
    open: index,
    succeeded: count,
    failed: index,
    skipped: index,
    aborted: 0,
    success_rate: count === 0 ? null : 0.94,
  });
  const ends = { running: count, succeeded: count, failed: count, timed_out: 0, aborted: 0 };
  const outcomes = { completed: count, rejected: 0, expired: 0, nothing_to_do: 0 };
  const one = (index: number) => ({
    ...figures,
    ...ends,
    flow_id: index === 0 ? text : `flow_${index + 1}`,
    count: count * 3,
    outcomes,
    success_rate: count === 0 ? null : 0.5,
    steps: many(count, step),
  });
  const read = { since: now - 30 * dayMs, until: now, executions: count * 3, cut: count > 1 };
  return { ...read, unreadable: names(count, "01JCFBROKEN"), flows: many(flows, one) };
}

function cards({ count, text }: Said): Surfaces {
  const mail = (index: number) => ({
    target: null,
    effect: { kind: "email", to: `owner-${index + 1}@example.com`, subject: text, html: "", text } as const,
  });
  const refused = { error: "Effect.Refused", cause: text } as const;
  const by = { user_id: "U1", email: null, name: text };
  const approval = sampleApproval({
    outputs: [],
    plans: [{ stepId: "tell_each_owner", items: count, effects: many(count, mail) }],
    takenBack: names(count, "book").map((stepId) => ({ stepId, action: "cancel_event" })),
  });
  const stopped = { status: "aborted", outcome: null, stopped: { how: "aborted", by, at: now } } as const;
  const cause = "The flow's own timeout of 7 days has passed.";
  return {
    "card of a step that repeats": ofCard(approval),
    "details of a step that repeats": ofCard({ kind: "details", approval }),
    "card of an aborted execution": ofCard({ ...approval, status: "withdrawn", endedAt: now, execution: stopped }),
    "ran out of time": ofCard(
      sampleFailure({ stepId: null, ranOutOfTime: true, failure: { error: "Step.Timeout", cause } }),
    ),
    "failed and taken back": ofCard(
      sampleFailure({
        customerName: text,
        takenBack: names(count, "book").map((stepId, index) => ({
          stepId,
          hasEnded: true,
          failure: index % 2 === 1 ? refused : null,
        })),
      }),
    ),
  };
}
