/**
 * The behaviour table of Bedrock's client, row by row, over HTTP/2: what becomes of an attempt however its stream ends. Where the SDK
 * alone would hang, or take half an answer as a whole one, there is a named failure here.
 */
import { describe, expect, it } from "vitest";
import { FailureError, isRetryable } from "../../../src/flow/failure.ts";
import { failureOf } from "../support.ts";
import { bedrockAgents, bedrockServer, troubledRequest, troubledSteps } from "./bedrock.ts";
import { chunk, control, event, exception, unmodelled, type Answer } from "./bedrock-server.ts";
import { careful, promptOf, submits } from "./models.ts";

const server = await bedrockServer();
const { local, outputs } = await troubledSteps();
const action = "assess_renewal_risk";

const damaged = (frame: Uint8Array) => frame.map((byte, index) => (index === frame.length - 20 ? byte ^ 1 : byte));

/** What one attempt comes to, and how many calls it took. */
async function attempt(
  answer: Answer | ((whole: Uint8Array) => Answer),
  { signal, ...options }: { idleMs?: number; onWait?: () => void; signal?: AbortSignal } = {},
) {
  let payload: object | null = null;
  server.model = (call) => {
    payload ??= careful(promptOf(call));
    const whole = control({ name: `submit_${action}`, payload });
    return typeof answer === "function" ? answer(whole) : answer;
  };
  const before = server.calls.length;
  const agents = bedrockAgents(local, options);
  const failure = await failureOf(agents.decision_agent.invoke(troubledRequest(action, outputs, signal)));
  return { failure, calls: server.calls.length - before };
}

describe("a refusal in the first frame", () => {
  it("throttling: one call, and the engine tries again", async () => {
    const { failure, calls } = await attempt({ frames: [exception("throttlingException")], ending: "end" });
    expect(failure).toMatchObject({ error: "Agent.Throttled" });
    expect(failure.cause).toContain("the words of throttlingException");
    expect(calls).toBe(1);
  });

  it.each(["internalServerException", "badGatewayException", "modelNotReadyException", "conflictException"])(
    "%s: one call, and the engine tries again",
    async (type) => {
      const { failure, calls } = await attempt({ frames: [exception(type)], ending: "end" });
      expect(failure.error).toBe("Agent.Unavailable");
      expect(isRetryable(failure)).toBe(true);
      expect(calls).toBe(1);
    },
  );

  it.each([
    ["accessDeniedException", "Allow bedrock:InvokeAgent"],
    ["validationException", "the words of validationException"],
    ["resourceNotFoundException", "There is no agent AGENT1/ALIAS1"],
    ["serviceQuotaExceededException", "the words of serviceQuotaExceededException"],
    ["dependencyFailedException", "the words of dependencyFailedException"],
  ])("%s: named, and nobody tries again", async (type, words) => {
    const { failure, calls } = await attempt({ frames: [exception(type)], ending: "end" });
    expect(failure.cause).toContain(words);
    expect(isRetryable(failure)).toBe(false);
    expect(calls).toBe(1);
  });
});

describe("a refusal before there is a stream", () => {
  it("throttling with Retry-After: the engine is told when", async () => {
    server.model = () => ({ status: 429, errorType: "ThrottlingException", headers: { "retry-after": "7" } });
    const before = server.calls.length;
    const error: unknown = await bedrockAgents(local)
      .decision_agent.invoke(troubledRequest(action, outputs))
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FailureError);
    expect(error).toMatchObject({ failure: { error: "Agent.Throttled" }, retryAfterMs: 7_000 });
    expect(server.calls.length - before).toBe(1);
  });

  it.each([
    [500, "InternalServerException", "Agent.Unavailable"],
    [502, "BadGatewayException", "Agent.Unavailable"],
    [503, "ServiceUnavailable", "Agent.Unavailable"],
    [424, "ModelNotReadyException", "Agent.Unavailable"],
    [409, "ConflictException", "Agent.Unavailable"],
    [400, "ValidationException", "Input.Invalid"],
    [404, "ResourceNotFoundException", "Input.Invalid"],
    [418, "Unheard", "Input.Invalid"],
  ] as const)("%i %s: %s, after one call", async (status, errorType, error) => {
    const { failure, calls } = await attempt({ status, errorType });
    expect(failure.error).toBe(error);
    expect(calls).toBe(1);
  });

  it.each(["AccessDeniedException", "InvalidSignatureException", "ExpiredTokenException"])(
    "%s: what to do, and not a word of what AWS repeats",
    async (errorType) => {
      const { failure } = await attempt({ status: 403, errorType });
      expect(failure).toMatchObject({ error: "Input.Invalid" });
      expect(failure.cause).toContain(`(${errorType})`);
      expect(failure.cause).not.toContain("the words of");
    },
  );
});

describe("a stream that breaks", () => {
  it.each([
    ["throttlingException", "Agent.Throttled"],
    ["internalServerException", "Agent.Unavailable"],
    ["badGatewayException", "Agent.Unavailable"],
  ])("%s behind a whole submission: no answer", async (type, error) => {
    const { failure, calls } = await attempt((whole) => ({ frames: [whole, exception(type)], ending: "end" }));
    expect(failure.error).toBe(error);
    expect(calls).toBe(1);
  });

  it("an exception or an error that the SDK doesn't know: no answer", async () => {
    for (const frame of [exception("novelException"), unmodelled("Novel")]) {
      const { failure } = await attempt((whole) => ({ frames: [whole, frame], ending: "end" }));
      expect(failure.error).toBe("Agent.Unavailable");
    }
  });

  it.each(["reset", "goaway", "vanish"] as const)("%s behind a whole submission: no answer", async (ending) => {
    const { failure, calls } = await attempt((whole) => ({ frames: [whole], ending }));
    expect(failure.error).toBe("Agent.Unavailable");
    expect(calls).toBe(1);
  });

  it.each(["reset", "goaway", "vanish"] as const)(
    "%s behind words: no answer, and nothing is sent back",
    async (ending) => {
      const { failure, calls } = await attempt({ frames: [chunk("Well,")], ending });
      expect(failure.error).toBe("Agent.Unavailable");
      expect(calls).toBe(1);
    },
  );

  it("a frame with a wrong checksum, and one that stops half-way: no answer", async () => {
    for (const broken of [damaged, (frame: Uint8Array) => frame.subarray(0, frame.length - 9)]) {
      const { failure } = await attempt((whole) => ({ frames: [broken(whole)], ending: "end" }));
      expect(failure.error).toBe("Agent.Unavailable");
    }
  });

  it("a clean end with nothing before it: no answer", async () => {
    const { failure } = await attempt({ frames: [event("trace", { trace: {} })], ending: "end" });
    expect(failure.error).toBe("Agent.Unavailable");
    expect(failure.cause).toContain("ended without an answer");
  });

  it("a clean end behind half of an answer in words: sent back, then a failure", async () => {
    const { failure, calls } = await attempt({ frames: [chunk('{"risk_score": 0.8, "summ')], ending: "end" });
    expect(failure.error).toBe("Agent.InvalidOutput");
    expect(calls).toBe(3);
  });
});

describe("a stream that stands still", () => {
  const idleMs = 400;

  it("before its first byte, behind words, behind a whole submission: a timeout, and the stream is closed", async () => {
    const stalls: ((whole: Uint8Array) => Answer)[] = [
      () => "nothing",
      () => ({ frames: [], ending: "stall" }),
      () => ({ frames: [chunk("Well,")], ending: "stall" }),
      (whole) => ({ frames: [whole], ending: "stall" }),
    ];
    for (const stall of stalls) {
      const before = server.cutOff;
      const { failure, calls } = await attempt(stall, { idleMs });
      expect(failure).toEqual({ error: "Agent.Timeout", cause: "Agent AGENT1/ALIAS1 said nothing for 0.4 s." });
      expect(calls).toBe(1);
      await expect.poll(() => server.cutOff).toBe(before + 1);
    }
  });

  it("aborted behind a whole submission: the SDK calls it a normal end, and it is none", async () => {
    const end = new AbortController();
    let waits = 0;
    const onWait = () => void (waits += 1);
    const ended = attempt((whole) => ({ frames: [whole], ending: "stall" }), { signal: end.signal, onWait });
    // For the stream, for the submission, and for what comes behind it.
    await expect.poll(() => waits).toBe(3);
    end.abort();
    const { failure, calls } = await ended;
    expect(failure.error).toBe("Agent.Timeout");
    expect(failure.cause).toContain("within the time of the attempt");
    expect(calls).toBe(1);
  });
});

describe("a stream that is whole", () => {
  it("with events that nobody knows yet, with traces and with words beside: the submission counts", async () => {
    server.model = (call) => {
      const payload = careful(promptOf(call));
      const submission = control({ name: `submit_${action}`, payload });
      return { frames: [event("novel", {}), event("trace", { trace: {} }), chunk("Here:"), submission], ending: "end" };
    };
    const { output } = await bedrockAgents(local).decision_agent.invoke(troubledRequest(action, outputs));
    expect(output).toMatchObject({ summary: expect.stringMatching(/^In the model's words: /) });
  });

  it("goes to the alias, in a session of its own for each attempt, whatever its step is called", async () => {
    server.model = (call) => submits(action, careful(promptOf(call)));
    const agents = bedrockAgents(local);
    const request = troubledRequest(action, outputs);
    const before = server.calls.length;
    const odd = { ...request.context, idempotencyKey: `exec/${"é".repeat(90)}` };
    for (const context of [request.context, { ...request.context, attempt: 2 }, request.context, odd])
      await agents.decision_agent.invoke({ ...request, context });
    const calls = server.calls.slice(before);
    expect(calls.map(({ agent }) => agent)).toEqual(Array(4).fill("AGENT1/ALIAS1"));
    expect(calls[0]?.sessionId).toMatch(/^exec-1:step_1:assess_renewal_risk:a1:/);
    expect(calls[1]?.sessionId).toMatch(/^exec-1:step_1:assess_renewal_risk:a2:/);
    expect(new Set(calls.map(({ sessionId }) => sessionId)).size).toBe(4);
    for (const { sessionId } of calls) expect(sessionId).toMatch(/^[0-9a-zA-Z._:-]{2,100}$/);
  });
});
