/** What people see of an execution, whichever engine drives it: the same story twice, over the embedded engine and Step Functions. */
import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { noHolidays } from "../../../src/flow/working-time.ts";
import { rules } from "../../engine/contact-rules.ts";
import { agentStep, approvalStep, flow, flowStep, renewalFlow, seedFlow, waitStep } from "../../engine/flows.ts";
import type { HarnessOptions } from "../../engine/harness.ts";
import { answer, customer, scriptedAgents } from "../../engine/scripted-agents.ts";
import { VirtualClock } from "../../engine/virtual-clock.ts";
import { dana, lead, outsider, second } from "../../engine/world.ts";
import { engines, once, openStage, type Stage } from "./stage.ts";

const hourMs = 3_600_000;
const text = (fallback: string | null = null) =>
  ({ type: "string", enum: null, required: fallback === null, default: fallback, description: null }) as const;
const broken = () => {
  throw new Error("503");
};

const perhaps = ({ parameters }: { parameters: Record<string, unknown> }) =>
  parameters["is"] === "no" ? broken() : answer({ is: z.string().parse(parameters["is"]) });

let stage: Stage | null = null;

afterEach(async () => {
  await stage?.close();
  stage = null;
});

describe.each(engines)("%s", (kind) => {
  async function open(flows: FlowDefinition[], options: Partial<HarnessOptions> = {}): Promise<Stage> {
    stage = await openStage(kind, { flows, fires: false, ...options });
    return stage;
  }

  async function asked(definition: FlowDefinition, options: Partial<HarnessOptions> = {}) {
    const opened = await open([definition], options);
    const id = await opened.start();
    await opened.until(() => opened.harness.world.card("approval").length === 1);
    const standing = () => opened.harness.world.card("approval")[0];
    return { ...opened, id, standing };
  }

  test("a card, an approval, one mail, one message, one event, and the second press is refused", async () => {
    const { id, harness, engine, header, decide, ends, until, standing } = await asked(renewalFlow());
    const { items, total } = await engine.waiting({ person: dana, offset: 0, limit: 10 });
    expect([items[0]?.header.execution_id, items[0]?.waiting.people, total]).toEqual([
      id,
      ["Dana Reyes", "a RevOps lead"],
      1,
    ]);
    expect((await header(id)).status).toBe("running");
    expect(await decide(id)).toEqual({ kind: "recorded", ended: true });
    expect(await decide(id, { decision: "reject" })).toMatchObject({ kind: "refused", reason: "already_decided" });
    await ends(id, "succeeded", "completed");
    const sent = harness.world.effects.map(({ key }) => key).toSorted();
    expect(sent).toEqual([`${id}/book`, `${id}/notify/email`, `${id}/notify/slack`]);
    await until(() => standing()?.execution.status === "succeeded");
    expect((await engine.execution({ executionId: id })).steps["approve"]?.output).toMatchObject({
      decision: "approved",
      by: ["dana@example.com"],
    });
    const { startedBy, steps } = await engine.report({ executionId: id });
    expect(startedBy).toContain("Morgan Lee");
    expect(steps.map(({ status }) => status)).toEqual(Array(5).fill("succeeded"));
    const told = (await engine.history({ executionId: id })).lines.map((line) => line.text);
    expect(told[0]).toBe("Started for Customer acme by Morgan Lee.");
    expect(told.filter((line) => line.includes("Dana Reyes"))).not.toEqual([]);
    expect((await engine.explain({ executionId: id })).summary).toContain("5 of 5 steps succeeded");
  });

  test("a start key pressed twice, and another start about a customer whose execution runs", async () => {
    const { start, engine } = await open([renewalFlow()]);
    const id = await start({ startKey: "key" });
    expect(await start({ startKey: "key" })).toBe(id);
    const other = await engine.start({ flowId: "renewal", input: { customer_id: "acme" }, person: lead });
    expect(other).toMatchObject({ kind: "already_running", executionId: id });
    expect(await engine.list({ limit: 10 })).toHaveLength(1);
  });

  test("inputs that can't be", async () => {
    const { engine } = await open([seedFlow()]);
    const start = (input: Record<string, string>) => engine.start({ flowId: "renewal", input, person: lead });
    await expect(start({})).rejects.toThrow("renewal needs customer_id: name the customer.");
    await expect(start({ customer_id: "nobody" })).rejects.toThrow("There is no customer nobody.");
    await expect(start({ customer_id: "acme", seats: "1" })).rejects.toThrow("renewal has no input seats.");
    expect(await engine.list({ limit: 10 })).toEqual([]);
  });

  test("a rejection lets nothing through, an outsider's word counts for nothing, nor that of who started it", async () => {
    const { id, harness, decide, ends } = await asked(renewalFlow());
    expect(await decide(id, { person: outsider })).toMatchObject({ kind: "refused", reason: "not_an_approver" });
    expect(await decide(id, { person: lead })).toMatchObject({ kind: "refused", reason: "requester" });
    expect(await decide(id, { decision: "reject" })).toEqual({ kind: "recorded", ended: true });
    await ends(id, "succeeded", "rejected");
    expect(harness.world.effects).toEqual([]);
  });

  test("a quorum of two: the first vote ends nothing, the same person counts once", async () => {
    const approve = approvalStep("approve", { after: ["retrieve_data"], quorum: 2 });
    const { id, decide, header, ends } = await asked(flow([agentStep("retrieve_data", "retrieve"), approve]));
    expect(await decide(id)).toEqual({ kind: "recorded", ended: false });
    expect(await decide(id)).toMatchObject({ kind: "refused", reason: "already_voted" });
    expect((await header(id)).status).toBe("running");
    expect(await decide(id, { person: second })).toEqual({ kind: "recorded", ended: true });
    await ends(id, "succeeded", "completed");
  });

  test("an edit: what was edited is what is performed, and the button of before is overtaken", async () => {
    const agents = scriptedAgents(
      { retrieve: () => answer({ to: "dana@example.com" }) },
      { retrieve: z.strictObject({ to: z.email() }) },
    );
    const definition = flow([
      agentStep("retrieve_data", "retrieve"),
      approvalStep("approve", { after: ["retrieve_data"], editable: [{ step: "retrieve_data", field: "to" }] }),
      agentStep("notify", "notify", { after: ["approve"], parameters: { to: "${retrieve_data.to}" } }),
      agentStep("check", "noop", { after: ["notify"], parameters: { to: "${retrieve_data.to}" } }),
    ]);
    const { id, harness, engine, decide, ends, until, standing } = await asked(definition, { agents });
    const reference = { executionId: id, stepId: "approve", version: 1, person: dana };
    const edit = (value: string) =>
      engine.edit({ ...reference, edits: [{ step: "retrieve_data", field: "to", value }] });
    expect(await edit("nobody")).toMatchObject({ kind: "invalid" });
    expect(await edit("second@example.com")).toEqual({ kind: "edited", version: 2 });
    await until(() => standing()?.version === 2);
    expect(await decide(id)).toMatchObject({ kind: "refused", reason: "overtaken" });
    expect(await decide(id, { version: 2 })).toEqual({ kind: "recorded", ended: true });
    await ends(id, "succeeded", "completed");
    expect(harness.world.ofKind("email").map(({ effect }) => effect)).toMatchObject([{ to: "second@example.com" }]);
    const { steps } = await engine.execution({ executionId: id });
    expect(steps["check"]?.output).toEqual({ to: "second@example.com" });
  });

  test("a reminder, others who are asked, then nobody's word: it expires, and a click is told so", async () => {
    const times = {
      remind_after_ms: hourMs,
      escalate: { after_ms: 2 * hourMs, to: ["second@example.com"] },
      timeout_ms: 4 * hourMs,
    };
    const approve = approvalStep("approve", { after: ["retrieve_data"], approvers: ["dana@example.com"], ...times });
    const { id, later, engine, decide, ends, until, standing } = await asked(
      flow([agentStep("retrieve_data", "retrieve"), approve]),
    );
    const approval = async () => (await engine.execution({ executionId: id })).steps["approve"]?.approval;
    await later(hourMs);
    await until(async () => (await approval())?.remindedAt !== null);
    expect(await decide(id, { person: second })).toMatchObject({ reason: "not_an_approver" });
    await later(hourMs);
    await until(async () => (await approval())?.escalated !== null);
    await later(2 * hourMs);
    await ends(id, "succeeded", "expired");
    expect(await decide(id, { person: second })).toMatchObject({ kind: "refused", reason: "expired" });
    await until(() => standing()?.status === "expired");
  });

  test("`on_timeout: escalate`: those of escalate.to have one more such time, and approve", async () => {
    const escalate = { after_ms: null, to: ["second@example.com"] };
    const approve = approvalStep("approve", {
      after: ["retrieve_data"],
      approvers: ["dana@example.com"],
      escalate,
      timeout_ms: hourMs,
      on_timeout: "escalate",
    });
    const { id, later, engine, decide, ends, until } = await asked(
      flow([agentStep("retrieve_data", "retrieve"), approve]),
    );
    await later(hourMs);
    await until(async () => {
      const { approval } = (await engine.execution({ executionId: id })).steps["approve"] ?? {};
      return approval?.escalated?.reason === "timeout";
    });
    expect(await decide(id, { person: second })).toEqual({ kind: "recorded", ended: true });
    await ends(id, "succeeded", "completed");
  });

  test("aborted while it waits: nothing of it goes on, and a click is told the truth", async () => {
    const { id, harness, engine, decide, ends, until, standing } = await asked(renewalFlow());
    const abort = { executionId: id, compensate: false };
    expect(await engine.abort({ ...abort, person: outsider })).toMatchObject({
      kind: "refused",
      reason: "not_an_operator",
    });
    expect(await engine.abort({ ...abort, person: lead })).toMatchObject({ kind: "recorded" });
    await ends(id, "aborted");
    expect(await decide(id)).toMatchObject({ kind: "refused", reason: "withdrawn" });
    await until(() => standing()?.status === "withdrawn");
    expect(await engine.abort({ ...abort, person: lead })).toMatchObject({ kind: "refused" });
    expect(harness.world.effects).toEqual([]);
  });

  test("aborted, then redriven: it is asked again, and goes on", async () => {
    const { id, harness, engine, decide, ends, until, standing } = await asked(renewalFlow());
    await engine.abort({ executionId: id, person: lead, compensate: false });
    expect(await engine.redrive({ executionId: id, person: lead })).toMatchObject({
      kind: "recorded",
      keeps: ["retrieve_data", "assess"],
    });
    await until(() => standing()?.status === "pending");
    const { version = 0 } = standing() ?? {};
    expect(await decide(id, { version })).toEqual({ kind: "recorded", ended: true });
    await ends(id, "succeeded", "completed");
    expect(harness.world.effects).toHaveLength(3);
  });

  test("a failure: tried again as it says, then told by mail and card; redriven, what was done isn't done again", async () => {
    let isBroken = true;
    let retrieved = 0;
    const agents = scriptedAgents({
      retrieve: () => answer({ usage: (retrieved += 1) }),
      assess: () => (isBroken ? broken() : answer({ score: 0.8 })),
    });
    const definition = flow(
      [
        agentStep("retrieve_data", "retrieve"),
        agentStep("assess", "assess", { after: ["retrieve_data"], retry: { ...once, max_attempts: 2 } }),
        agentStep("notify", "notify", { after: ["assess"], parameters: { to: "${customer.account_manager_email}" } }),
      ],
      { failure_notification: "${admin_email}" },
    );
    const { start, later, harness, engine, ends, until, untilEqual } = await open([definition], { agents });
    const id = await start();
    const attempts = async () => (await engine.execution({ executionId: id })).steps["assess"]?.attempts.length;
    await untilEqual(attempts, 1);
    await later(1_000);
    await untilEqual(attempts, 2);
    await ends(id, "failed");
    const { failure, steps } = await engine.report({ executionId: id });
    expect(failure).toBe("Agent.Unavailable: data_agent could not do assess: 503");
    expect(steps.map(({ status, skipped }) => [status, skipped])).toEqual([
      ["succeeded", null],
      ["failed", null],
      ["skipped", "upstream"],
    ]);
    await until(() => harness.world.card("failure").length === 1);
    expect(harness.world.card("failure")[0]).toMatchObject({
      stepId: "assess",
      failure: { error: "Agent.Unavailable" },
    });
    expect(harness.world.ofKind("email").map(({ effect }) => effect)).toMatchObject([{ to: "revops@example.com" }]);
    isBroken = false;
    expect(await engine.redrive({ executionId: id, person: outsider })).toMatchObject({ reason: "not_an_operator" });
    expect(await engine.redrive({ executionId: id, person: lead })).toMatchObject({
      kind: "recorded",
      restarts: ["assess", "notify"],
      keeps: ["retrieve_data"],
    });
    await ends(id, "succeeded", "completed");
    expect(retrieved).toBe(1);
    expect(harness.world.count(`${id}/notify/email`)).toBe(1);
    expect(await engine.redrive({ executionId: id, person: lead })).toMatchObject({ kind: "refused" });
  });

  test("a redrive from a chosen step, and with another input: what reads it starts again, what was sent stays sent", async () => {
    const definition = flow(
      [
        agentStep("retrieve_data", "noop", { parameters: { to: "${input.to}" } }),
        agentStep("beside", "noop"),
        agentStep("notify", "notify", { after: ["retrieve_data"], parameters: { to: "${retrieve_data.to}" } }),
      ],
      { input: { customer_id: text(), to: text("dana@example.com") } },
    );
    const { start, harness, engine, ends, untilEqual } = await open([definition]);
    const id = await start();
    await ends(id, "succeeded");
    const again = { kind: "recorded", restarts: ["retrieve_data", "notify"], keeps: ["beside"] };
    const input = { to: "second@example.com" };
    expect(await engine.redrive({ executionId: id, person: lead, input })).toMatchObject(again);
    const output = async () => (await engine.execution({ executionId: id })).steps["retrieve_data"]?.output;
    await untilEqual(output, input);
    await ends(id, "succeeded");
    const from = { executionId: id, person: lead, from: "notify" };
    expect(await engine.redrive(from)).toMatchObject({ kind: "recorded", restarts: ["notify"] });
    await ends(id, "succeeded");
    await expect(engine.redrive({ ...from, from: "notfy" })).rejects.toThrow("renewal has no step notfy.");
    expect(harness.world.ofKind("email")).toHaveLength(1);
  });

  test("each of a list in its place, one that fails by what it says, and nothing to do where nothing was done", async () => {
    const definition = flow([
      agentStep("each", "perhaps", {
        for_each: "${['a', 'no', 'c']}",
        parameters: { is: "${item}" },
        on_error: "continue",
        retry: once,
      }),
      agentStep("count", "noop", { after: ["each"], parameters: { all: "${each}" } }),
      agentStep("maybe", "notify", { when: "${customer.id = 'beta'}" }),
      agentStep("behind", "noop", { after: ["maybe"] }),
    ]);
    const { start, engine, ends } = await open([definition], { agents: scriptedAgents({ perhaps }) });
    const id = await start();
    await ends(id, "succeeded", "nothing_to_do");
    const { steps } = await engine.execution({ executionId: id });
    const failed = { error: "Agent.Unavailable", cause: "data_agent could not do perhaps: 503" };
    expect(steps["count"]?.output).toEqual({ all: [{ is: "a" }, failed, { is: "c" }] });
    expect([steps["maybe"]?.skipped, steps["behind"]?.skipped]).toEqual(["condition", "upstream"]);
  });

  test("a sub-flow waits for its approval, names its parent, and gives its outputs", async () => {
    const child = flow([agentStep("look", "retrieve"), approvalStep("approve", { after: ["look"] })], {
      flow_id: "child",
    });
    const parent = flow([
      flowStep("sub", "child", { input: { customer_id: "${customer.id}" } }),
      agentStep("last", "noop", { after: ["sub"], parameters: { usage: "${sub.outputs.look.usage}" } }),
    ]);
    const { start, engine, decide, ends, until, harness } = await open([parent, child]);
    const id = await start();
    await until(() => harness.world.card("approval").length === 1);
    const [found] = await engine.list({ flowId: "child", limit: 10 });
    const childId = found?.execution_id ?? "";
    expect(found).toMatchObject({ parent_id: id, status: "running" });
    expect((await engine.report({ executionId: childId })).startedBy).toContain(`the flow step sub of ${id}`);
    expect((await engine.report({ executionId: id })).header.waiting_for).toMatchObject([
      { kind: "flow", execution_id: childId },
    ]);
    expect(await decide(childId, { person: lead })).toMatchObject({ reason: "requester" });
    expect(await decide(childId)).toEqual({ kind: "recorded", ended: true });
    await ends(id, "succeeded", "completed");
    await ends(childId, "succeeded", "completed");
    const { steps } = await engine.execution({ executionId: id });
    expect(steps["sub"]?.output).toMatchObject({ execution_id: childId, outcome: "completed" });
    expect(steps["last"]?.output).toEqual({ usage: 0.4 });
  });

  test("a sub-flow that failed fails its step; the redrive of the parent redrives it", async () => {
    let isBroken = true;
    const agents = scriptedAgents({ assess: () => (isBroken ? broken() : answer({ score: 1 })) });
    const child = flow(
      [agentStep("look", "retrieve"), agentStep("assess", "assess", { after: ["look"], retry: once })],
      {
        flow_id: "child",
      },
    );
    const parent = flow([flowStep("sub", "child", { input: { customer_id: "${customer.id}" } })]);
    const { start, engine, ends } = await open([parent, child], { agents });
    const id = await start();
    await ends(id, "failed");
    expect((await engine.report({ executionId: id })).failure).toContain("Flow.Failed");
    isBroken = false;
    expect(await engine.redrive({ executionId: id, person: lead })).toMatchObject({
      kind: "recorded",
      restarts: ["sub"],
    });
    await ends(id, "succeeded", "completed");
    const children = await engine.list({ flowId: "child", limit: 10 });
    expect(children.map(({ status }) => status)).toEqual(["succeeded"]);
  });

  test("a sub-flow whose step runs out of time, or whose parent is aborted, is ended", async () => {
    const child = flow([approvalStep("approve")], { flow_id: "child" });
    const parent = flow([flowStep("sub", "child", { input: { customer_id: "${customer.id}" }, timeout_ms: hourMs })]);
    const { start, later, engine, ends, until, harness } = await open([parent, child]);
    const [late, aborted] = [await start(), await start({ input: { customer_id: "beta" } })];
    await until(() => harness.world.card("approval").length === 2);
    await engine.abort({ executionId: aborted, person: lead, compensate: false });
    await ends(aborted, "aborted");
    await later(hourMs);
    await ends(late, "failed");
    expect((await engine.report({ executionId: late })).failure).toContain("Step.Timeout");
    const children = async () => (await engine.list({ flowId: "child", limit: 10 })).map(({ status }) => status);
    await until(async () => (await children()).every((status) => status === "aborted"));
    expect(harness.world.card("approval").map(({ status }) => status)).toEqual(["withdrawn", "withdrawn"]);
  });

  test("a firing over customers: one message with its counts, who is running is left out, and it ends with the last", async () => {
    const customers = ["acme", "beta", "gamma", "delta"].map((id) =>
      customer(id, id === "delta" ? { renewal_date: "2027-06-01" } : {}),
    );
    const { start, fire, harness, engine, decide, until, untilEqual } = await open([renewalFlow()], {
      customers,
      fires: true,
    });
    const before = await start({ input: { customer_id: "gamma" } });
    await fire();
    const message = () => harness.world.card("batch")[0];
    const secondLater = () => harness.clock.moveTo(harness.clock.now() + 1_000);
    await untilEqual(async () => {
      secondLater();
      return message()?.counts.waiting_for_approval;
    }, 2);
    expect(message()).toMatchObject({
      matched: 3,
      total: 4,
      alreadyRunning: 1,
      started: 2,
      requestedBy: null,
      ended: false,
    });
    const { items } = await engine.waiting({ person: dana, batchId: message()?.batchId ?? "", offset: 0, limit: 10 });
    expect(
      items.map(({ header }) => header.customer_id).toSorted((one, other) => (one ?? "").localeCompare(other ?? "")),
    ).toEqual(["acme", "beta"]);
    for (const { header } of items) {
      const { startedBy } = await engine.report({ executionId: header.execution_id });
      expect(startedBy).toContain("schedule");
      expect(await decide(header.execution_id)).toEqual({ kind: "recorded", ended: true });
    }
    await until(async () => {
      secondLater();
      return message()?.ended === true;
    });
    expect(message()).toMatchObject({ started: 2, counts: { completed: 2, running: 0, failed: 0 } });
    expect((await engine.report({ executionId: before })).header).toMatchObject({ status: "running", batch_id: null });
  });

  test("out of time: the execution is over, says so on a card, and goes on when it is redriven", async () => {
    const definition = renewalFlow({ timeout_ms: 2 * hourMs });
    const { id, harness, later, engine, decide, ends, until, standing } = await asked(definition);
    await later(2 * hourMs);
    await later(60_000);
    await ends(id, "timed_out");
    expect(await decide(id)).toMatchObject({ kind: "refused", reason: "withdrawn" });
    await until(() => harness.world.card("failure").length === 1);
    expect(harness.world.card("failure")[0]?.failure).toEqual({
      error: "Step.Timeout",
      cause: "The flow's own timeout of 2 h has passed.",
    });
    expect(await engine.redrive({ executionId: id, person: lead })).toMatchObject({ kind: "recorded" });
    await until(() => standing()?.status === "pending");
    const { version = 0 } = standing() ?? {};
    expect(await decide(id, { version })).toEqual({ kind: "recorded", ended: true });
    await ends(id, "succeeded", "completed");
    expect(harness.world.effects).toHaveLength(3);
  });

  test("a wait takes its time, and what was done before a failure is taken back", async () => {
    const definition = flow([
      agentStep("first", "noop", {
        compensate: { agent: "execution_agent", action: "notify", parameters: { to: "dana@example.com" } },
      }),
      waitStep("cool_off", { after: ["first"], duration_ms: hourMs }),
      agentStep("second", "assess", { after: ["cool_off"], on_error: "compensate", retry: once }),
    ]);
    const { start, later, header, harness, engine, ends, untilEqual } = await open([definition], {
      agents: scriptedAgents({ assess: broken }),
    });
    const id = await start();
    await untilEqual(async () => (await engine.execution({ executionId: id })).steps["first"]?.status, "succeeded");
    await later(hourMs - 1_000);
    expect((await header(id)).status).toBe("running");
    await later(1_000);
    await ends(id, "failed");
    expect((await engine.execution({ executionId: id })).steps["first"]?.compensation?.status).toBe("succeeded");
    expect(harness.world.effects).toHaveLength(2);
  });

  test.each([
    ["arrived", "answer_lost", 1],
    ["send_again", "request_lost", 1],
  ] as const)("a mail of which nobody heard, and a person's word: %s", async (word, fault, mails) => {
    const { start, harness, engine, ends, until } = await open([seedFlow()]);
    harness.world.fault = ({ effect, times }) => (effect.kind === "email" && times === 1 ? { kind: fault } : null);
    const id = await start();
    await until(() => harness.world.card("doubt").length === 1);
    const { effectKey = "" } = harness.world.card("doubt")[0] ?? {};
    harness.world.fault = () => null;
    const answered = { effectKey, answer: word };
    expect(await engine.resolveDoubt({ ...answered, person: outsider })).toMatchObject({ kind: "refused" });
    expect(await engine.resolveDoubt({ ...answered, person: lead })).toMatchObject({ kind: "recorded" });
    await ends(id, "succeeded", "completed");
    expect(harness.world.ofKind("email")).toHaveLength(mails);
  });

  test("held until somebody's morning: sent then, once", async () => {
    const evening = Date.parse("2026-11-23T22:00:00Z");
    const { start, harness, header, ends, untilEqual } = await open([seedFlow()], {
      clock: new VirtualClock(evening),
      contacts: rules({
        keepsQuiet: true,
        workingTime: { quietHours: { from: 18 * 60, to: 8 * 60 }, holidays: noHolidays },
      }),
      zones: { "dana@example.com": "UTC" },
    });
    const id = await start();
    await untilEqual(async () => (await header(id)).waiting_for.map((one) => one.kind), ["held"]);
    expect(harness.world.effects.filter(({ key }) => key.startsWith(`${id}/notify`))).toEqual([]);
    await harness.moveTo(evening + 11 * hourMs);
    await ends(id, "succeeded", "completed");
    expect([harness.world.count(`${id}/notify/email`), harness.world.count(`${id}/notify/slack`)]).toEqual([1, 1]);
  });
});
