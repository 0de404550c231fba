/** Can a flow's own test see what it changes in the CRM, without a CRM and without a revops.yml? */
import { expect, it } from "vitest";
import { Flow, Step, Trigger } from "revops-flows";
import { FlowTestCase } from "revops-flows/testing";

function noting(): Flow {
  const parameters = { fields: { champion_status: "left", csm_email: null }, reason: "Said so on the phone" };
  return new Flow({ flowId: "note_champion", version: "1.0" })
    .setTrigger(Trigger.manual())
    .addStep(new Step({ id: "note", agent: "execution_agent", action: "update_crm", parameters }));
}

it("each field before and after, of the customer that it gave", async () => {
  const test = new FlowTestCase({ flows: [noting()] });
  test.mockCustomer({ id: "acme", champion_status: "active", csm_email: "lee@example.com" });
  const result = await test.executeFlow({ flowId: "note_champion", inputParameters: { customer_id: "acme" } });
  expect(result.status).toBe("succeeded");
  expect(result.performedEffects).toMatchObject([
    {
      stepId: "note",
      kind: "crm_update",
      changes: [
        { field: "csm_email", from: "lee@example.com", to: null },
        { field: "champion_status", from: "active", to: "left" },
      ],
    },
  ]);
});

it("what is written is what the next step reads, and can take back", async () => {
  const flow = noting()
    .addStep(new Step({ id: "look", agent: "data_agent", action: "get_customer", dependsOn: ["back"] }))
    .addStep(
      new Step({
        id: "back",
        agent: "execution_agent",
        action: "update_crm",
        dependsOn: ["note"],
        parameters: { fields: { champion_status: "${note.before.champion_status}" }, reason: "Still there" },
      }),
    );
  const test = new FlowTestCase({ flows: [flow] });
  test.mockCustomer({ id: "acme", champion_status: "active", csm_email: "lee@example.com" });
  const { performedEffects, stepOutputs } = await test.executeFlow({
    flowId: "note_champion",
    inputParameters: { customer_id: "acme" },
  });
  expect(performedEffects[1]).toMatchObject({ changes: [{ field: "champion_status", from: "left", to: "active" }] });
  expect(stepOutputs["look"]).toMatchObject({ champion_status: "active", csm_email: null });
});

it("one that the CRM refuses fails by name", async () => {
  const test = new FlowTestCase({ flows: [noting()] });
  test.mockCustomer({ id: "acme", champion_status: "active" });
  test.failEffect({ fault: { kind: "refused" }, kind: "crm_update" });
  const result = await test.executeFlow({ flowId: "note_champion", inputParameters: { customer_id: "acme" } });
  expect(result).toMatchObject({ status: "failed", failure: { error: "Effect.Refused" } });
});
