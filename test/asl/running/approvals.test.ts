/** Who decides when the time runs out, and who sees what people changed? */
import { expect, it } from "vitest";
import type { Json, JsonObject } from "../../../src/flow/json.ts";
import { agentStep, approvalStep, flow } from "../../engine/flows.ts";
import { NamedError, type CallContext } from "../../stepfunctions/interpreter/handlers.ts";
import { asked, play, startAt, told, type Reply } from "./play.ts";

const hour = 3_600_000;
const escalating: Parameters<typeof approvalStep>[1] = {
  on_timeout: "escalate",
  escalate: { after_ms: null, to: ["role:revops_lead"] },
};

function answerLater({ tokens, clock }: CallContext, after: number, token: string, answer: Json): Json {
  clock.at(clock.now() + after, () => tokens.succeed(token, answer));
  return {};
}

const draft = (amount: number): JsonObject => ({ amount, other: [1] });

const asking = (overrides: Parameters<typeof approvalStep>[1] = {}) =>
  flow([approvalStep("ok", { timeout_ms: hour, ...overrides }), agentStep("mail", "notify", { after: ["ok"] })]);

it("the time is over while a decision is being sent: what is recorded counts", async () => {
  const played = await play(asking(), (request) =>
    request.kind === "approval_timeout" ? { output: { decision: "approved", by: "U1" }, edited: {} } : undefined,
  );
  expect(asked(played)).toEqual(["begin", "approval ok", "approval_timeout ok", "step mail", "end"]);
  expect(told(played)).toMatchObject({ ok: { output: { decision: "approved", by: "U1" } } });
  expect(played.stoppedAt - startAt).toBe(hour);
});

it("nobody decides: it expires, and what waits for it is skipped", async () => {
  const played = await play(asking());
  expect(asked(played)).toEqual(["begin", "approval ok", "approval_timeout ok", "end"]);
  expect(told(played)).toMatchObject({
    ok: { output: { decision: "expired" } },
    mail: { status: "skipped", reason: "upstream" },
  });
  expect(played.output).toMatchObject({ outcome: "expired", outputs: { mail: null } });
});

it("on_timeout: approve, as the record says it", async () => {
  const played = await play(asking({ on_timeout: "approve" }), (request) =>
    request.kind === "approval_timeout" ? { output: { decision: "approved" }, edited: {} } : undefined,
  );
  expect([played.status, asked(played).includes("step mail")]).toEqual(["SUCCEEDED", true]);
});

it("escalate, and nobody of those decides either: a token each, and one expiry", async () => {
  const played = await play(asking(escalating));
  const approvals = played.requests.flatMap((request) => (request.kind === "approval" ? [request] : []));
  expect(approvals.map(({ escalated, approvers }) => [escalated, approvers])).toEqual([
    [false, ["owner@example.com", "role:revops_lead"]],
    [true, ["role:revops_lead"]],
  ]);
  expect(new Set(approvals.map(({ task_token }) => task_token)).size).toBe(2);
  expect(asked(played)).toEqual(["begin", "approval ok", "approval ok", "approval_timeout ok", "end"]);
  expect(played.requests[3]).toMatchObject({ escalated: true });
  expect([played.output, played.stoppedAt - startAt]).toMatchObject([{ outcome: "expired" }, 2 * hour]);
});

it("escalate, and the second asking is answered", async () => {
  const played = await play(asking(escalating), (request, call) => {
    if (request.kind !== "approval" || !request.escalated) return undefined;
    return answerLater(call, hour - 1, request.task_token, { output: { decision: "approved" }, edited: {} });
  });
  expect([played.status, played.stoppedAt - startAt]).toEqual(["SUCCEEDED", 2 * hour - 1]);
});

it("an approver who is null is left out, one who is missing fails the step before anybody is asked", async () => {
  const played = await play(asking({ approvers: ["${input.manager}"] }), undefined, { input: { manager: null } });
  const [, approval] = played.requests;
  expect(approval).toMatchObject({ kind: "approval", approvers: [] });
  const missing = await play(asking({ approvers: ["${input.manager}"] }), undefined, { input: {} });
  expect([missing.error, asked(missing)]).toEqual(["Expression.Undefined", ["begin", "failure", "end"]]);
});

it("the question can't be asked: the step fails with what the function says", async () => {
  const failed = { error: "Approval.NoApprover", cause: "Nobody of ok may decide." };
  const played = await play(asking(), ({ kind }) => {
    if (kind === "approval") throw new NamedError(failed.error, failed.cause);
    return undefined;
  });
  expect([played.status, played.error, played.cause]).toEqual(["FAILED", failed.error, failed.cause]);
});

it("what approvers edit is seen behind them only, the last edit last", async () => {
  const sees: JsonObject = { amount: "${draft.amount}", all: "${draft}" };
  const editable = [{ step: "draft", field: "amount" }];
  const definition = flow([
    agentStep("draft", "retrieve"),
    approvalStep("first", { after: ["draft"], editable }),
    agentStep("between", "retrieve", { after: ["first"], parameters: sees }),
    approvalStep("second", { after: ["between"], editable }),
    agentStep("behind", "notify", { after: ["second"], parameters: sees }),
    agentStep("beside", "retrieve", { after: ["draft"], parameters: sees }),
  ]);
  const amounts: JsonObject = { first: 2, second: 3 };
  const reply: Reply = (request, call) => {
    if (request.kind === "step" && request.step_id === "draft") return { state: "done", output: draft(1), effects: 0 };
    if (request.kind !== "approval") return undefined;
    const edited = { draft: { amount: amounts[request.step_id] ?? null, other: [1] } };
    return answerLater(call, hour, request.task_token, { output: { decision: "approved" }, edited });
  };
  const played = await play(definition, reply);
  const seen = Object.fromEntries(
    played.requests.flatMap((request) => {
      if (request.kind === "approval")
        return [[request.step_id, request.outputs.find(({ step_id }) => step_id === "draft")?.output]];
      return request.kind === "step" && request.step_id !== "draft" ? [[request.step_id, request.parameters]] : [];
    }),
  );
  expect(seen).toEqual({
    first: draft(1),
    beside: { amount: 1, all: draft(1) },
    between: { amount: 2, all: draft(2) },
    second: draft(2),
    behind: { amount: 3, all: draft(3) },
  });
  // The draft itself stays what it was; the books of edits go nowhere.
  expect(Object.keys(told(played)).toSorted()).toEqual(["behind", "beside", "between", "draft", "first", "second"]);
  expect(played.output).toMatchObject({ outcome: "completed", outputs: { draft: draft(1) } });
});
