/** Executions in which everything is under way at once, made by their own events: for what ends, redrives and lists them. */
import { agentStep, approvalStep, flow, flowStep } from "../engine/flows.ts";
import { began, done, execution } from "../notify/slack/pictures/sample-executions.ts";

export const openFlow = flow([
  agentStep("book_call", "book", { compensate: { agent: "execution_agent", action: "cancel_call", parameters: {} } }),
  agentStep("send_offer", "notify", {
    after: ["book_call"],
    compensate: { agent: "execution_agent", action: "send_apology", parameters: {} },
  }),
  approvalStep("approve_offer", { after: ["send_offer"] }),
  agentStep("watch_usage", "look"),
  flowStep("onboard_again", "onboarding"),
  agentStep("tell_owner", "notify", { after: ["approve_offer"] }),
]);

const asked = {
  type: "approval_requested",
  step_id: "approve_offer",
  approvers: [{ reference: "dana.reyes@example.com", label: "Dana Reyes" }],
  quorum: 1,
  expires_at: null,
  plans: [],
  later: [],
  hash: "hash",
  version: 1,
};
const child = { type: "flow_started", step_id: "onboard_again", execution_id: "01JCFCHILD" };

const underWay = [
  [1, began("book_call")],
  [20, done("book_call")],
  [21, began("send_offer")],
  [40, done("send_offer")],
  [41, began("watch_usage")],
  [42, began("onboard_again")],
  [43, child],
  [50, asked],
] as const;

/** Two steps finished that can be taken back, one approval waits, a step and a sub-flow run, one step has not begun. */
export function openExecution(fields: { customerName?: string } = {}) {
  return execution(underWay, { definition: openFlow, ...fields });
}

export const robin = { user_id: "ULEAD", email: "lead@example.com", name: "Robin Lead" };

/** The same, ended by Robin Lead. */
export function abortedExecution(fields: { compensate: boolean; by?: typeof robin }) {
  const { compensate, by = robin } = fields;
  const stopped = [
    [60, { type: "approval_ended", step_id: "approve_offer", status: "withdrawn" }],
    [60, { type: "stop_begun", status: "aborted", by, compensate }],
  ] as const;
  const end = compensate
    ? [[60, { type: "compensation_begun", step_ids: ["send_offer", "book_call"] }] as const]
    : [[60, { type: "execution_aborted", by }] as const];
  return execution([...underWay, ...stopped, ...end], { definition: openFlow });
}

const mail = (to: string) => ({
  target: to,
  effect: { kind: "email", to, subject: "Your offer", html: "<p>Hi</p>", text: "Hi" },
});

/** A mail of `send_offer` of which nobody knows whether it arrived. */
export function doubtfulExecution(fields: { to?: string; customerName?: string } = {}) {
  const { to = "dana.reyes@example.com", ...rest } = fields;
  const key = `01JCFSAMPLEEXECUTION/send_offer/${to}`;
  return execution(
    [
      [1, began("book_call")],
      [20, done("book_call")],
      [21, began("send_offer")],
      [22, { type: "effects_planned", step_id: "send_offer", output: {}, effects: [mail(to)] }],
      [23, { type: "effect_begun", step_id: "send_offer", key }],
      [24, { type: "effect_doubted", step_id: "send_offer", key, cause: "The connection was lost." }],
    ],
    { definition: openFlow, ...rest },
  );
}
