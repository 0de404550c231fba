/** A customer without a renewal date: is that seen on the card and in the mail, and is nothing planned for a day that has passed? */
import { expect, it } from "vitest";
import type { StepOutput } from "../../src/agents/agent.ts";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { Recommendations } from "../../src/agents/local/recommendations/recommendations.ts";
import { buildApprovalCard } from "../../src/notify/slack/approval-card.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { requestFor } from "../agents/support.ts";
import { troubled, troubledSource } from "../agents/troubled-customer.ts";
import { sampleApproval } from "../notify/slack/sample-cards.ts";

const customer = { ...troubled, renewal_date: null, notice_date: null };
const notKnown = /Not known: .*renewal date/i;

it("is told as not known wherever the risk is shown", async () => {
  const source = { ...troubledSource(), get: () => Promise.resolve(customer) };
  const { agents } = createLocalAgents({ source, templates: await loadTemplates() });
  const outputs: StepOutput[] = [];
  const ask = async (agent: "data_agent" | "decision_agent", action: string) => {
    const { output } = await agents[agent].invoke(requestFor(action, { customer, outputs }));
    outputs.unshift({ stepId: action, action, output });
    return output;
  };
  await ask("data_agent", "retrieve_customer_data");
  await ask("decision_agent", "assess_renewal_risk");
  const { recommendations } = Recommendations.parse(await ask("decision_agent", "generate_renewal_recommendations"));
  expect(recommendations.length).toBeGreaterThan(1);
  for (const { due_date } of recommendations) expect(due_date >= "2026-11-23").toBe(true);

  const shown = outputs.map((output) => ({ ...output, agent: null }));
  expect(JSON.stringify(buildApprovalCard(sampleApproval({ customer, outputs: shown })).blocks)).toMatch(notKnown);
  const parameters = { template: "renewal_recommendations", recipients: ["dana@example.com"] };
  const { effects } = await agents.execution_agent.invoke(
    requestFor("send_notifications", { customer, outputs, parameters }),
  );
  expect(effects.map(({ effect }) => effect.kind)).toEqual(["email", "slack_message"]);
  for (const { effect } of effects) {
    const text = effect.kind === "email" || effect.kind === "slack_message" ? effect.text : "";
    expect(text).toMatch(notKnown);
    expect(text).not.toMatch(/null|undefined|NaN|Invalid/);
  }
});
