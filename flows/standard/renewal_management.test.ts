/** What a NAME.test.yml can't say: many customers and the flow's own schedule. Run by npx revops test (docs/testing.md). */
import { FlowTestCase } from "revops-flows/testing";

export class RenewalManagementTest extends FlowTestCase {
  async testTheScheduleAsksAboutThoseWhoRenewSoonAndOnlyOnce(): Promise<void> {
    const daily = new FlowTestCase({
      flows: "flows/standard/renewal_management.yml",
      now: "2026-11-23T08:00:00Z",
      fireSchedules: true,
    });
    daily.mockCustomer({ id: "soon", renewal_date: "2026-12-10" });
    daily.mockCustomer({ id: "later", renewal_date: "2027-05-01" });
    daily.mockAgentResponse({
      agent: "data_agent",
      action: "retrieve_customer_data",
      response: { usage_metrics: { utilization: 0.2, trend: -0.5 }, support_history: { urgent_tickets: 3 } },
    });
    // Nine o'clock comes twice; the approval of the first morning still waits on the second.
    await daily.advance("P1DT2H");
    const results = await daily.results();
    this.assertEqual(1, results.length);
    this.assertEqual("approve_recommendations", results[0]?.waitingFor[0]?.step_id);
    await daily.close();
  }
}
