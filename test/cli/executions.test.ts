/** Does a line of the terminal start, show and change executions that only the running app drives? */
import { afterEach, beforeEach, expect, it } from "vitest";
import { lead } from "../engine/world.ts";
import { masked, rowsOf, sitDown, startBy, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

function start(...args: string[]): Promise<string> {
  return startBy(sitting, ...args);
}

it("a start is recorded and nothing of it runs until the app does", async () => {
  const { line, app } = sitting;
  const { code, out, err } = await line("run", "review", "Acme", "Robotics", "note=call first");
  expect({ code, err, out: masked(out) }).toEqual({
    code: 0,
    err: "",
    out: "Started review 1.0 for Acme Robotics: ID\nFollow it with npx revops status ID\n",
  });
  expect(rowsOf((await line("status")).out)).toEqual([
    "EXECUTION | FLOW | CUSTOMER | STATUS | STARTED (UTC)",
    "ID | review 1.0 | Acme Robotics | running | TIME",
  ]);
  const effects = await app(async ({ harness, engine }) => {
    expect(harness.world.card("approval")).toHaveLength(1);
    const [waiting] = (await engine.waiting({ person: lead, offset: 0, limit: 1 })).items;
    const executionId = waiting?.header.execution_id ?? "";
    const vote = {
      executionId,
      stepId: "approve",
      version: 1,
      person: lead,
      decision: "approve",
      reason: null,
    } as const;
    expect(await engine.decide(vote)).toEqual({ kind: "recorded", ended: true });
    await engine.idle();
    return harness.world.effects;
  });
  expect(effects).toMatchObject([{ effect: { kind: "slack_message", text: "Acme Robotics: call first" } }]);
  expect(rowsOf((await line("status", "acme")).out)[1]).toBe(
    "ID | review 1.0 | Acme Robotics | succeeded, completed | TIME",
  );
});

it("a batch is recorded with its count, and the app starts its executions", async () => {
  const { json, app, line } = sitting;
  expect(await json("run", "review")).toMatchObject({ flow_id: "review", matched: 2, total: 3 });
  expect((await line("status")).out).toBe("No execution is running.\n");
  await app();
  expect(await json("approvals")).toMatchObject({ total: 2 });
  expect(rowsOf((await line("approvals")).out)[0]).toBe(
    "EXECUTION | FLOW | CUSTOMER | STEP | WAITS FOR | SINCE (UTC) | EXPIRES",
  );
});

it("a second start about the same customer starts nothing, and the same key starts the same execution", async () => {
  const first = await start("review", "acme");
  expect(await sitting.json("run", "review", "acme")).toMatchObject({ started: false, execution_id: first });
  const tomorrow = "at=2100-01-01T00:00:00Z";
  const keyed = await start("meet", tomorrow, "--key", "w49");
  expect(await start("meet", tomorrow, "--key", "w49")).toBe(keyed);
  expect(await start("meet", tomorrow, "--key", "w50")).not.toBe(keyed);
});

it("an abort reaches an execution whose app is away, and one that an app holds", async () => {
  const parked = await start("review", "acme");
  await sitting.app();
  expect(await sitting.line("abort", parked)).toEqual({ code: 0, out: "Aborted 1 execution.\n", err: "" });
  expect(await sitting.json("status", parked)).toMatchObject({ executions: [{ status: "aborted", waiting_for: [] }] });
  const held = await start("review", "beta");
  await sitting.app(async ({ harness }) => {
    expect(await sitting.json("abort", held)).toEqual({ aborted: [held], refused: [] });
    await harness.moveTo(Date.now() + 1);
    const card = harness.world.card("approval").find((one) => one.executionId === held);
    expect(card).toMatchObject({ status: "withdrawn" });
  });
});

it("a second abort is refused with the reason and exit code 1", async () => {
  const executionId = await start("review", "acme");
  await sitting.line("abort", executionId);
  const { code, out, err } = await sitting.line("abort", executionId);
  expect({ code, out, err: masked(err) }).toEqual({
    code: 1,
    out: "",
    err: "ID: This execution has ended: it is aborted. Nothing changed.\n",
  });
});

it("what failed is redriven with another input, by the app, from what reads it", async () => {
  const { line, json, app } = sitting;
  const executionId = await start("meet", "at=never");
  await app();
  expect(await json("status", "meet", "--status", "failed")).toMatchObject({
    executions: [{ execution_id: executionId }],
  });
  expect(rowsOf((await line("status", executionId)).out)[2]).toMatch(/^Failed: /);
  expect(masked((await line("redrive", executionId, "at=2100-01-01T00:00:00Z")).out)).toBe(
    "Redriven ID.\n  starts again: until_then\n",
  );
  await app();
  expect(await json("status", executionId)).toMatchObject({
    executions: [{ status: "running", waiting_for: [{ kind: "wait", until: "2100-01-01T00:00:00+00:00" }] }],
  });
});

it("redrive says what it keeps, and from a step that there isn't the nearest one", async () => {
  const executionId = await start("review", "acme");
  await sitting.app();
  await sitting.line("abort", executionId);
  expect(await sitting.line("redrive", executionId, "--from", "aprove")).toMatchObject({
    code: 1,
    err: "review has no step aprove. Did you mean approve?\n",
  });
  expect(await sitting.json("redrive", executionId)).toEqual({
    redriven: [{ execution_id: executionId, restarts: ["approve", "tell"], keeps: ["retrieve_customer_data"] }],
    refused: [],
  });
});

it("a paused flow is shown as such, and resumed fires again", async () => {
  const { line, json } = sitting;
  expect(await line("pause", "review")).toEqual({ code: 0, out: "review is paused.\n", err: "" });
  expect((await line("flows")).out).toMatch(/^review +1\.0 +paused since /m);
  expect(await line("resume", "review")).toEqual({ code: 0, out: "review is resumed.\n", err: "" });
  expect(await json("flows")).toMatchObject({ flows: [{ flow_id: "meet" }, { flow_id: "review", paused: null }] });
});
