/** What every implementation of the agents owes to flows, whoever plans and phrases behind it. */
import { describe, expect, it } from "vitest";
import type { ActionRequest, Agents, StepOutput } from "../../src/agents/agent.ts";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { plays } from "../../src/agents/local/recommendations/play.ts";
import { Recommendations } from "../../src/agents/local/recommendations/recommendations.ts";
import { RenewalRisk } from "../../src/agents/local/risk/renewal-risk.ts";
import type { AgentName } from "../../src/flow/flow.ts";
import { echoTemplates, failureOf, requestFor } from "./support.ts";
import { troubled, troubledSource } from "./troubled-customer.ts";

const local = createLocalAgents({ source: troubledSource(), templates: echoTemplates }).agents;
const names: AgentName[] = ["data_agent", "decision_agent", "execution_agent"];

export function testAgents(name: string, open: (local: Agents) => Agents): void {
  const agents = open(local);
  const ask = (action: string, outputs: StepOutput[] = [], more: Partial<ActionRequest> = {}) => {
    const agent = names.find((one) => agents[one].actions.some((known) => known.action === action)) ?? "decision_agent";
    return agents[agent].invoke({ ...requestFor(action, { customer: troubled, outputs }), ...more });
  };
  const collected = async () => {
    const data = {
      stepId: "data",
      action: "retrieve_customer_data",
      output: (await ask("retrieve_customer_data")).output,
    };
    const risk = {
      stepId: "risk",
      action: "assess_renewal_risk",
      output: (await ask("assess_renewal_risk", [data])).output,
    };
    return { data, risk };
  };

  describe(`${name}: does it keep the contract of agents?`, () => {
    it("offers the actions that flows are checked against, each with its schemas", () => {
      for (const one of names) {
        expect(agents[one].name).toBe(one);
        expect(agents[one].actions).toEqual(local[one].actions);
      }
    });

    it("answers as the output schema says, and plans effects only where the action does", async () => {
      const { data, risk } = await collected();
      for (const [action, outputs] of [
        ["retrieve_customer_data", []],
        ["assess_renewal_risk", [data]],
        ["generate_renewal_recommendations", [risk, data]],
      ] as const) {
        const answer = await ask(action, [...outputs]);
        const described = names.flatMap((one) => agents[one].actions).find((known) => known.action === action);
        expect(described?.output.safeParse(answer.output).success).toBe(true);
        expect(answer.effects).toEqual([]);
      }
      const parameters = { template: "renewal", recipients: ["dana@example.com"] };
      const sent = await ask("send_notifications", [risk], { parameters });
      expect(sent.effects.map(({ target }) => target)).toEqual(["email:dana@example.com", "slack:dana@example.com"]);
    });

    it("gives the score and the reasons that code has computed", async () => {
      const { data, risk } = await collected();
      const computed = await local.decision_agent.invoke(
        requestFor("assess_renewal_risk", { customer: troubled, outputs: [data] }),
      );
      const { summary, ...figures } = RenewalRisk.parse(risk.output);
      expect({ ...figures, summary: "" }).toEqual({ ...RenewalRisk.parse(computed.output), summary: "" });
      expect(summary).not.toBe("");
      expect(figures.over_threshold).toBe(true);
    });

    it("recommends two to four plays, each worth what code says, each done by whom the CRM names", async () => {
      const { data, risk } = await collected();
      const request = requestFor("generate_renewal_recommendations", { customer: troubled, outputs: [risk, data] });
      const computed = Recommendations.parse((await local.decision_agent.invoke(request)).output);
      const { recommendations } = Recommendations.parse((await ask(request.action, [risk, data])).output);
      expect(recommendations.length).toBeGreaterThanOrEqual(2);
      expect(recommendations.length).toBeLessThanOrEqual(4);
      for (const { id, value, owner_email } of recommendations) {
        expect(value).toBe(computed.recommendations.find((one) => one.id === id)?.value ?? null);
        expect([troubled.account_manager_email, troubled.csm_email]).toContain(owner_email);
        expect(plays.some((play) => play.id === id) || id.startsWith("model_")).toBe(true);
      }
    });

    it.each([
      "assess_renewal_risk",
      "generate_renewal_recommendations",
      "retrieve_customer_data",
      "send_notifications",
    ])("%s: parameters that aren't its own are refused by name", async (action) => {
      const failure = await failureOf(ask(action, [], { parameters: { colour: "red" } }));
      expect(failure.error).toBe("Input.Invalid");
      expect(failure.cause).toContain("colour");
    });

    it("an action that there isn't is refused with the nearest right name", async () => {
      const failure = await failureOf(ask("assess_renewal_risks"));
      expect(failure).toMatchObject({ error: "Input.Invalid" });
      expect(failure.cause).toContain("Did you mean assess_renewal_risk?");
    });

    it("recommendations without a risk before them are refused", async () => {
      const failure = await failureOf(ask("generate_renewal_recommendations"));
      expect(failure.error).toBe("Input.Invalid");
      expect(failure.cause).toContain("assess_renewal_risk");
    });

    it("a call whose time is over is no answer", async () => {
      await expect(ask("assess_renewal_risk", [], { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
    });
  });
}
