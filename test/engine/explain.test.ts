/** What is it waiting for, and why did it end so: asked of executions in every kind of wait and of every kind of end. */
import { describe, expect, test } from "vitest";
import type { ActionAnswer } from "../../src/agents/agent.ts";
import { RequestError } from "../../src/engine/engine.ts";
import type { Explanation } from "../../src/engine/explain.ts";
import { FailureError } from "../../src/flow/failure.ts";
import type { Step } from "../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "./flows.ts";
import { startHarness, type Harness, type HarnessOptions } from "./harness.ts";
import { answer, customer, scriptedAgents, type Script } from "./scripted-agents.ts";
import { dana, lead, second, World } from "./world.ts";

const manual = { triggers: [] };
const acme = { flowId: "renewal", input: { customer_id: "acme" }, person: null };
const broken: Script = () => {
  throw new FailureError({ error: "Input.Invalid", cause: "the CRM knows nothing" });
};
const never: Script = () => new Promise<ActionAnswer>(() => {});
const item: Script = ({ parameters }) => (parameters["n"] === 1 ? answer(1) : new Promise<ActionAnswer>(() => {}));
const unavailable: Script = () => {
  throw new FailureError({ error: "Agent.Unavailable", cause: "503, Authorization: Bearer abcdef123456" });
};

async function started(steps: Step[], options: Partial<HarnessOptions> = {}, isHeld = false) {
  const agents = scriptedAgents({ broken, never, unavailable });
  const harness = await startHarness({ flows: [flow(steps, manual)], agents, ...options });
  const { executionId } = await harness.engine.start(acme);
  if (isHeld) await new Promise((resolve) => setImmediate(resolve));
  else await harness.engine.idle();
  return { harness, executionId };
}

const ask = ({ engine }: Harness, executionId: string): Promise<Explanation> => engine.explain({ executionId });

async function decide(harness: Harness, executionId: string, decision: "approve" | "reject", stepId = "ask") {
  const vote = {
    executionId,
    stepId,
    version: 1,
    person: lead,
    decision,
    reason: decision === "reject" ? "too dear" : null,
  };
  expect(await harness.engine.decide(vote)).toMatchObject({ kind: "recorded" });
  await harness.engine.idle();
}

describe("while it runs", () => {
  test("an approval: whose, until when, and what then; what stands behind it names it alone", async () => {
    const steps = [
      agentStep("look", "noop"),
      approvalStep("ask", { after: ["look"], quorum: 2 }),
      agentStep("work", "noop", { after: ["look", "ask"] }),
      agentStep("last", "noop", { after: ["work"] }),
    ];
    const { harness, executionId } = await started(steps);
    const explanation = await ask(harness, executionId);
    const until = harness.clock.now() + 259_200_000;
    expect(explanation.steps).toMatchObject([
      {
        step_id: "ask",
        status: "waiting",
        waits_for: [{ kind: "approval", until, people: ["Dana Reyes", "a RevOps lead"] }],
      },
      { step_id: "work", status: "pending", waits_for: [{ kind: "dependency", steps: ["ask"] }] },
      { step_id: "last", status: "pending", waits_for: [{ kind: "dependency", steps: ["work"] }] },
    ]);
    expect(explanation.steps[0]?.waits_for[0]?.text).toBe(
      "Waits for a decision by Dana Reyes or a RevOps lead; 0 of 2 have approved. After Thu 26 Nov, 08:00 UTC it counts as not approved.",
    );
    expect(explanation.steps[1]?.waits_for[0]?.text).toBe(
      "Waits for ask, which waits for Dana Reyes or a RevOps lead.",
    );
    expect(explanation.summary).toMatch(/^1 of 4 steps have ended\. ask: Waits for a decision by Dana Reyes/);
    expect(explanation.reasons).toEqual([]);
  });

  test("an attempt that hangs: which, since when, until when; an optional dependency holds up like any other", async () => {
    const steps = [
      agentStep("look", "never", { timeout_ms: 30_000 }),
      agentStep("other", "noop"),
      agentStep("work", "noop", {
        depends_on: [
          { step: "look", optional: true },
          { step: "other", optional: false },
        ],
      }),
    ];
    const { harness, executionId } = await started(steps, {}, true);
    await expect.poll(async () => (await ask(harness, executionId)).steps.length).toBe(2);
    const { steps: open } = await ask(harness, executionId);
    const until = harness.clock.now() + 30_000;
    expect(open).toMatchObject([
      { step_id: "look", status: "running", waits_for: [{ kind: "attempt", until }] },
      { step_id: "work", waits_for: [{ kind: "dependency", steps: ["look"] }] },
    ]);
    expect(open[0]?.waits_for[0]?.text).toMatch(/^Attempt 1 has run since Mon 23 Nov, 08:00 UTC/);
  });

  test("a retry: what failed and when it goes on, without the secret in the failure", async () => {
    const { harness, executionId } = await started([agentStep("look", "unavailable")]);
    const [wait] = (await ask(harness, executionId)).steps[0]?.waits_for ?? [];
    expect(wait).toMatchObject({ kind: "retry", until: await harness.engine.nextDue() });
    expect(wait?.text).toMatch(
      /^Attempt 1 failed with Agent\.Unavailable: 503, Authorization: \[redacted\]\. The next begins/,
    );
  });

  test("a wait, a sub-flow and a doubt", async () => {
    const world = new World();
    world.fault = ({ effect }) => (effect.kind === "email" ? { kind: "answer_lost" } : null);
    const child = flow([approvalStep("ask")], { ...manual, flow_id: "child" });
    const steps = [waitStep("cool_off"), flowStep("onboard", "child"), agentStep("notify", "notify")];
    const { harness, executionId } = await started(steps, { world, flows: [flow(steps, manual), child] });
    const { items } = await harness.store.list({ filter: { parentId: executionId }, limit: 1 });
    const childId = items[0]?.execution_id ?? "no child";
    const { steps: open } = await ask(harness, executionId);
    expect(open).toMatchObject([
      { step_id: "cool_off", waits_for: [{ kind: "wait", until: harness.clock.now() + 3_600_000 }] },
      {
        step_id: "onboard",
        waits_for: [{ kind: "flow", execution_id: childId, people: ["Dana Reyes", "a RevOps lead"] }],
      },
      { step_id: "notify", status: "waiting", waits_for: [{ kind: "doubt", people: ["an operator"] }] },
    ]);
    expect(open[1]?.waits_for[0]?.text).toBe(
      `Waits for the execution ${childId} of child to end. There ask waits for a decision by Dana Reyes or a RevOps lead until Thu 26 Nov, 08:00 UTC.`,
    );
    expect(open[2]?.waits_for[0]?.text).toMatch(/^Nobody knows whether this arrived: mail to dana@example.com: s\./);
  });

  test("the queue: who holds the place, and how many stand before", async () => {
    const steps = [approvalStep("ask"), agentStep("work", "noop", { after: ["ask"] })];
    const definition = flow(steps, { ...manual, concurrency: { key: "all", limit: 1 } });
    const customers = ["acme", "beta", "gamma"].map((id) => customer(id));
    const harness = await startHarness({ flows: [definition], customers });
    const ids: string[] = [];
    for (const { id } of customers) {
      const { executionId } = await harness.engine.start({ ...acme, input: { customer_id: id } });
      ids.push(executionId);
    }
    await harness.engine.idle();
    const { steps: open, summary } = await ask(harness, ids[2] ?? "");
    expect(open).toMatchObject([
      { step_id: "ask", status: "pending", waits_for: [{ kind: "queue", execution_id: ids[0] }] },
      { step_id: "work", waits_for: [{ kind: "dependency", steps: ["ask"] }] },
    ]);
    expect(open[0]?.waits_for[0]?.text).toBe(
      `Has waited for its turn since Mon 23 Nov, 08:00 UTC: at most 1 of renewal for “all” runs at a time. ${ids[0]} (Customer acme) runs. 1 waits before it.`,
    );
    expect(summary).toContain("Has waited for its turn");
  });

  test("items: how many have ended, and what those under way wait for", async () => {
    const steps = [
      agentStep("each", "item", { for_each: "${[1, 2, 3, 4]}", max_concurrency: 2, parameters: { n: "${item}" } }),
      agentStep("work", "noop", { after: ["each"] }),
    ];
    const { harness, executionId } = await started(steps, { agents: scriptedAgents({ item }) }, true);
    await expect
      .poll(async () => (await ask(harness, executionId)).steps[0]?.waits_for.map(({ text }) => text))
      .toEqual([
        "1 of 4 items have ended, 2 under way, 1 not begun.",
        "Item 2: Attempt 1 has run since Mon 23 Nov, 08:00 UTC.",
        "Item 3: Attempt 1 has run since Mon 23 Nov, 08:00 UTC.",
      ]);
  });

  test("all is over but the mail about the failure", async () => {
    const world = new World();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.hold = () => promise;
    const definition = flow([agentStep("look", "broken")], { ...manual, failure_notification: "ops@example.com" });
    const { harness, executionId } = await started(definition.steps, { flows: [definition], world }, true);
    await expect
      .poll(async () => (await ask(harness, executionId)).summary)
      .toBe("1 of 1 step has ended. Word of the failure is being sent.");
    resolve();
    await harness.engine.idle();
    expect((await ask(harness, executionId)).status).toBe("failed");
  });

  test("taking back: what runs, and what comes after it", async () => {
    const undo = { agent: "data_agent" as const, action: "never", parameters: {} };
    const steps = [
      agentStep("one", "noop", { compensate: undo }),
      agentStep("two", "noop", { after: ["one"], compensate: undo }),
      agentStep("three", "broken", { after: ["two"], on_error: "compensate" }),
    ];
    const { harness, executionId } = await started(steps, {}, true);
    await expect.poll(async () => (await harness.engine.execution({ executionId })).compensating).not.toBeNull();
    await expect
      .poll(async () => (await ask(harness, executionId)).steps)
      .toMatchObject([
        { step_id: "one", status: "succeeded", waits_for: [{ kind: "compensation", steps: ["two"] }] },
        { step_id: "two", status: "succeeded", waits_for: [{ kind: "compensation" }, { kind: "attempt" }] },
      ]);
    expect((await ask(harness, executionId)).summary).toMatch(/^A step failed; what was done is taken back/);
  });

  test("an approval that is late, and one that has been handed over", async () => {
    const escalate = { after_ms: null, to: ["user:USECOND"] };
    const { harness, executionId } = await started([approvalStep("ask", { on_timeout: "escalate", escalate })]);
    const text = async () => (await ask(harness, executionId)).steps[0]?.waits_for[0]?.text;
    expect(await text()).toMatch(/After Thu 26 Nov, 08:00 UTC it goes to Kim Second\.$/);
    await harness.moveTo(harness.clock.now() + 259_200_000);
    expect(await text()).toMatch(
      /^Waits for a decision by Kim Second\. After Sun 29 Nov, 08:00 UTC it counts as not approved\.$/,
    );
  });
});

describe("after its end", () => {
  test("rejected: by whom and why, and what was skipped for it, however far behind", async () => {
    const steps = [
      approvalStep("ask"),
      agentStep("notify", "notify", { after: ["ask"] }),
      agentStep("book", "book", { after: ["notify"] }),
    ];
    const { harness, executionId } = await started(steps);
    await decide(harness, executionId, "reject");
    const { steps: open, reasons } = await ask(harness, executionId);
    expect(open).toEqual([]);
    expect(reasons).toMatchObject([
      { kind: "rejected", step_id: "ask", text: "Morgan Lee rejected ask Mon 23 Nov, 08:00 UTC, because: too dear." },
      { kind: "skipped", step_id: "notify", because: ["ask"] },
      { kind: "skipped", step_id: "book", because: ["notify", "ask"] },
    ]);
    expect(reasons[2]?.text).toBe(
      "book was skipped (by way of notify): Morgan Lee rejected ask Mon 23 Nov, 08:00 UTC, because: too dear.",
    );
  });

  test("expired: nobody decided", async () => {
    const { harness, executionId } = await started([
      approvalStep("ask"),
      agentStep("work", "noop", { after: ["ask"] }),
    ]);
    await harness.moveTo(harness.clock.now() + 259_200_000);
    expect((await ask(harness, executionId)).reasons).toMatchObject([
      { kind: "expired", text: "Nobody decided ask by Thu 26 Nov, 08:00 UTC." },
      { kind: "skipped", step_id: "work", because: ["ask"] },
    ]);
  });

  test("failed: the step that decided it first, though another one failed too and the flow went on after that", async () => {
    const steps = [
      agentStep("optional", "broken", { on_error: "continue" }),
      agentStep("look", "broken"),
      agentStep("work", "noop", { after: ["look"] }),
    ];
    const { harness, executionId } = await started(steps);
    expect((await ask(harness, executionId)).reasons.map(({ kind, text }) => [kind, text])).toEqual([
      ["failed", "look failed: Input.Invalid: the CRM knows nothing."],
      ["continued", "optional failed: Input.Invalid: the CRM knows nothing. The flow goes on after that."],
      ["skipped", "work was skipped: look failed with Input.Invalid: the CRM knows nothing."],
    ]);
  });

  test("nothing to do: the condition in the flow's own words", async () => {
    const steps = [agentStep("look", "noop", { when: "${1 > 2}" }), agentStep("work", "noop", { after: ["look"] })];
    const { harness, executionId } = await started(steps);
    const { reasons, summary } = await ask(harness, executionId);
    expect(reasons.map(({ text }) => text)).toEqual([
      "There was nothing to do: the condition of look was not met, and nothing was sent.",
      "look was skipped because its condition was not met: ${1 > 2}.",
      "work was skipped: look was skipped because its condition was not met.",
    ]);
    expect(summary).toBe("Ended Mon 23 Nov, 08:00 UTC after 0 s: 0 of 2 steps succeeded, 2 were skipped.");
  });

  test("aborted: by whom, and what was taken back", async () => {
    const undo = { agent: "data_agent" as const, action: "noop", parameters: {} };
    const steps = [agentStep("one", "noop", { compensate: undo }), approvalStep("ask", { after: ["one"] })];
    const { harness, executionId } = await started(steps);
    await harness.engine.abort({ executionId, person: lead, compensate: true });
    await harness.engine.idle();
    expect((await ask(harness, executionId)).reasons).toMatchObject([
      { kind: "aborted", step_id: null, text: expect.stringMatching(/^Morgan Lee aborted it/) },
      { kind: "compensated", step_id: "one" },
      { kind: "aborted", step_id: "ask", text: "ask was withdrawn." },
    ]);
  });

  test("timed out: the flow's own time, and what was cut off", async () => {
    const harness = await startHarness({ flows: [flow([approvalStep("ask")], { ...manual, timeout_ms: 86_400_000 })] });
    const { executionId } = await harness.engine.start(acme);
    await harness.engine.idle();
    expect((await ask(harness, executionId)).summary).toContain("may take until Tue 24 Nov, 08:00 UTC");
    await harness.moveTo(harness.clock.now() + 86_400_000);
    expect((await ask(harness, executionId)).reasons).toMatchObject([
      { kind: "timed_out", step_id: null, text: "The flow's own timeout of 1 day has passed." },
      { kind: "timed_out", step_id: "ask" },
    ]);
  });

  test("all went well: that is said too", async () => {
    const { harness, executionId } = await started([agentStep("look", "noop")]);
    expect((await ask(harness, executionId)).reasons).toMatchObject([
      { kind: "done", step_id: null, text: "It ran to its end: its step has ended." },
    ]);
  });
});

test("an execution that doesn't exist: the nearest id is told", async () => {
  const { harness, executionId } = await started([agentStep("look", "noop")]);
  const wrong = `${executionId.slice(0, -1)}~`;
  const asked = harness.engine.explain({ executionId: wrong });
  await expect(asked).rejects.toThrow(new RequestError(`There is no execution ${wrong}.`, executionId));
});

test("a requester who is among the approvers is told apart", async () => {
  const harness = await startHarness({
    flows: [flow([approvalStep("ask", { approvers: ["dana@example.com", "user:USECOND"] })], manual)],
  });
  const { executionId } = await harness.engine.start({ ...acme, person: dana });
  await harness.engine.idle();
  const [wait] = (await ask(harness, executionId)).steps[0]?.waits_for ?? [];
  expect(wait?.people).toContain(second.name);
  expect(wait?.text).toContain("Whoever started it does not decide.");
});
