/**
 * What only Step Functions can do to an execution: answers that are lost, rights that are missing, throttling, outages, limits,
 * machines that are changed or deleted under it. What people see is the same on both engines: contract.long.ts.
 */
import { DeleteStateMachineCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, expect, test } from "vitest";
import { agentStep, approvalStep, flow, renewalFlow, seedFlow } from "../../engine/flows.ts";
import type { HarnessOptions } from "../../engine/harness.ts";
import { answer, scriptedAgents } from "../../engine/scripted-agents.ts";
import { lead } from "../../engine/world.ts";
import { machineArn } from "../../stepfunctions/interpreter/machines.ts";
import { once, openStage, type Stage } from "./stage.ts";
import { deploy } from "./world.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

const lacks = (what: string, action: string) =>
  `Step Functions could not be asked to ${what} (states:${action}): User: bot is not authorized to perform: states:${action}. The bot's role lacks this right; once it has it, this goes on by itself.`;
const big = () => answer({ text: "x".repeat(200_000) });

let opened: Stage | null = null;

afterEach(async () => {
  await opened?.close();
  opened = null;
});

async function open(options: HarnessOptions & { deploys?: boolean }) {
  opened = await openStage("stepfunctions", options);
  const { followed, engine } = opened;
  if (followed === null) throw new Error("It follows nothing.");
  const { server, client } = followed;
  return {
    ...opened,
    followed,
    server,
    client,
    executions: () => server.service.executions.all(),
    machines: () => server.service.executions.all().map(({ name, status }) => [name, status]),
    calls: (action: string) => server.calls.get(action) ?? 0,
    unheard: async (executionId: string) => (await engine.report({ executionId })).unheard ?? null,
    told: async (executionId: string) => (await engine.history({ executionId })).lines.map(({ text }) => text),
  };
}

async function asked(options: Partial<HarnessOptions> = {}) {
  const all = await open({ flows: [renewalFlow()], ...options });
  const id = await all.start();
  await all.until(() => all.harness.world.card("approval").length > 0);
  const stop = () => all.client.send(new StopExecutionCommand({ executionArn: all.executions()[0]?.arn ?? "" }));
  const standing = () => all.harness.world.card("approval")[0];
  return { ...all, id, stop, standing };
}

/** As a person presses the card's button. */
async function approved({ id, until, standing, decide }: Awaited<ReturnType<typeof asked>>): Promise<void> {
  await until(() => standing()?.status === "pending" && standing()?.execution.status === "running");
  expect(await decide(id, { version: standing()?.version ?? 0 })).toEqual({ kind: "recorded", ended: true });
}

test.each(["StartExecution", "SendTaskSuccess"])(
  "the answer to %s was lost: told again, it counts once",
  async (action) => {
    const all = await open({ flows: [renewalFlow()] });
    all.server.faults.loseAnswers({ action, next: 1 });
    const id = await all.start({ startKey: "key" });
    expect(await all.start({ startKey: "key" })).toBe(id);
    await all.until(() => all.harness.world.card("approval").length === 1);
    await all.decide(id);
    await all.later(minuteMs);
    await all.ends(id, "succeeded", "completed");
    expect(all.machines()).toEqual([[id, "SUCCEEDED"]]);
    expect(all.harness.world.effects).toHaveLength(3);
  },
);

test("throttled starts: durable, said, held back together until the service's own instant, and then they go on", async () => {
  const { start, ends, header, engine, server, calls, harness, unheard, told } = await open({ flows: [seedFlow()] });
  server.faults.throttle({ action: "StartExecution", next: 2, retryAfter: 30 });
  const [one, other] = [await start(), await start({ input: { customer_id: "beta" } })];
  await engine.idle();
  const looks = async (ms: number) => {
    harness.clock.moveTo(harness.clock.now() + ms);
    await engine.tick();
    await engine.idle();
  };
  for (let look = 0; look < 14; look += 1) await looks(2_000);
  expect(calls("StartExecution")).toBe(2);
  for (const id of [one, other]) {
    expect((await header(id)).waiting_for).toMatchObject([{ kind: "queue" }]);
    expect(await unheard(id)).toBe("Step Functions takes no more requests at the moment: Rate exceeded.");
  }
  expect((await engine.explain({ executionId: one })).summary).toContain("takes no more requests");
  await looks(3_000);
  await ends(one, "succeeded");
  await ends(other, "succeeded");
  expect(calls("StartExecution")).toBe(4);
  const said = (await told(one)).filter((line) => line.includes("takes no more requests"));
  expect(said).toHaveLength(1);
  expect(await unheard(one)).toBeNull();
});

test("away for minutes while somebody decides: less and less is asked of it, and then it goes on", async () => {
  const all = await asked();
  const { id, server, harness, engine, calls, decide, ends, unheard } = all;
  server.faults.failService({ next: Infinity });
  expect(await decide(id)).toEqual({ kind: "recorded", ended: true });
  for (let look = 0; look < 150; look += 1) {
    harness.clock.moveTo(harness.clock.now() + 2_000);
    await engine.tick();
    await engine.idle();
  }
  expect(calls("SendTaskSuccess") + calls("ListExecutions")).toBeLessThan(40);
  expect(await unheard(id)).toBe("Step Functions can't be reached: Service is unavailable.");
  server.faults.recover();
  harness.clock.moveTo(harness.clock.now() + minuteMs);
  await ends(id, "succeeded", "completed");
  expect(harness.world.effects).toHaveLength(3);
});

test("without the right to start, or a machine: it fails with what to do, and its card offers Redrive", async () => {
  const { harness, start, ends, server, engine, until, followed } = await open({ flows: [seedFlow()], deploys: false });
  server.faults.deny("StartExecution");
  const id = await start();
  await ends(id, "failed");
  const cause = () => harness.world.card("failure")[0]?.failure.cause;
  expect(cause()).toContain("its role needs states:StartExecution on arn:aws:states:");
  server.faults.allow("StartExecution");
  await engine.redrive({ executionId: id, person: lead });
  await until(() => cause()?.includes("Deploy the flow (npx revops deploy)") === true);
  await ends(id, "failed");
  await deploy(followed, seedFlow());
  await engine.redrive({ executionId: id, person: lead });
  await ends(id, "succeeded");
});

test("without the right to answer or to stop: said where people look, and done once the right is there", async () => {
  const all = await asked();
  const { id, server, harness, decide, engine, ends, untilEqual, unheard, start, machines } = all;
  server.faults.deny("SendTaskSuccess");
  await decide(id);
  await untilEqual(() => unheard(id), lacks("take an answer", "SendTaskSuccess"));
  server.faults.allow("SendTaskSuccess");
  harness.clock.moveTo(harness.clock.now() + minuteMs);
  await ends(id, "succeeded", "completed");
  const other = await start();
  await all.until(() => harness.world.card("approval").length === 2);
  server.faults.deny("StopExecution");
  await engine.abort({ executionId: other, person: lead, compensate: false });
  await untilEqual(() => unheard(other), lacks("stop it", "StopExecution"));
  expect(machines().at(-1)).toEqual([other, "RUNNING"]);
  server.faults.allow("StopExecution");
  harness.clock.moveTo(harness.clock.now() + minuteMs);
  await untilEqual(async () => machines().at(-1), [other, "ABORTED"]);
});

test.each([
  ["DescribeExecution", "look at executions"],
  ["RedriveExecution", "redrive executions"],
])("without the right to %s, a redrive says so", async (action, what) => {
  const all = await asked();
  const { id, harness, server, engine, ends, stop } = all;
  await stop();
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await ends(id, "aborted");
  server.faults.deny(action);
  await engine.redrive({ executionId: id, person: lead });
  await ends(id, "failed");
  const { failure } = await engine.report({ executionId: id });
  expect(failure).toContain(`AWS doesn't let the bot ${what}: its role needs states:${action} on arn:aws:states:`);
  server.faults.allow(action);
  await engine.redrive({ executionId: id, person: lead });
  await approved(all);
  await ends(id, "succeeded", "completed");
});

test.each(["ListExecutions", "DescribeExecution"])(
  "without the right to %s, ends from outside are told of later",
  async (action) => {
    const { id, harness, server, until, ends, stop } = await asked();
    server.faults.deny(action);
    await stop();
    harness.clock.moveTo(harness.clock.now() + 31_000);
    await until(() => harness.logged.some((line) => line.includes(`(states:${action})`)));
    server.faults.allow(action);
    harness.clock.moveTo(harness.clock.now() + 31_000);
    await ends(id, "aborted");
    expect(harness.world.effects).toEqual([]);
  },
);

test("stopped from outside among others: one list, one question, and a late click is told the truth", async () => {
  const all = await asked();
  const { id, harness, start, stop, calls, decide, ends, until } = all;
  await start({ input: { customer_id: "beta" } });
  await until(() => harness.world.card("approval").length === 2);
  await stop();
  const before = [calls("ListExecutions"), calls("DescribeExecution")];
  // The service no longer waits for it, and nobody knows yet.
  expect(await decide(id)).toEqual({ kind: "recorded", ended: true });
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await ends(id, "aborted");
  expect([calls("ListExecutions"), calls("DescribeExecution")].map((now, index) => now - (before[index] ?? 0))).toEqual(
    [1, 1],
  );
  expect(await decide(id)).toMatchObject({ kind: "refused", reason: "already_decided" });
  const answered = (await harness.log(id))
    .flatMap(({ events }) => events)
    .filter(({ type }) => type === "token_answered");
  expect(answered).toMatchObject([{ late: true }]);
  expect(harness.world.effects).toEqual([]);
});

test("out of time, then redriven: the same execution goes on, though the answer to it was lost", async () => {
  const all = await asked({ flows: [renewalFlow({ timeout_ms: 120 * minuteMs })] });
  const { id, server, later, engine, ends, calls, machines, executions } = all;
  await later(121 * minuteMs);
  await ends(id, "timed_out");
  server.faults.loseAnswers({ action: "RedriveExecution", next: 1 });
  const recorded = await engine.redrive({ executionId: id, person: lead });
  expect(recorded).toMatchObject({ kind: "recorded", restarts: ["approve", "notify", "book"] });
  expect(recorded).not.toHaveProperty("note");
  await later(minuteMs);
  await approved(all);
  await ends(id, "succeeded", "completed");
  expect(machines()).toEqual([[id, "SUCCEEDED"]]);
  expect([executions()[0]?.redriveCount, calls("RedriveExecution"), calls("StartExecution")]).toEqual([1, 1, 1]);
});

test("redriven after the fortnight: another execution over the same log, and the history says which", async () => {
  const all = await asked();
  const { id, harness, stop, engine, ends, machines, told, calls } = all;
  await stop();
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await ends(id, "aborted");
  harness.clock.moveTo(harness.clock.now() + 15 * dayMs);
  await engine.redrive({ executionId: id, person: lead });
  await approved(all);
  await ends(id, "succeeded", "completed");
  expect(machines()).toEqual([
    [id, "ABORTED"],
    [`${id}_redrive1`, "SUCCEEDED"],
  ]);
  expect(calls("RedriveExecution")).toBe(0);
  expect(await told(id)).toContain(`Step Functions runs it as ${id}_redrive1.`);
});

test("redriven before the service had heard of the abort: what runs is stopped first", async () => {
  const all = await asked();
  const { id, harness, server, engine, ends, untilEqual, unheard, machines, calls } = all;
  server.faults.deny("StopExecution");
  const refused = await engine.abort({ executionId: id, person: lead, compensate: true });
  expect(refused).toMatchObject({ kind: "refused", message: expect.stringContaining("can't take back what was done") });
  await engine.abort({ executionId: id, person: lead, compensate: false });
  await untilEqual(async () => (await unheard(id)) !== null, true);
  server.faults.allow("StopExecution");
  await engine.redrive({ executionId: id, person: lead });
  harness.clock.moveTo(harness.clock.now() + minuteMs);
  await approved(all);
  await ends(id, "succeeded", "completed");
  expect(machines()).toEqual([[id, "SUCCEEDED"]]);
  expect([calls("StopExecution"), calls("RedriveExecution")]).toEqual([2, 1]);
});

test("a step that failed, a chosen step, another input: another execution, and the answer says so", async () => {
  let isBroken = true;
  const agents = scriptedAgents({
    assess: () => {
      if (isBroken) throw new Error("503");
      return answer({ score: 0.8 });
    },
  });
  const definition = flow([
    agentStep("retrieve_data", "retrieve"),
    agentStep("assess", "assess", { after: ["retrieve_data"], retry: once }),
  ]);
  const { start, engine, ends, until, machines } = await open({ flows: [definition], agents });
  const id = await start();
  await ends(id, "failed");
  await engine.redrive({ executionId: id, person: lead });
  await until(() => machines().length === 2);
  await ends(id, "failed");
  isBroken = false;
  await engine.redrive({ executionId: id, person: lead });
  await ends(id, "succeeded");
  expect(await engine.redrive({ executionId: id, person: lead, from: "assess" })).toMatchObject({
    note: `Step Functions can't redrive from a chosen step, so it starts ${id}_redrive3, which goes on with this history.`,
  });
  await ends(id, "succeeded");
  await until(() => machines().length === 4);
  expect(machines().map(([name]) => name)).toEqual([id, `${id}_redrive1`, `${id}_redrive2`, `${id}_redrive3`]);
});

test("a machine changed under a running execution: that one ends as it began, the next begins as it is", async () => {
  const all = await asked();
  const changed = renewalFlow({ version: "2.0", steps: [agentStep("only", "noop")] });
  await deploy(all.followed, changed);
  await approved(all);
  await all.ends(all.id, "succeeded", "completed");
  expect(all.harness.world.effects).toHaveLength(3);
  // The bot has yet to learn of the new one: its start is refused by name, and after a deployment the redrive goes well.
  const next = await all.start();
  await all.until(() => all.machines().at(-1)?.[1] === "FAILED");
  await all.later(31_000);
  await all.ends(next, "failed");
  expect((await all.engine.report({ executionId: next })).failure).toMatch(
    /^Flow.Failed: The machine of renewal is of the definition \w{12}, and .* was started with \w{12}\. Deploy the flows/,
  );
  await deploy(all.followed, renewalFlow());
  await all.engine.redrive({ executionId: next, person: lead });
  await all.until(() => all.harness.world.card("approval").some(({ executionId }) => executionId === next));
  await all.decide(next);
  await all.ends(next, "succeeded", "completed");
});

test("a machine deleted under a running execution: said, and once there is one again it may be redriven", async () => {
  const all = await asked();
  const { id, client, harness, followed, engine, decide, ends, until, untilEqual, unheard, machines } = all;
  await client.send(new DeleteStateMachineCommand({ stateMachineArn: machineArn("revops-renewal") }));
  await decide(id);
  await until(() => machines()[0]?.[1] !== "RUNNING");
  harness.clock.moveTo(harness.clock.now() + 11 * minuteMs);
  await untilEqual(
    async () => (await unheard(id))?.slice(0, 76),
    `There is no state machine ${machineArn("revops-renewal")} any more: it was`.slice(0, 76),
  );
  expect((await all.header(id)).status).toBe("running");
  await deploy(followed, renewalFlow());
  harness.clock.moveTo(harness.clock.now() + minuteMs);
  await ends(id, "failed");
  expect((await engine.report({ executionId: id })).failure).toContain("its state machine was deleted while it ran");
  await engine.redrive({ executionId: id, person: lead });
  await ends(id, "succeeded", "completed");
  expect(machines().at(-1)).toEqual([`${id}_redrive1`, "SUCCEEDED"]);
});

test("inputs and outputs above 256 KiB: one is refused before the service is asked, the other fails its step", async () => {
  const text = { type: "string", enum: null, default: null, description: null } as const;
  const definition = seedFlow({
    input: { customer_id: { ...text, required: true }, note: { ...text, required: false } },
  });
  const agents = scriptedAgents({ retrieve: () => answer({ text: "x".repeat(300_000) }) });
  const { start, ends, engine, calls } = await open({ flows: [definition], agents });
  const id = await start({ input: { note: "x".repeat(300_000) } });
  await ends(id, "failed");
  expect((await engine.report({ executionId: id })).failure).toContain("takes at most 256 KiB");
  expect(calls("StartExecution")).toBe(0);
  const other = await start();
  await ends(other, "failed");
  const { failure, steps } = await engine.report({ executionId: other });
  expect(failure).toContain("Agent.InvalidOutput: The output of retrieve_data is 293 KiB");
  expect(steps.map(({ status }) => status)).toEqual(["failed", "skipped", "skipped", "skipped"]);
});

test("outputs above 256 KiB together: the service ends it past all that is caught, and the step that broke is named", async () => {
  const definition = flow([
    agentStep("one", "retrieve"),
    agentStep("other", "retrieve"),
    agentStep("last", "noop", { after: ["one", "other"] }),
  ]);
  const { start, harness, ends, engine, until, server } = await open({
    flows: [definition],
    agents: scriptedAgents({ retrieve: big }),
  });
  const id = await start();
  server.faults.deny("GetExecutionHistory");
  await until(async () => server.service.executions.all()[0]?.status === "FAILED");
  harness.clock.moveTo(harness.clock.now() + 31_000);
  await ends(id, "failed");
  const { failure, steps } = await engine.report({ executionId: id });
  expect(failure).toContain("Agent.InvalidOutput");
  expect(steps.map(({ status }) => status)).toEqual(["succeeded", "succeeded", "failed"]);
});

test("an answer above 256 KiB fails the approval by name, and nothing of it is sent", async () => {
  const agents = scriptedAgents({ retrieve: () => answer({ note: "short" }) });
  const definition = flow([
    agentStep("retrieve_data", "retrieve"),
    approvalStep("approve", { after: ["retrieve_data"], editable: [{ step: "retrieve_data", field: "note" }] }),
    agentStep("notify", "notify", { after: ["approve"] }),
  ]);
  const { id, engine, server, decide, ends, until, standing, unheard, untilEqual, harness } = await asked({
    flows: [definition],
    agents,
  });
  const reference = {
    executionId: id,
    stepId: "approve",
    version: 1,
    person: { user_id: "UDANA", email: "dana@example.com", name: "Dana Reyes" },
  };
  const edits = [{ step: "retrieve_data", field: "note", value: "x".repeat(270_000) }];
  expect(await engine.edit({ ...reference, edits })).toEqual({ kind: "edited", version: 2 });
  await until(() => standing()?.version === 2);
  server.faults.deny("SendTaskFailure");
  await decide(id, { version: 2 });
  await untilEqual(async () => (await unheard(id))?.includes("(states:SendTaskFailure)") ?? false, true);
  server.faults.allow("SendTaskFailure");
  harness.clock.moveTo(harness.clock.now() + minuteMs);
  await ends(id, "failed");
  expect((await engine.report({ executionId: id })).failure).toMatch(
    /^Agent.InvalidOutput: The answer of approve is \d+ KiB/,
  );
  expect(harness.world.effects).toEqual([]);
});
