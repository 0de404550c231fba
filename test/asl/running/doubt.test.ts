/** Nobody knows whether it arrived: does the step wait for a person's word, however long that takes? */
import { expect, it } from "vitest";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { agentStep, flow } from "../../engine/flows.ts";
import { asked, play, startAt, told, type Reply } from "./play.ts";

const days = 86_400_000;
const answer = { output: { sent: ["owner@example.com"] }, effects: 1 };

const inDoubt =
  (reply: { after: number; fails?: boolean }): Reply =>
  (request, { tokens, clock }) => {
    if (request.kind === "step" && request.step_id === "mail") return { state: "doubt" };
    if (request.kind !== "doubt") return undefined;
    const { task_token: token } = request;
    const failure = { error: "Effect.Refused", cause: "It never arrived, and isn't sent again." };
    clock.at(clock.now() + reply.after, () => {
      if (reply.fails === true) tokens.fail(token, failure);
      else tokens.succeed(token, answer);
    });
    return {};
  };

const mailing = (overrides: Parameters<typeof agentStep>[2] = {}): FlowDefinition =>
  flow([
    agentStep("mail", "notify", { timeout_ms: 30_000, ...overrides }),
    agentStep("book", "book", {
      depends_on: [{ step: "mail", optional: true }],
      parameters: { mailed: "${mail}" },
    }),
  ]);

it("waits longer than the step's timeout, and goes on with the answer", async () => {
  const played = await play(mailing(), inDoubt({ after: 200 * days }));
  expect(asked(played)).toEqual(["begin", "step mail", "doubt mail", "step book", "end"]);
  expect(played.requests[2]).toMatchObject({ index: null });
  expect(played.requests[3]).toMatchObject({ parameters: { mailed: answer.output } });
  expect(told(played)).toMatchObject({ mail: { status: "succeeded", ...answer } });
  expect(played.stoppedAt - startAt).toBe(200 * days);
});

it("the answer is that it failed: as any failure of the step", async () => {
  const stopped = await play(mailing(), inDoubt({ after: days, fails: true }));
  expect([stopped.status, stopped.error]).toEqual(["FAILED", "Effect.Refused"]);
  const goesOn = await play(mailing({ on_error: "continue" }), inDoubt({ after: days, fails: true }));
  expect(goesOn.status).toBe("SUCCEEDED");
  expect(goesOn.requests[3]).toMatchObject({ step_id: "book", parameters: { mailed: { error: "Effect.Refused" } } });
});

it("items that are each in doubt: each with a token of its own, and its answer at its place", async () => {
  const definition = mailing({ for_each: "${[1, 2, 3]}", parameters: { n: "${item}" } });
  const played = await play(definition, (request, { tokens, clock }) => {
    if (request.kind === "step" && request.step_id === "mail")
      return request.index === 1 ? { state: "done", output: "sent", effects: 1 } : { state: "doubt" };
    if (request.kind !== "doubt") return undefined;
    const { task_token: token, index } = request;
    clock.at(clock.now() + (3 - (index ?? 0)) * days, () => tokens.succeed(token, { output: index, effects: 1 }));
    return {};
  });
  const tokens = played.requests.flatMap((request) => (request.kind === "doubt" ? [request.task_token] : []));
  expect(new Set(tokens).size).toBe(2);
  expect(told(played)).toMatchObject({ mail: { output: [0, "sent", 2], effects: 3 } });
});
