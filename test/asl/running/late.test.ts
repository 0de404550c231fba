/** Does a step that comes too late still come, later, or not at all, as its flow says? */
import { expect, it } from "vitest";
import { agentStep, approvalStep, flow, waitStep } from "../../engine/flows.ts";
import { asked, play, startAt, told, type Reply } from "./play.ts";

const hour = 3_600_000;
const at = (ms: number) => new Date(startAt + ms).toISOString();
const shiftedBy =
  (ms: number): Reply =>
  (request) =>
    request.kind === "shift" ? { until: at(ms) } : undefined;

it.each(["${input.at}", at(-1), "${input.late ? input.at : null}"])(
  "shift, due %s: asks until when, waits until then, and runs",
  async (due) => {
    const parameters = { to: "${customer.account_manager_email}" };
    const step = agentStep("mail", "notify", { due, late: "shift", parameters, after: ["look"] });
    const played = await play(flow([agentStep("look", "retrieve"), step]), shiftedBy(15 * hour), {
      input: { at: at(-hour), late: true },
    });
    expect(asked(played)).toEqual(["begin", "step look", "shift mail", "step mail", "end"]);
    expect(played.requests[2]).toMatchObject({
      parameters: { to: "owner@example.com" },
      outputs: [{ step_id: "look" }],
    });
    expect([played.status, played.stoppedAt - startAt]).toEqual(["SUCCEEDED", 15 * hour]);
  },
);

it("an hour that is there already, when the answer comes: it runs at once", async () => {
  const played = await play(flow([agentStep("mail", "notify", { due: at(-1), late: "shift" })]), shiftedBy(-1));
  expect([played.status, played.stoppedAt - startAt]).toEqual(["SUCCEEDED", 0]);
});

it("a wait until an instant is shifted first, and then waits for its own", async () => {
  const until = "${input.until}";
  const wait = waitStep("pause", { due: at(-1), late: "shift", until });
  const played = await play(flow([wait]), shiftedBy(hour), { input: { until: at(5 * hour) } });
  expect(told(played)).toMatchObject({ pause: { output: { waited_until: at(5 * hour) } } });
  expect(played.stoppedAt - startAt).toBe(5 * hour);
});

it("an approval, and a step that repeats, are shifted as well", async () => {
  const late = { due: at(-1), late: "shift" } as const;
  const steps = [
    approvalStep("ok", late),
    agentStep("mails", "notify", { ...late, for_each: "${[1, 2]}", after: ["ok"] }),
  ];
  const played = await play(flow(steps), (request, { tokens, clock }) => {
    if (request.kind === "shift") return { until: at(2 * hour) };
    if (request.kind !== "approval") return undefined;
    const output = { decision: "approved" };
    clock.at(clock.now(), () => tokens.succeed(request.task_token, { output, edited: {} }));
    return {};
  });
  expect(played.status).toBe("SUCCEEDED");
  expect(asked(played)).toEqual(["begin", "shift ok", "approval ok", "shift mails", "step mails", "step mails", "end"]);
});

it.each(["${input.at}", at(-1)])("skip, due %s: skipped as late, and what needs it too", async (due) => {
  const steps = [agentStep("mail", "notify", { due, late: "skip" }), agentStep("book", "book", { after: ["mail"] })];
  const played = await play(flow(steps), undefined, { input: { at: at(-1) } });
  expect(told(played)).toEqual({
    mail: { status: "skipped", reason: "late" },
    book: { status: "skipped", reason: "upstream" },
  });
  expect(played.status).toBe("SUCCEEDED");
});

it.each([
  ["in an hour", at(hour)],
  ["this very moment", at(0)],
  ["nothing", null],
])("due %s: neither skipped nor shifted, and not waited for", async (_what, due) => {
  const late = (["skip", "shift"] as const).map((late) => agentStep(late, "notify", { due: "${input.at}", late }));
  const played = await play(flow(late), undefined, { input: { at: due } });
  expect(told(played)).toMatchObject({ skip: { status: "succeeded" }, shift: { status: "succeeded" } });
  expect(played.stoppedAt - startAt).toBe(0);
});

it.each([
  ["${input.missing}", "Expression.Undefined"],
  ["${input.at}", "Expression.Failed"],
])("due %s, which is no instant: the step fails", async (due, error) => {
  const played = await play(flow([agentStep("mail", "notify", { due, late: "skip" })]), undefined, {
    input: { at: "tomorrow" },
  });
  expect([played.status, played.error]).toEqual(["FAILED", error]);
});
