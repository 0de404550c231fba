/** Does the graph say what the flow says, and how far an execution is, without colour alone? */
import { describe, expect, test } from "vitest";
import type { FlowDefinition } from "../../../../src/flow/flow.ts";
import { graphAlternativeText } from "../../../../src/notify/slack/pictures/alternative-text.ts";
import { flowGraphSvg } from "../../../../src/notify/slack/pictures/flow-graph.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "../../../engine/flows.ts";
import { now } from "../sample-cards.ts";
import { completed, failed, pending, rejected, renewal } from "./sample-executions.ts";
import { elementsOf, textsOf } from "./svg-reading.ts";

const hour = 3_600_000;
const graph = (definition: FlowDefinition) => flowGraphSvg({ definition, shown: null });
const of = (execution: ReturnType<typeof pending>) =>
  flowGraphSvg({ definition: execution.definition, shown: { execution, now: now + 2 * hour } });
const dashed = (svg: string, name: string) =>
  elementsOf(svg, name).filter((each) => each["stroke-dasharray"] !== undefined);

describe("the graph of a flow", () => {
  test("names each step, what it is and its condition, in order, cut nowhere", () => {
    expect(textsOf(graph(renewal).svg)).toEqual([
      "renewal_management",
      "2.0",
      "starts on cron(0 9 * * ? *) · by hand",
      "retrieve_customer_data",
      "data agent",
      "assess_renewal_risk",
      "decision agent",
      "track_case",
      "decision agent",
      "generate_recommendations",
      "decision agent:",
      "generate_renewal_recommendations",
      "when track_case.alert",
      "approve_recommendations",
      "approval by the account manager or a RevOps lead",
      "send_notifications",
      "execution agent",
      "schedule_followup",
      "execution agent: create_calendar_event",
    ]);
  });

  test("is narrow enough to be read in a thread", () => {
    expect(graph(renewal).width).toBeLessThanOrEqual(420);
  });

  test("dashes what is optional and says what that means; without any, nothing is dashed", () => {
    const steps = [
      agentStep("look", "find"),
      agentStep("ask", "find"),
      {
        ...agentStep("tell", "notify", { after: ["look", "ask"] }),
        depends_on: [
          { step: "look", optional: true },
          { step: "ask", optional: false },
        ],
      },
    ];
    const { svg } = graph(flow(steps));
    // The edge and its sample.
    expect(dashed(svg, "path")).toHaveLength(2);
    expect(textsOf(svg)).toContain("optional: goes on however it ends");
    expect(dashed(graph(renewal).svg, "path")).toEqual([]);
    expect(textsOf(graph(renewal).svg).join()).not.toContain("optional");
  });

  test("draws an approval as something else than a step of an agent", () => {
    const [approval, agent] = [approvalStep("a"), agentStep("a", "find")].map((step) => graph(flow([step])).svg);
    expect(elementsOf(approval ?? "", "rect")).toHaveLength(elementsOf(agent ?? "", "rect").length + 1);
  });

  test.each([
    [["role:revops_lead"], 1, "approval by a RevOps lead"],
    [["group:csm", "dana@example.com"], 1, "approval by the group csm or dana@example.com"],
    [["${customer.csm_email}", "role:revops_lead"], 2, "2 approvals by the CSM and a RevOps lead"],
    [["${input.approver}"], 1, "approval by input.approver"],
  ])("says that %j decide", (approvers, quorum, words) => {
    expect(textsOf(graph(flow([approvalStep("a", { approvers, quorum })])).svg).join(" ")).toContain(words);
  });

  test.each([
    [waitStep("a", { duration_ms: 3 * 24 * hour }), "wait 3 days"],
    [waitStep("a", { duration_ms: 90_000 }), "wait 1 min 30 s"],
    [waitStep("a", { until: "2027-01-31T08:00:00Z" }), "wait until 31 Jan 2027 08:00 UTC"],
    [waitStep("a", { until: "${input.kickoff_at}" }), "wait until input.kickoff_at"],
    [flowStep("a", "onboarding"), "flow: onboarding"],
    [
      agentStep("a", "notify", {
        for_each: "${[customer.account_manager_email, customer.csm_email]}",
        max_concurrency: 2,
      }),
      "for each of the account manager and the CSM, 2 at a time",
    ],
    [flowStep("a", "b", { for_each: "${ assess.reasons[points > 0] }" }), "for each of assess.reasons[points > 0]"],
    [agentStep("a", "notify", { for_each: '${["a, b", f(1)]}' }), 'for each of ["a, b", f(1)]'],
    [agentStep("a", "find", { due: "${input.kickoff_at}", late: "skip" }), "due input.kickoff_at, skipped after that"],
    [
      approvalStep("a", { due: "2027-01-31T08:00:00Z", late: "shift" }),
      "due 31 Jan 2027 08:00 UTC, after that in working hours",
    ],
    [agentStep("a", "find", { on_error: "compensate" }), "if it fails, all is taken back"],
    [
      agentStep("a", "book", { compensate: { agent: "execution_agent", action: "call_off", parameters: {} } }),
      "taken back by call_off",
    ],
  ])("says of step %# what it is", (step, words) => {
    const { svg } = graph(flow([step]));
    expect(textsOf(svg).slice(3).join(" ")).toContain(words);
    expect(graphAlternativeText({ definition: flow([step]), shown: null })).toContain(words);
  });

  test("says nothing of a due that changes nothing", () => {
    const step = agentStep("a", "find", { due: "${input.kickoff_at}" });
    expect(textsOf(graph(flow([step])).svg).join()).not.toContain("due");
  });

  test("with several triggers names them all", () => {
    const triggers: FlowDefinition["triggers"] = [
      ...renewal.triggers,
      { type: "event", event: "customer.created", overlap: "skip", filter: null },
    ];
    expect(textsOf(graph({ ...renewal, triggers }).svg)).toContain(
      "starts on cron(0 9 * * ? *) · on the event customer.created · by hand",
    );
  });

  test("of fifteen branches is less than half as wide as their boxes in a row", () => {
    const branches = Array.from({ length: 15 }, (_, index) =>
      agentStep(`branch_${index}`, "find", { after: ["start"] }),
    );
    const { width } = graph(flow([agentStep("start", "find"), ...branches]));
    expect(width).toBeLessThan((15 * 176) / 2);
  });

  test("of a step with the longest name still shows its beginning", () => {
    const id = `a${"_long".repeat(12)}`;
    const [first = ""] = textsOf(graph(flow([agentStep(id, "find")])).svg).slice(3);
    expect(id.startsWith(first.replace("…", ""))).toBe(true);
    expect(first.length).toBeGreaterThan(20);
  });
});

describe("the graph of an execution", () => {
  test("that waits says for whom, and what hasn't started", () => {
    const texts = textsOf(of(pending()).svg);
    expect(texts).toContain("Acme Robotics · running · 2 h so far");
    expect(texts.slice(3)).toEqual([
      "retrieve_customer_data",
      "done in 42 ms",
      "assess_renewal_risk",
      "done in 35 ms",
      "track_case",
      "done in 2 ms",
      "generate_recommendations",
      "done in 39 ms",
      "approve_recommendations",
      "waits for Dana Reyes or a RevOps lead",
      "send_notifications",
      "not started",
      "schedule_followup",
      "not started",
    ]);
  });

  test.each([
    ["completed", completed(), "approved by Dana Reyes after 2 days 2 h"],
    ["rejected", rejected(), "rejected by Dana Reyes after 2 days 2 h"],
    ["failed", failed(), "failed after 5 attempts: Agent.Unavailable"],
    ["failed", failed(), "skipped: not reached"],
  ])("that is %s says so in words", (standing, execution, words) => {
    const texts = textsOf(of(execution).svg);
    expect(texts[2]).toMatch(new RegExp(`^Acme Robotics · ${standing} · took `));
    expect(texts).toContain(words);
  });

  test("has a sign beside each state, so that colour says nothing alone", () => {
    const { svg } = of(completed());
    expect(elementsOf(svg, "circle")).toHaveLength(renewal.steps.length);
  });
});
