/** What models took: recorded where an attempt ends, well or not, summed over redrives, and a price only where there is one. */
import { expect, test } from "vitest";
import { costWords } from "../../src/bot/views/cost.ts";
import { executionStatus } from "../../src/bot/views/execution-status.ts";
import { createPaper } from "../../src/cli/paper.ts";
import { reportDocument, reportText } from "../../src/cli/views/execution.ts";
import { ExecutionEvent } from "../../src/flow/event.ts";
import { FailureError } from "../../src/flow/failure.ts";
import { costOf, noPrices, withUsage, type Usage } from "../../src/flow/usage.ts";
import { agentStep, flow } from "./flows.ts";
import { startHarness, type Harness } from "./harness.ts";
import { answer, scriptedAgents, scripts, type Script } from "./scripted-agents.ts";
import { lead } from "./world.ts";

const call: Usage = {
  agent: "AGENT1/ALIAS1",
  model: "small",
  calls: 1,
  repairs: 0,
  input_tokens: 1_000,
  output_tokens: 100,
  uncounted: 0,
  ms: 400,
};
const costly: Script = () => ({ ...answer({ done: true }), usage: call });
const steps = [agentStep("assess", "assess"), agentStep("tell", "notify", { after: ["assess"] })];
const manual = { triggers: [] };

async function run(scripts: Record<string, Script>, flowSteps = steps): Promise<Harness & { executionId: string }> {
  const harness = await startHarness({ flows: [flow(flowSteps, manual)], agents: scriptedAgents(scripts) });
  const { executionId } = await harness.engine.start({
    flowId: "renewal",
    input: { customer_id: "acme" },
    person: lead,
  });
  await harness.engine.idle();
  return { ...harness, executionId };
}

const costIn = async ({ engine, executionId }: Harness & { executionId: string }) =>
  (await engine.report({ executionId })).cost;

test("no model was asked: there is no line", async () => {
  expect(await costIn(await run({}))).toBeNull();
});

test("an answer, and a plan of effects: each told with the event that it ends in, without a write of its own", async () => {
  const plain = await run({});
  const notify: Script = async (request) => ({
    ...(await (scripts["notify"] ?? costly)(request)),
    usage: { ...call, model: "large", input_tokens: 3_000 },
  });
  const asked = await run({ assess: costly, notify });
  expect(await costIn(asked)).toMatchObject({
    calls: 2,
    input_tokens: 4_000,
    output_tokens: 200,
    ms: 800,
    money: null,
  });
  const events = (await asked.log(asked.executionId)).flatMap((entry) => entry.events);
  expect(events.filter((event) => "usage" in event).map(({ type }) => type)).toEqual([
    "step_succeeded",
    "effects_planned",
  ]);
  expect((await asked.log(asked.executionId)).length).toBe((await plain.log(plain.executionId)).length);
});

test("attempts that fail, and a redrive after them: nothing that was spent is forgotten", async () => {
  let attempts = 0;
  const failing: Script = () => {
    attempts += 1;
    if (attempts > 2) return { ...answer({}), usage: call };
    throw new FailureError(
      { error: "Agent.InvalidOutput", cause: "prose" },
      { usage: { ...call, repairs: 2, calls: 3 } },
    );
  };
  const harness = await run({ assess: failing }, [agentStep("assess", "assess")]);
  const { engine, executionId } = harness;
  expect(await costIn(harness)).toMatchObject({ calls: 3, repairs: 2 });
  for (let redrives = 0; redrives < 2; redrives += 1) {
    await engine.redrive({ executionId, person: lead });
    await engine.idle();
  }
  expect(await costIn(harness)).toMatchObject({ calls: 7, repairs: 4, input_tokens: 3_000 });
  const { flows } = await engine.metrics({});
  expect(flows[0]?.usage).toEqual([
    { ...call, calls: 7, repairs: 4, input_tokens: 3_000, output_tokens: 300, ms: 1_200 },
  ]);
  const { lines } = await engine.history({ executionId });
  expect(lines.find(({ kind }) => kind === "attempt_failed")?.text).toContain("; 3 calls of a model, 1,100 tokens");
});

test("status says it in Slack, in the terminal and as JSON; without a model there is no such line", async () => {
  const asked = await run({ assess: costly });
  const report = await asked.engine.report(asked);
  const line = "Cost: 1 model call · 1,000 tokens in, 100 out · 400 ms";
  const paper = createPaper({ hasColours: false });
  expect(JSON.stringify(executionStatus({ report, timezone: "UTC" }).blocks)).toContain(line);
  expect(reportText(paper, report, "UTC")).toContain(line);
  expect(reportDocument(report, "UTC").cost).toMatchObject({ calls: 1, input_tokens: 1_000, money: null });
  const plain = await run({});
  const none = await plain.engine.report(plain);
  expect(JSON.stringify(executionStatus({ report: none, timezone: "UTC" }))).not.toContain("Cost");
  expect(reportText(paper, none, "UTC")).not.toContain("Cost");
});

test("a log from before there was usage", () => {
  const event = { type: "step_succeeded", at: 1, step_id: "assess", output: null };
  expect(ExecutionEvent.parse(event)).toEqual(event);
});

test("prices: by model before agent, and no sum where one has none", () => {
  const both = [call, { ...call, model: null, output_tokens: 2_000 }];
  const small = { input: 0.002, output: 0.01 };
  const money = (of: Record<string, { input: number; output: number }>) => costOf(both, { currency: "EUR", of })?.money;
  expect(money({ small })).toBeNull();
  expect(money({ small, "AGENT1/ALIAS1": { input: 1, output: 2 } })?.amount).toBeCloseTo(0.003 + 5);
  expect(money({ toString: small })).toBeNull();
  expect(costOf([], noPrices)).toBeNull();
});

test("in words: what isn't known is said, and fractions of a cent count", () => {
  const usage = withUsage([call], { ...call, repairs: 1, uncounted: 1, input_tokens: 0, output_tokens: 0 });
  const cost = costOf(usage, { currency: "USD", of: { small: { input: 0.0008, output: 0.004 } } });
  expect(cost === null ? "" : costWords(cost)).toBe(
    "2 model calls, 1 to put an answer right · 1,000 tokens in, 100 out, those of 1 call unknown · 800 ms · at least $0.0012",
  );
});
