/** Executions of the standard renewal flow, made by their own events, for the tests of pictures. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PlannedEffect } from "../../../../src/flow/effect.ts";
import { ExecutionEvent } from "../../../../src/flow/event.ts";
import { fold, type ExecutionState } from "../../../../src/flow/execution.ts";
import type { FlowDefinition } from "../../../../src/flow/flow.ts";
import { definitionOf } from "../../../flow/fixtures/reading.ts";
import { dana, now, sampleCustomer, sampleRisk, timezone } from "../sample-cards.ts";

const file = join(import.meta.dirname, "../../../../flows/standard/renewal_management.yml");
export const renewal: FlowDefinition = definitionOf(readFileSync(file, "utf8"));

const minute = 60_000;
const hour = 60 * minute;
export const executionId = "01JCFSAMPLEEXECUTION";
type Event = Parameters<typeof ExecutionEvent.parse>[0];
/** When, in milliseconds after `now`, and what. */
type Line = readonly [number, Record<string, unknown>];

export function execution(
  lines: readonly Line[],
  fields: { definition?: FlowDefinition; customerName?: string } = {},
): ExecutionState {
  const definition = fields.definition ?? renewal;
  const started: Event = {
    type: "execution_started",
    at: now,
    execution_id: executionId,
    flow_id: definition.flow_id,
    flow_version: definition.version,
    definition_hash: "hash",
    started_by: { type: "schedule", trigger: 0, scheduled_at: now },
    batch_id: null,
    input: { customer_id: "cust-12345" },
    customer: sampleCustomer(fields.customerName === undefined ? {} : { name: fields.customerName }),
    variables: {},
    timezone,
  };
  const events = [started, ...lines.map(([after, event]) => ({ at: now + after, ...event }))];
  const entries = events.map((event, index) => ({
    execution_id: executionId,
    sequence: index + 1,
    epoch: 1,
    events: [ExecutionEvent.parse(event)],
  }));
  const state = fold({ definition, entries });
  if (state === null) throw new Error("no events, no state");
  return state;
}

export const began = (step_id: string, attempt = 1) => ({ type: "step_started", step_id, attempt, parameters: {} });
export const done = (step_id: string, output: unknown = {}) => ({ type: "step_succeeded", step_id, output });
export const lost = (step_id: string, attempt: number) => ({ type: "attempt_lost", step_id, attempt });
export const failedAt = (step_id: string, attempt: number, retry_at: number | null, error = "Agent.Unavailable") => ({
  type: "attempt_failed",
  step_id,
  attempt,
  failure: { error, cause: "The CRM answered with HTTP 503." },
  retry_at,
});

const mail: PlannedEffect = {
  target: "dana.reyes@example.com",
  effect: { kind: "email", to: "dana.reyes@example.com", subject: "Acme Robotics", html: "<p>Hi</p>", text: "Hi" },
};
const message: PlannedEffect = {
  target: "slack",
  effect: { kind: "slack_message", to: { kind: "person", email: "dana.reyes@example.com" }, text: "Hi" },
};

const assessed: Line[] = [
  [4, began("retrieve_customer_data")],
  [46, done("retrieve_customer_data")],
  [48, began("assess_renewal_risk")],
  [83, done("assess_renewal_risk", sampleRisk())],
  [83, began("track_case")],
  [85, done("track_case")],
  [85, began("generate_recommendations")],
  [124, done("generate_recommendations")],
];

const asked: Line = [
  131,
  {
    type: "approval_requested",
    step_id: "approve_recommendations",
    approvers: [
      { reference: "dana.reyes@example.com", label: "Dana Reyes" },
      { reference: "role:revops_lead", label: "a RevOps lead" },
    ],
    quorum: 1,
    expires_at: now + 72 * hour,
    plans: [],
    later: [],
    hash: "hash",
    version: 1,
  },
];
const card: Line = [
  420,
  {
    type: "card_posted",
    card: `${executionId}/approve_recommendations#card`,
    channel: "C0RENEWALS",
    ts: "1794578400.000100",
  },
];

const decisionAt = 50 * hour + 14 * minute;
const vote = (decision: "approve" | "reject", by = dana): Line[] => [
  [decisionAt, { type: "vote_cast", step_id: "approve_recommendations", decision, by, reason: null }],
  [
    decisionAt,
    {
      type: "approval_ended",
      step_id: "approve_recommendations",
      status: decision === "approve" ? "approved" : "rejected",
    },
  ],
];

const key = (rest: string) => `${executionId}/send_notifications/${rest}`;
const sent: Line[] = [
  [decisionAt + 6, began("send_notifications")],
  [decisionAt + 8, { type: "effects_planned", step_id: "send_notifications", output: {}, effects: [mail, message] }],
  [decisionAt + 10, { type: "effect_begun", step_id: "send_notifications", key: key("dana.reyes@example.com") }],
  [
    decisionAt + 132,
    { type: "effect_performed", step_id: "send_notifications", key: key("dana.reyes@example.com"), receipt: null },
  ],
  [decisionAt + 134, { type: "effect_begun", step_id: "send_notifications", key: key("slack") }],
  [decisionAt + 318, { type: "effect_performed", step_id: "send_notifications", key: key("slack"), receipt: null }],
  [decisionAt + 322, done("send_notifications")],
  [decisionAt + 325, began("schedule_followup")],
  [decisionAt + 731, done("schedule_followup")],
];

export const pending = (fields: { customerName?: string } = {}) => execution([...assessed, asked, card], fields);
export const completed = () =>
  execution([
    ...assessed,
    asked,
    card,
    ...vote("approve"),
    ...sent,
    [decisionAt + 732, { type: "execution_succeeded", outcome: "completed" }],
  ]);
export const rejected = () =>
  execution([
    ...assessed,
    asked,
    card,
    ...vote("reject"),
    [decisionAt + 3, { type: "step_skipped", step_id: "send_notifications", reason: "upstream" }],
    [decisionAt + 3, { type: "step_skipped", step_id: "schedule_followup", reason: "upstream" }],
    [decisionAt + 3, { type: "execution_succeeded", outcome: "rejected" }],
  ]);
/** The CRM is away: four attempts, one of them lost with its process, then the end. */
export const failed = () => {
  const cause = { error: "Agent.Unavailable", cause: "The CRM answered with HTTP 503." };
  const step = "retrieve_customer_data";
  return execution([
    [4, began(step, 1)],
    [310, failedAt(step, 1, now + 1200)],
    [1200, began(step, 2)],
    [1950, lost(step, 2)],
    [2300, began(step, 3)],
    [2590, failedAt(step, 3, now + 4400)],
    [4400, began(step, 4)],
    [4700, failedAt(step, 4, now + 8300)],
    [8300, began(step, 5)],
    [8620, { ...failedAt(step, 5, null) }],
    [8620, { type: "step_failed", step_id: step, failure: cause }],
    ...[
      "assess_renewal_risk",
      "track_case",
      "generate_recommendations",
      "approve_recommendations",
      "send_notifications",
      "schedule_followup",
    ].map((step_id): Line => [8622, { type: "step_skipped", step_id, reason: "upstream" }]),
    [8624, { type: "execution_failed", step_id: step, failure: cause }],
  ]);
};

export const decisionInstant = now + decisionAt;
