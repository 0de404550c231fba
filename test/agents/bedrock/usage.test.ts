/** What an attempt took is told with its end, well or not: repairs, a call that was cut off, a trace that says nothing or nonsense. */
import { expect, it } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import type { Usage } from "../../../src/flow/usage.ts";
import { bedrockAgents, bedrockServer, troubledRequest, troubledSteps } from "./bedrock.ts";
import { chunk, control, event, exception, traced, type Answer } from "./bedrock-server.ts";
import { careful, promptOf } from "./models.ts";

const server = await bedrockServer();
const { local, outputs } = await troubledSteps();
const action = "assess_renewal_risk";

/** In the order of the calls; the last one goes on. */
async function usageOf(answers: ((whole: Uint8Array) => Answer)[], signal?: AbortSignal): Promise<Usage | null> {
  let payload: object | null = null;
  const before = server.calls.length;
  server.model = (call, number) => {
    payload ??= careful(promptOf(call));
    const answer = answers[Math.min(number - before, answers.length) - 1];
    if (answer === undefined) throw new Error("no answer is left");
    return answer(control({ name: `submit_${action}`, payload }));
  };
  try {
    const { usage = null } = await bedrockAgents(local).decision_agent.invoke(troubledRequest(action, outputs, signal));
    return usage;
  } catch (error) {
    if (error instanceof FailureError) return error.usage;
    throw error;
  }
}

const ended = (...frames: Uint8Array[]): Answer => ({ frames, ending: "end" });
const prose = () => ended(...traced({ inputTokens: 900, outputTokens: 30 }), chunk("Let me think."));

it("an answer at once: its trace is asked for and read", async () => {
  const usage = await usageOf([(whole) => ended(...traced(), whole)]);
  expect(server.calls.at(-1)?.body.enableTrace).toBe(true);
  expect(usage).toEqual({
    agent: "AGENT1/ALIAS1",
    model: "the-model-of-the-test",
    calls: 1,
    repairs: 0,
    input_tokens: 1_000,
    output_tokens: 50,
    uncounted: 0,
    ms: usage?.ms,
  });
});

it("an agent that asks its model three times within a call", async () => {
  const usage = await usageOf([(whole) => ended(...traced(), ...traced(), ...traced(), whole)]);
  expect(usage).toMatchObject({ calls: 1, input_tokens: 3_000, output_tokens: 150 });
});

it("an answer that was sent back", async () => {
  const usage = await usageOf([prose, (whole) => ended(...traced(), whole)]);
  expect(usage).toMatchObject({ calls: 2, repairs: 1, input_tokens: 1_900, output_tokens: 80 });
});

it("no usable answer after two repairs: the failure tells all three calls", async () => {
  expect(await usageOf([prose])).toMatchObject({ calls: 3, repairs: 2, input_tokens: 2_700, output_tokens: 90 });
});

it("a repair that is throttled: the call before it isn't forgotten", async () => {
  const usage = await usageOf([prose, () => ended(exception("throttlingException"))]);
  expect(usage).toMatchObject({ calls: 2, repairs: 1, input_tokens: 900, output_tokens: 30, uncounted: 1 });
});

it("a call that never ends, given up with the attempt: what was told until then", async () => {
  const usage = await usageOf([() => ({ frames: traced(), ending: "stall" })], AbortSignal.timeout(700));
  expect(usage).toMatchObject({ calls: 1, input_tokens: 1_000, uncounted: 0 });
  expect(usage?.ms).toBeGreaterThan(100);
});

it.each([
  ["none", []],
  ["of another kind", [event("trace", { trace: { guardrailTrace: { action: "NONE" } } })]],
  [
    "with nonsense for numbers",
    [
      event("trace", {
        trace: { orchestrationTrace: { modelInvocationOutput: { metadata: { usage: { inputTokens: -4 } } } } },
      }),
    ],
  ],
])("a trace that says nothing (%s): the tokens are unknown, not none", async (_name, frames) => {
  const usage = await usageOf([(whole) => ended(...frames, whole)]);
  expect(usage).toMatchObject({ calls: 1, input_tokens: 0, output_tokens: 0, uncounted: 1 });
});
