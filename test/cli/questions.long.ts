/** Does the terminal tell how executions and flows stand, what happened to them and why, for people and for programs? */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, it } from "vitest";
import { z } from "zod";
import { masked, rowsOf, sitDown, startBy, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

function start(...args: string[]): Promise<string> {
  return startBy(sitting, ...args);
}

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
  expect(rowsOf((await sitting.line("status", executionId)).out)).toEqual([
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
  expect(rowsOf((await sitting.line("history", "review")).out)).toEqual([
    "EXECUTION | FLOW | CUSTOMER | STATUS | STARTED (UTC) | TOOK",
    "ID | review 1.0 | Acme Robotics | running | TIME | LENGTH",
  ]);
});

it("metrics count per flow and step, of one flow or of all, since when they are asked", async () => {
  await start("review", "acme");
  await start("meet", "at=never");
  await sitting.app();
  const { out } = await sitting.line("metrics");
  expect(rowsOf(out)).toEqual([
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

it("flows --resolved prints a flow that extends another as a file, and says of others that they don't", async () => {
  const ours = `flow_id: our_review
version: "1.0"
extends: review
steps: [{ id: last, type: wait, duration: P1D, depends_on: [tell] }]
`;
  await writeFile(join(sitting.folder, "flows", "ours.yml"), ours);
  const { out } = await sitting.line("flows", "our_review", "--resolved");
  expect(out).toMatch(/^# From review 1\.0 \(.*\)\n# added: last\n/);
  await writeFile(join(sitting.folder, "flows", "ours.yml"), out);
  expect(await sitting.json("validate")).toEqual({ problems: [] });
  expect(await sitting.line("flows", "review", "--resolved")).toMatchObject({
    code: 1,
    err: expect.stringContaining("review extends no other flow"),
  });
});

it("graph shows layers, what each step is and how it stands; in words, as Mermaid, drawn", async () => {
  const executionId = await start("review", "acme");
  await sitting.app();
  expect(rowsOf((await sitting.line("graph", "review")).out)).toEqual([
    expect.stringMatching(/^review 1\.0/),
    "",
    "LAYER | STEP | WHAT | AFTER",
    "1 | retrieve_customer_data | data agent",
    "2 | approve | approval by a RevOps lead | retrieve_customer_data",
    "3 | tell | execution agent: send_slack_message | approve",
  ]);
  const { out } = await sitting.line("graph", executionId);
  expect(out).toContain("waits for a RevOps lead");
  const mermaid = (await sitting.line("graph", "review", "--mermaid")).out;
  expect(mermaid).toMatch(
    /^flowchart TD\n {2}step_retrieve_customer_data\["retrieve_customer_data<br\/>data agent"\]\n/,
  );
  expect(mermaid).toContain("step_approve --> step_tell");
  for (const [word, name] of [
    ["graph", "graph.svg"],
    ["history", "timeline.svg"],
  ] as const) {
    const file = join(sitting.folder, name);
    expect((await sitting.line(word, executionId, "--picture", file)).out).toContain(`Drawn into ${file}.`);
    expect(await readFile(file, "utf8")).toMatch(/^<svg /);
  }
  expect(await sitting.line("graph", "review", "--picture", join(sitting.folder, "nowhere/graph.svg"))).toMatchObject({
    code: 1,
    err: expect.stringContaining("The picture can't be written"),
  });
});

it("replay goes through the log, and says what each event changed and that the engine sees the same", async () => {
  const executionId = await start("review", "acme");
  await sitting.app();
  const { code, out } = await sitting.line("replay", executionId);
  expect(code).toBe(0);
  expect(out).toMatch(/^ {2}1 .*execution_started/);
  expect(out).toContain("retrieve_customer_data: pending → running");
  expect(out).toContain("approve: pending → waiting");
  expect(out).toMatch(/\d+ of \d+ events\. The engine sees what the log says\.\n$/);
  const first = await sitting.json("replay", executionId, "--to", "1");
  expect(first).toMatchObject({ agrees: true, events: [{ type: "execution_started", sequence: 1, changes: [] }] });
});

it("replay on a terminal stops after each event, and q ends it", async () => {
  const executionId = await start("review", "acme");
  await sitting.app();
  const stopped = await sitting.asked("q", "replay", executionId);
  expect(stopped.err.match(/entry \d+/g)).toHaveLength(1);
  expect(stopped.out).toMatch(/^\n?1 of \d+ events/m);
});
