/** An agent that gives what can't be kept, and agents that are used too much at once. */
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/flow/json.ts";
import { agentStep, flow } from "../flows.ts";
import { startHarness } from "../harness.ts";
import { answer, scriptedAgents } from "../scripted-agents.ts";

const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };

async function failureOf(output: unknown): Promise<string | null> {
  // What an agent written without types may give.
  const given: Json = JSON.parse("0", () => output);
  const agents = scriptedAgents({ noop: () => answer(given) });
  const fine = flow([agentStep("look", "retrieve")], { ...manual, flow_id: "fine" });
  const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual), fine], agents });
  const { executionId } = await harness.engine.start(acme);
  const other = await harness.engine.start({ ...acme, flowId: "fine" });
  await harness.moveTo(harness.clock.now() + 86_400_000);
  expect((await harness.engine.report(other)).header.status).toBe("succeeded");
  return (await harness.engine.report({ executionId })).failure;
}

describe("an output", () => {
  test("of more than a mebibyte fails its step by name, with its size and the limit", async () => {
    expect(await failureOf("x".repeat(3_000_000))).toBe(
      "Agent.InvalidOutput: The output of look is 2.9 MiB; at most 1 MiB is kept.",
    );
  });

  test.each([[undefined], [() => 1], [Number.NaN], [1n], [new Date(0)]])(
    "that is no JSON (%s) fails by name",
    async (output) => {
      expect(await failureOf(output)).toMatch(/^Agent.InvalidOutput: The output of look is not JSON\./);
    },
  );

  test("that goes in a circle fails by name", async () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(await failureOf(circle)).toMatch(/^Agent.InvalidOutput/);
  });

  test("just below the limit is kept to the last character", async () => {
    const text = "x".repeat(1_000_000);
    const agents = scriptedAgents({ noop: () => answer({ text }) });
    const harness = await startHarness({ flows: [flow([agentStep("look", "noop")], manual)], agents });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect((await harness.engine.execution({ executionId })).steps["look"]?.output).toEqual({ text });
  });
});

describe("an agent with a limit", () => {
  test("is never used by more at once, and nobody is left out", async () => {
    let underWay = 0;
    let most = 0;
    const agents = scriptedAgents({
      noop: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return answer({});
      },
    });
    const definition = flow([agentStep("look", "noop")], { triggers: [{ type: "manual", overlap: "allow" }] });
    const limits = { data_agent: { perSecond: null, concurrent: 2 } };
    const harness = await startHarness({ flows: [definition], agents, limits });
    const all = await Promise.all(Array.from({ length: 20 }, () => harness.engine.start(acme)));
    await harness.engine.idle();
    expect(most).toBe(2);
    const ends = await Promise.all(all.map(async (one) => (await harness.engine.report(one)).header.status));
    expect(new Set(ends)).toEqual(new Set(["succeeded"]));
  });

  test("begins no more in a second than it may", async () => {
    const begun: number[] = [];
    let now = 0;
    const agents = scriptedAgents({
      noop: () => {
        begun.push(now);
        return answer({});
      },
    });
    const definition = flow([agentStep("look", "noop")], { triggers: [{ type: "manual", overlap: "allow" }] });
    const harness = await startHarness({
      flows: [definition],
      agents,
      limits: { data_agent: { perSecond: 5, concurrent: null } },
      realTime: {
        now: () => now,
        deadline: () => ({ signal: new AbortController().signal, clear: () => {} }),
        pause: async (ms) => {
          const until = now + ms;
          await new Promise((resolve) => setImmediate(resolve));
          now = Math.max(now, until);
        },
      },
    });
    await Promise.all(Array.from({ length: 20 }, () => harness.engine.start(acme)));
    await harness.engine.idle();
    expect(begun).toHaveLength(20);
    const inAnySecond = begun.map((at) => begun.filter((other) => other >= at && other < at + 1_000).length);
    expect(Math.max(...inAnySecond)).toBeLessThanOrEqual(5);
  });
});
