/** Is it tried again what should be, as often as it should be, and what does the flow see of it? */
import { expect, it } from "vitest";
import type { RetryPolicy } from "../../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, waitStep } from "../../engine/flows.ts";
import { NamedError } from "../../stepfunctions/interpreter/handlers.ts";
import { asked, play, told, type Request } from "./play.ts";

const retry: RetryPolicy = {
  max_attempts: 4,
  interval_ms: 1_000,
  backoff_rate: 2,
  max_interval_ms: 60_000,
  jitter: "none",
  on: null,
};

const attemptsOf = (requests: Request[]) =>
  requests.flatMap((request) => (request.kind === "step" ? [request.attempt] : []));

const lost = new NamedError(
  "Lambda.Unknown",
  "The cause could not be determined because Lambda did not return an error.",
);

it("nine attempts that are lost, then one that isn't", async () => {
  const played = await play(flow([agentStep("look", "retrieve")]), (request, { nth }) => {
    if (request.kind === "step" && nth <= 9) throw lost;
    return undefined;
  });
  expect(played.status).toBe("SUCCEEDED");
  expect(attemptsOf(played.requests)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it("ten that are lost: the step fails as lost, and says what Lambda said", async () => {
  const played = await play(flow([agentStep("look", "retrieve")]), (request) => {
    if (request.kind === "step") throw lost;
    return undefined;
  });
  expect([played.status, played.error, played.cause]).toEqual(["FAILED", "Step.Lost", lost.message]);
  expect(attemptsOf(played.requests)).toHaveLength(10);
  expect(told(played)).toEqual({ look: { status: "failed", error: "Step.Lost", cause: lost.message } });
});

it("lost attempts between failures don't use up the step's own", async () => {
  const definition = flow([agentStep("look", "retrieve", { retry: { ...retry, max_attempts: 3 } })]);
  const played = await play(definition, (request, { nth }) => {
    if (request.kind !== "step" || nth > 11) return undefined;
    throw nth === 4 || nth === 8 ? new NamedError("Agent.Unavailable", "Down.") : lost;
  });
  expect(played.status).toBe("SUCCEEDED");
  expect(attemptsOf(played.requests)).toHaveLength(12);
});

it("a function that dies in `begin`, `end` and the mail about a failure", async () => {
  const definition = flow([agentStep("look", "retrieve", { retry: { ...retry, max_attempts: 1 } })]);
  const played = await play(definition, (request, { nth }) => {
    if (request.kind === "step") throw new NamedError("Agent.InvalidOutput", "No data.");
    if (nth === 1) throw lost;
    return undefined;
  });
  expect(asked(played)).toEqual(["begin", "begin", "step look", "failure", "failure", "end", "end"]);
  expect([played.status, played.error, played.cause]).toEqual(["FAILED", "Agent.InvalidOutput", "No data."]);
});

it("`end` can never be noted: the execution ends as it would have", async () => {
  const played = await play(flow([agentStep("look", "retrieve")]), (request) => {
    if (request.kind === "end") throw lost;
    return undefined;
  });
  expect([played.status, played.output]).toEqual([
    "SUCCEEDED",
    { outcome: "completed", outputs: { look: { of: "look" } } },
  ]);
});

it("attempts that take too long are tried again; the next step sees Step.Timeout where the flow goes on", async () => {
  const slow = agentStep("slow", "retrieve", { timeout_ms: 30_000, retry: { ...retry, max_attempts: 3 } });
  const next = agentStep("next", "retrieve", {
    depends_on: [{ step: "slow", optional: true }],
    parameters: { error: "${slow.error}", all: "${slow}" },
  });
  const played = await play(flow([{ ...slow, on_error: "continue" }, next]), async (request, { pause }) => {
    if (request.kind === "step" && request.step_id === "slow") await pause(Infinity);
    return null;
  });
  expect(attemptsOf(played.requests)).toEqual([1, 2, 3, 1]);
  // Thrice the timeout, one and two seconds between.
  expect(played.stoppedAt - played.startedAt).toBe(93_000);
  const { parameters } = played.requests.flatMap((request) => (request.kind === "step" ? [request] : []))[3] ?? {};
  expect(parameters).toMatchObject({
    error: "Step.Timeout",
    all: { error: "Step.Timeout", cause: expect.any(String) },
  });
  expect(played.status).toBe("SUCCEEDED");
});

it("the flow's own timeout ends it wherever it stands", async () => {
  const steps = [agentStep("look", "retrieve"), waitStep("pause", { after: ["look"], duration_ms: 7_200_000 })];
  const played = await play(flow([...steps, approvalStep("ok")], { timeout_ms: 3_599_001 }));
  expect([played.status, played.stoppedAt - played.startedAt]).toEqual(["TIMED_OUT", 3_600_000]);
  expect(asked(played)).not.toContain("end");
});

it.each([
  ["an output", ["a"], 300],
  ["outputs together", ["a", "b", "c"], 100],
])("%s above 256 KiB: the service ends the execution, past all that is caught", async (_what, ids, kibibytes) => {
  const steps = ids.map((id, place) => agentStep(id, "retrieve", { after: ids.slice(0, place), on_error: "continue" }));
  const played = await play(flow([...steps, agentStep("last", "retrieve", { after: ids })]), (request) =>
    request.kind === "step" ? { state: "done", output: "x".repeat(kibibytes * 1024), effects: 0 } : undefined,
  );
  expect([played.status, played.error]).toEqual(["FAILED", "States.DataLimitExceeded"]);
  expect(asked(played)).toEqual(["begin", ...ids.map((id) => `step ${id}`)]);
});
