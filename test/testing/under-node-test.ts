/** A flow's test under Node's own runner: `test/testing/runners.long.ts` runs it, and expects the second one to fail. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowTestCase } from "revops-flows/testing";

async function run(utilization: number) {
  const flow = new FlowTestCase({ flows: "test/flow/fixtures/renewal_management.yml" });
  flow.mockAgentResponse({
    agent: "data_agent",
    action: "retrieve_customer_data",
    response: { usage_metrics: { utilization } },
  });
  return flow.executeFlow({ flowId: "renewal_management", inputParameters: { customer_id: "cust-low-usage" } });
}

void test("little use is a high risk", async () => {
  const { stepOutputs } = await run(0.2);
  assert.equal(stepOutputs["assess_renewal_risk"]?.["risk_level"], "high");
});

void test("much use is a high risk", async () => {
  const { stepOutputs } = await run(0.95);
  assert.equal(stepOutputs["assess_renewal_risk"]?.["risk_level"], "high");
});
