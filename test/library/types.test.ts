/**
 * Is a wrong name red in the editor? `npm run types` is what fails here: each `@ts-expect-error` is an error itself as soon as the
 * line below it is accepted.
 */
import { describe, expect, expectTypeOf, it } from "vitest";
import { Flow, FlowEngine, Step, type ActionTypes, type StepArguments } from "revops-flows";
import { FlowTestCase, outputOf, TestError, type FlowResult } from "revops-flows/testing";

declare module "revops-flows" {
  interface ActionTypes {
    /** An action of one's own, as a program adds it. */
    score_health: { agent: "decision_agent"; parameters: { window: 30 | 90 }; output: { health: number } };
  }
}

const agent = "data_agent";
const action = "retrieve_customer_data";

describe("a step", () => {
  it("with the seed's parameters is accepted, and so is an expression wherever a value may stand", () => {
    const accepted: StepArguments[] = [
      { id: "a", agent, action, parameters: { include_fields: ["contract_details", "usage_metrics"] } },
      { id: "a", agent, action, parameters: { include_fields: ["${input.part}", "nps"] } },
      { id: "a", agent, action, parameters: { include_fields: "${input.parts}" } },
      { id: "a", agent, action, dependsOn: "b", forEach: "${input.parts}", onError: "continue" },
      { id: "b", agent: "decision_agent", action: "assess_renewal_risk", parameters: { threshold: 0.7 } },
      {
        id: "b",
        agent: "decision_agent",
        action: "assess_renewal_risk",
        parameters: { threshold: "${input.threshold}", model: "our_model_v1" },
      },
      { id: "c", agent: "decision_agent", action: "review_cases" },
      { id: "d", agent: "decision_agent", action: "score_health", parameters: { window: 30 } },
    ];
    expect(accepted.map((named) => new Step(named).id)).toHaveLength(accepted.length);
  });

  it("with a wrong action, agent, field, value or type is not", () => {
    const taken = { agent: "execution_agent", action: "send_email", parameters: { to: null } } as const;
    const refused: StepArguments[] = [
      // @ts-expect-error: no such action
      { id: "a", agent, action: "retrieve_custmer_data" },
      // @ts-expect-error: it is another agent's
      { id: "a", agent: "execution_agent", action },
      // @ts-expect-error: no such parameter
      { id: "a", agent, action, parameters: { include_feilds: ["nps"] } },
      // @ts-expect-error: no such part
      { id: "a", agent, action, parameters: { include_fields: ["usage_metric"] } },
      // @ts-expect-error: a text is no number, unless it holds an expression
      { id: "a", agent: "decision_agent", action: "assess_renewal_risk", parameters: { threshold: "0.7" } },
      // @ts-expect-error: it takes no parameters
      { id: "a", agent: "decision_agent", action: "review_cases", parameters: { customer_id: "x" } },
      // @ts-expect-error: one that it needs is missing
      { id: "a", agent: "execution_agent", action: "send_email", parameters: { subject: "Hello" } },
      // @ts-expect-error: it can't do without its parameters
      { id: "a", agent: "execution_agent", action: "send_email" },
      // @ts-expect-error: an approval repeats for nobody
      { id: "a", type: "approval", approvers: "role:lead", forEach: "${[1]}" },
      // @ts-expect-error: one's own action is checked as the product's are
      { id: "a", agent: "decision_agent", action: "score_health", parameters: { window: 31 } },
      { id: "a", agent, action, compensate: taken },
      // @ts-expect-error: what takes it back has types too
      { id: "a", agent, action, compensate: { ...taken, parameters: { whom: null } } },
    ];
    expect(refused).toHaveLength(12);
  });

  it("gives its outputs' paths as expressions, and those alone", () => {
    const data = new Step({ id: "data", agent, action });
    expect(data.output("usage_metrics.utilization")).toBe("${data.usage_metrics.utilization}");
    expect(data.output()).toBe("${data}");
    // @ts-expect-error: the output has no such field
    data.output("usage_metrics.utilisation");
    const risk = new Step({ id: "risk", agent: "decision_agent", action: "assess_renewal_risk", dependsOn: "data" });
    const when = risk.output("over_threshold");
    const ask = new Step({ id: "ask", type: "approval", approvers: "role:lead", when, dependsOn: "risk" });
    expect(ask.output("decision")).toBe("${ask.decision}");
    const steps: Step[] = [data, risk, ask];
    const flow = new Flow({ flowId: "typed", version: "1.0" });
    for (const step of steps) flow.addStep(step);
    expect(flow.document()["steps"]).toHaveLength(3);
    expect(flow.document()["steps"]).toContainEqual(expect.objectContaining({ when: "${risk.over_threshold}" }));
    expect(Object.keys(data.document)).toEqual(["id", "agent", "action"]);
  });
});

describe("a test's mocks and outputs", () => {
  const test = new FlowTestCase({ flows: "flows/standard/renewal_management.yml" });

  it("have the action's fields, and no others", () => {
    test.mockAgentResponse({ agent, action, response: { usage_metrics: { utilization: 0.2 } } });
    test.mockAgentResponse({ agent, action, times: 1, response: ({ customer }) => ({ nps: customer?.nps ?? 0 }) });
    // @ts-expect-error: no such field
    test.mockAgentResponse({ agent, action, response: { usage_metrics: { use: 0.2 } } });
    // @ts-expect-error: no such action
    test.mockAgentResponse({ agent, action: "retrieve_data", response: {} });
    // @ts-expect-error: a text is no number
    test.mockAgentResponse({ agent, action, response: () => ({ nps: "high" }) });
    expectTypeOf<ActionTypes["score_health"]["output"]>().toEqualTypeOf<{ health: number }>();
  });

  it("are read with the type of what the step calls, or refused", () => {
    const result: Pick<FlowResult, "stepOutputs" | "stepActions"> = {
      stepOutputs: { risk: { risk_score: 0.8, risk_level: "high" } },
      stepActions: { risk: "assess_renewal_risk", data: "retrieve_customer_data" },
    };
    const risk = outputOf(result, { step: "risk", action: "assess_renewal_risk" });
    expectTypeOf(risk.risk_level).toEqualTypeOf<"high" | "medium" | "low">();
    expect(risk.risk_score).toBe(0.8);
    // @ts-expect-error: no such field
    expect(risk.riskScore).toBeUndefined();
    expect(() => outputOf(result, { step: "risk", action })).toThrow("risk calls assess_renewal_risk");
    expect(() => outputOf(result, { step: "data", action })).toThrow(TestError);
    expect(() => outputOf(result, { step: "rsk", action })).toThrow("rsk is no step that calls an action");
  });
});

it("an engine's program is typed by the same package", () => {
  expectTypeOf<ConstructorParameters<typeof FlowEngine>[0]>().not.toBeAny();
});
