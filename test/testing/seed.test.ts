/** The description's own test of a flow, translated line by line, on the description's own flow. */
import { describe, expect, it } from "vitest";
import { FlowTestCase, type AgentMock } from "revops-flows/testing";

const flows = "test/flow/fixtures/renewal_management.yml";

class RenewalFlowTest extends FlowTestCase {
  async testHighRiskCustomer(): Promise<void> {
    // Mock agent responses
    this.mockAgentResponse({
      agent: "data_agent",
      action: "retrieve_customer_data",
      response: {
        usage_metrics: { utilization: 0.2 },
      },
    });

    // Execute the flow
    const result = await this.executeFlow({
      flowId: "renewal_management",
      inputParameters: {
        customer_id: "cust-low-usage",
      },
    });

    // Assert on the outcome
    this.assertIn("send_notifications", result.completedSteps);
    this.assertEqual("high", result.stepOutputs["assess_renewal_risk"]?.["risk_level"]);
  }
}

describe("the description's test", () => {
  it("passes on the description's flow", async () => {
    await expect(new RenewalFlowTest({ flows }).testHighRiskCustomer()).resolves.toBeUndefined();
  });

  it("fails where the customer uses all that it pays for", async () => {
    class Healthy extends RenewalFlowTest {
      override mockAgent(mock: AgentMock): void {
        super.mockAgent({ ...mock, response: { usage_metrics: { utilization: 0.95 } } });
      }
    }
    await expect(new Healthy({ flows }).testHighRiskCustomer()).rejects.toThrow("expected 'high', found");
  });
});
