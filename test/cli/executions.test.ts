/** Does a line of the terminal start, show and change executions that only the running app drives? */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { lead } from "../engine/world.ts";
import { sitDown, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

const Started = z.object({ started: z.boolean(), execution_id: z.string() });

async function start(...args: string[]): Promise<string> {
  return Started.parse(await sitting.json("run", ...args)).execution_id;
}

/** In every zone and at every time of day. */
function masked(text: string): string {
  return text
    .replaceAll(/\b[0-9a-z]{9}-[0-9a-f]{12}\b/g, "ID")
    .replaceAll(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?/g, "TIME")
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, "LENGTH");
}

/** As `column -t` would leave it: widths change with the masks. */
function rows(text: string): string[] {
  return masked(text)
    .trimEnd()
    .split("\n")
    .map((row) => row.replaceAll(/ {2,}/g, " | "));
}

it("a start is recorded and nothing of it runs until the app does", async () => {
  const { line, app } = sitting;
  const { code, out, err } = await line("run", "review", "Acme", "Robotics", "note=call first");
  expect({ code, err, out: masked(out) }).toEqual({
    code: 0,
    err: "",
    out: "Started review 1.0 for Acme Robotics: ID\nFollow it with npx revops status ID\n",
  });
  expect(rows((await line("status")).out)).toEqual([
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
  expect(rows((await line("status", "acme")).out)[1]).toBe(
    "ID | review 1.0 | Acme Robotics | succeeded, completed | TIME",
  );
});

it("status has the document that programs rely on", async () => {
  const executionId = await start("review", "acme");
  await sitting.app();
  expect(await sitting.json("status")).toMatchObject({
    executions: [
      {
        execution_id: executionId,
        flow_id: "review",
        customer_id: "acme",
        status: "running",
        outcome: null,
        waiting_for: [
          {
            kind: "approval",
            step_id: "approve",
            people: ["a RevOps lead"],
            since: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?\+00:00$/),
          },
        ],
      },
    ],
  });
});

it("status of one execution shows each step, and times in the zone that is set", async () => {
  const executionId = await start("review", "acme");
  await sitting.app();
  sitting.environment["REVOPS_TIMEZONE"] = "Asia/Tokyo";
  expect(rows((await sitting.line("status", executionId)).out)).toEqual([
    "review 1.0 · Acme Robotics · running",
    "ID, started by a program TIME",
    "Waits for approve: a RevOps lead, until TIME",
    "",
    "STEP | KIND | STATUS | STARTED (Asia/Tokyo) | TOOK",
    "retrieve_customer_data | data_agent | succeeded | TIME | LENGTH",
    expect.stringMatching(/^approve \| approval \| waiting \| TIME \| a RevOps lead$/),
    "tell | execution_agent send_slack_message | pending",
  ]);
  const document = JSON.stringify(await sitting.json("status", executionId));
  expect(document).toMatch(/"started_at":"[^"]+\+09:00"/);
});

it("a batch is recorded with its count, and the app starts its executions", async () => {
  const { json, app, line } = sitting;
  expect(await json("run", "review")).toMatchObject({ flow_id: "review", matched: 2, total: 3 });
  expect((await line("status")).out).toBe("No execution is running.\n");
  await app();
  expect(await json("approvals")).toMatchObject({ total: 2 });
  expect(rows((await line("approvals")).out)[0]).toBe(
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
  expect(rows((await line("status", executionId)).out)[2]).toMatch(/^Failed: /);
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

it("explain says whose word is missing", async () => {
  const executionId = await start("review", "acme");
  await sitting.app();
  const { out } = await sitting.line("explain", executionId);
  expect(out).toContain("Waits for a decision by a RevOps lead.");
  expect(await sitting.json("explain", executionId)).toMatchObject({
    execution_id: executionId,
    steps: [{ step_id: "approve", waits_for: [{ kind: "approval", until: expect.stringMatching(/\+00:00$/) }] }, {}],
  });
});

it("history tells line by line what happened, with values where they are asked for", async () => {
  const executionId = await start("review", "acme", "note=call first");
  await sitting.app();
  const { out } = await sitting.line("history", executionId);
  const [title, blank, ...lines] = masked(out).trimEnd().split("\n");
  expect([title, blank]).toEqual(["review 1.0 · Acme Robotics · running · ID", ""]);
  expect(lines.every((line) => line.startsWith("TIME  "))).toBe(true);
  expect(out).toContain("retrieve_customer_data succeeded");
  expect(out).not.toContain("call first");
  expect((await sitting.line("history", executionId, "--values")).out).toMatch(/^ {4}in: .*"note":"call first"/m);
  expect(await sitting.json("history", executionId)).toMatchObject({
    execution_id: executionId,
    lines: [
      { at: expect.stringMatching(/\+00:00$/), input: { note: "call first", customer_id: "acme" } },
      {},
      {},
      {},
      {},
    ],
  });
  expect(rows((await sitting.line("history", "review")).out)).toEqual([
    "EXECUTION | FLOW | CUSTOMER | STATUS | STARTED (UTC) | TOOK",
    "ID | review 1.0 | Acme Robotics | running | TIME | LENGTH",
  ]);
});

it("metrics count per flow and step, of one flow or of all, since when they are asked", async () => {
  await start("review", "acme");
  await start("meet", "at=never");
  await sitting.app();
  const { out } = await sitting.line("metrics");
  expect(rows(out)).toEqual([
    "2 executions since TIME",
    "",
    "FLOW | COUNT | RUNNING | SUCCEEDED | FAILED | SUCCESS | P50 | P95 | UNDECIDED",
    expect.stringMatching(/^meet \| +1 \| +0 \| +0 \| +1 \| +0 % \| /),
    expect.stringMatching(/^review \| +1 \| +1 \| +0 /),
  ]);
  expect((await sitting.line("metrics", "review")).out).toMatch(/^approve +1 +1 +0 /m);
  expect(await sitting.json("metrics", "--since", "2026-01-01")).toMatchObject({
    since: "2026-01-01T00:00:00+00:00",
    executions: 2,
    flows: [
      { flow_id: "meet", count: 1, failed: 1 },
      { flow_id: "review", running: 1, approvals: { waiting: 1 } },
    ],
  });
  expect((await sitting.line("metrics", "--since", "2100-01-01")).out).toMatch(/^0 executions since /);
  expect((await sitting.line("metrics", "--since", "soon")).code).toBe(2);
});

it("a paused flow is shown as such, and resumed fires again", async () => {
  const { line, json } = sitting;
  expect(await line("pause", "review")).toEqual({ code: 0, out: "review is paused.\n", err: "" });
  expect((await line("flows")).out).toMatch(/^review +1\.0 +paused since /m);
  expect(await line("resume", "review")).toEqual({ code: 0, out: "review is resumed.\n", err: "" });
  expect(await json("flows")).toMatchObject({ flows: [{ flow_id: "meet" }, { flow_id: "review", paused: null }] });
});

it("what has changed between two versions of a flow is told", async () => {
  const { line, folder, json } = sitting;
  await start("meet", "at=2100-01-01T00:00:00Z");
  expect(await line("flows", "meet", "--diff")).toMatchObject({ code: 1, err: "meet has one version only.\n" });
  const changed = 'flow_id: meet\nversion: "1.1"\nsteps:\n  - { id: until_then, type: wait, duration: P1D }\n';
  await writeFile(join(folder, "flows/meet.yml"), changed);
  expect(await json("flows", "meet")).toMatchObject({
    versions: [
      { version: "1.1", running: 0, is_current: true },
      { version: "1.0", running: 1, is_current: false },
    ],
  });
  const { out } = await line("flows", "meet", "--diff", "1.0", "1.1");
  expect(out).toMatch(/^meet: 1\.0 \([0-9a-f]{12}\) → 1\.1 \([0-9a-f]{12}\)$/m);
  expect(out).toMatch(/^\+ step until_then, duration: "?P1D"?$/m);
  expect(await line("flows", "meet", "--diff", "1.0", "2")).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^meet has no version 2; it has 1\.1, 1\.0\./),
  });
});

it("the audit holds every start and refusal, a line each or in one document", async () => {
  const executionId = await start("review", "acme");
  await sitting.line("abort", executionId);
  await sitting.line("abort", executionId);
  const lines = (await sitting.line("export", "audit")).out.trimEnd().split("\n");
  const Event = z.object({ action: z.string(), execution_id: z.string() });
  expect(lines.map((line) => Event.parse(JSON.parse(line)).action)).toEqual(["start", "abort", "refuse"]);
  await start("review", "beta");
  expect(await sitting.json("export", "audit", "--execution", executionId)).toMatchObject({
    events: [{ action: "start" }, { action: "abort" }, { action: "refuse" }],
  });
});

it("an execution that can't be read is told, and hides no other", async () => {
  const broken = await start("review", "acme");
  const sound = await start("review", "beta");
  const database = new DatabaseSync(join(sitting.folder, "data/revops.db"));
  database.prepare("UPDATE executions SET record = '{' WHERE execution_id = ?").run(broken);
  database.close();
  const { code, out, err } = await sitting.line("status", "--json");
  expect({ code, err: masked(err) }).toEqual({ code: 0, err: expect.stringContaining("left out: ") });
  expect(err).toContain(broken);
  expect(JSON.parse(out)).toMatchObject({ executions: [{ execution_id: sound }] });
  const alone = await sitting.line("status", broken);
  expect(alone).toMatchObject({ code: 1, out: "", err: expect.stringContaining(broken) });
  expect(alone.err).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
});
