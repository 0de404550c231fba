/** What the three processes run: a flow of each kind, with effects of each idempotency, and who it is about. */
import type { PlannedEffect } from "../../src/flow/effect.ts";
import type { FlowDefinition, Step } from "../../src/flow/flow.ts";
import { setTimeout as pause } from "node:timers/promises";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "../engine/flows.ts";
import { answer, customer, scriptedAgents } from "../engine/scripted-agents.ts";

const secondMs = 1_000;
/** Long enough for a kill to meet it. */
const workMs = 15;

function mixed(flowId: string, steps: Step[], overrides: Partial<FlowDefinition> = {}): FlowDefinition {
  return flow(steps, { flow_id: flowId, triggers: [{ type: "manual", overlap: "allow" }], ...overrides });
}

const notify = (after: string[]) => agentStep("notify", "notify", { after });

export const flows: FlowDefinition[] = [
  mixed("plain", [
    agentStep("retrieve", "retrieve"),
    notify(["retrieve"]),
    agentStep("book", "book", { after: ["notify"] }),
  ]),
  mixed("approved", [
    agentStep("retrieve", "retrieve"),
    approvalStep("approve", { after: ["retrieve"], approvers: ["role:revops_lead"] }),
    notify(["approve"]),
  ]),
  mixed("each", [
    agentStep("retrieve", "retrieve"),
    agentStep("tell", "notify", { after: ["retrieve"], for_each: "${[1, 2, 3]}", max_concurrency: 2 }),
  ]),
  mixed("parent", [flowStep("child", "plain"), agentStep("book", "book", { after: ["child"] })]),
  mixed("waiting", [waitStep("pause", { duration_ms: secondMs }), notify(["pause"])]),
  mixed("queued", [agentStep("retrieve", "retrieve"), notify(["retrieve"])], {
    concurrency: { key: "${customer.id}", limit: 1 },
  }),
];

/** Of ten executions. */
const shares = ["plain", "plain", "plain", "approved", "approved", "each", "parent", "waiting", "queued", "queued"];

export interface Start {
  flowId: string;
  customerId: string;
  /** Asked again, of whatever process, it starts nothing again. */
  startKey: string;
}

export function startsOf(count: number): Start[] {
  return Array.from({ length: count }, (_none, index) => ({
    flowId: shares[index % shares.length] ?? "plain",
    customerId: `c${Math.floor(index / shares.length) % customers.length}`,
    startKey: `start-${index}`,
  }));
}

/** Few enough that executions of `queued` queue. */
export const customers = Array.from({ length: 12 }, (_none, index) => customer(`c${index}`));

export const agents = scriptedAgents({
  retrieve: async () => {
    await pause(workMs);
    return answer({ usage: 0.4 });
  },
  notify: async () => {
    await pause(workMs);
    return { output: { sent: true }, effects: [mail, message] };
  },
});

const mail: PlannedEffect = {
  target: "email",
  effect: { kind: "email", to: "dana@example.com", subject: "s", html: "h", text: "t" },
};
const message: PlannedEffect = {
  target: "slack",
  effect: { kind: "slack_message", to: { kind: "person", email: "dana@example.com" }, text: "hello" },
};
