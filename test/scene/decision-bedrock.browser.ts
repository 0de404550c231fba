/** The same decisions, with a model that plans and phrases: Bedrock's wire, a server of the test's own behind it. */
import { afterAll, describe, expect, test } from "vitest";
import { startBedrockServer, type Answer, type BedrockServer } from "../agents/bedrock/bedrock-server.ts";
import { careful, carefulModel, promptOf, submits, type Prompt } from "../agents/bedrock/models.ts";
import { Recommendations } from "../../src/agents/local/recommendations/recommendations.ts";
import { testDecisions } from "./decision-scene.ts";
import { patient, useScene } from "./scene-page.ts";

const server: BedrockServer = await startBedrockServer(carefulModel);
afterAll(() => server.close());

const at = useScene({
  environment: () =>
    Promise.resolve({
      REVOPS_AGENTS: "bedrock",
      BEDROCK_DATA_AGENT: "DATA/ALIAS1",
      BEDROCK_DECISION_AGENT: "DECISION/ALIAS2",
      BEDROCK_EXECUTION_AGENT: "EXECUTION/ALIAS3",
      AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME: server.url,
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "key-of-the-test",
      AWS_SECRET_ACCESS_KEY: "secret-of-the-test",
    }),
});

testDecisions(at);

describe("does a model's word stay a word?", () => {
  test("its own idea stands on the card as its own; who is asked for it is the decision agent alone", async () => {
    server.model = (call): Answer => {
      const prompt = promptOf(call);
      if (prompt.action === "assess_renewal_risk") return submits(prompt.action, careful(prompt));
      const plan = Recommendations.parse(careful(prompt));
      const [first, second] = plan.recommendations;
      const idea = { id: "visit_them", title: "Visit them", why: "Nobody has been there.", value: null };
      const owned = { ...idea, owner_email: first?.owner_email ?? null, due_date: first?.due_date ?? "" };
      return submits(prompt.action, { ...plan, recommendations: [first, second, owned] });
    };
    const card = await at.runFor("Acme Robotics");
    await card.getByText("Visit them (the model's own idea)").waitFor();
    await at.picture("own-idea");
    expect(new Set(server.calls.map(({ agent }) => agent))).toEqual(new Set(["DECISION/ALIAS2"]));
  });

  test("throttled twice, then answered: the card comes all the same, each attempt in a session of its own", async () => {
    const before = server.calls.length;
    server.model = (call, number) =>
      number - before <= 2
        ? { status: 429, errorType: "ThrottlingException", headers: { "retry-after": "1" } }
        : carefulModel(call, number);
    await at.runFor("Acme Robotics");
    const calls = server.calls.slice(before);
    expect(calls).toHaveLength(4);
    expect(new Set(calls.map(({ sessionId }) => sessionId)).size).toBe(4);
  });

  test("figures of its own, again and again: a failure card that says so, and nobody is asked to approve", async () => {
    let first: Prompt | null = null;
    server.model = (call) => {
      const prompt = (first ??= promptOf(call));
      return submits(prompt.action, { ...careful(prompt), summary: "There is a risk of 99.9 %." });
    };
    await at.ask("/revops run renewal_management Acme Robotics");
    const card = at.messages().filter({ hasText: "summary says 99.9 %, which no fact says." });
    await expect.poll(() => card.count(), patient).toBe(1);
    await at.picture("refused");
    await at.goTo("#renewals");
    expect(await at.messages().count()).toBe(0);
  });
});
