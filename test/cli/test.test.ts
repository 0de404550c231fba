/** `revops test`: what passes, what doesn't and where, and what is no test at all. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { oneLine, type Line } from "./terminal-line.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "flow-tests-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const flow = `flow_id: welcome
version: "1.0"
steps:
  - { id: who, agent: data_agent, action: get_customer }
  - { id: ask, type: approval, approvers: ["\${customer.account_manager_email}"], depends_on: [who], timeout: P1D,
      when: "\${who.arr > 1000}" }
  - { id: tell, agent: execution_agent, action: send_slack_message, depends_on: [ask],
      parameters: { to: "#general", text: "Welcome, \${customer.name}" } }
`;

let made = 0;
/** In a folder of its own beside the flow. */
async function run(tests: string, ...options: string[]): Promise<Line> {
  made += 1;
  const own = join(folder, String(made));
  await mkdir(own);
  await writeFile(join(own, "welcome.yml"), flow);
  await writeFile(join(own, "welcome.test.yml"), tests);
  return oneLine({ args: ["test", own, ...options], environment: {}, answer: null });
}

/** Without the folder's name. */
function lines({ out }: Line): string[] {
  return out
    .replaceAll(join(folder, String(made)), "")
    .trimEnd()
    .split("\n")
    .map((line) => line.trim());
}

const good = `tests:
  - name: a large customer is welcomed once somebody agrees
    customer: { id: acme, name: Acme Robotics, arr: 84000 }
    steps: [{ expect: { waiting_for: [ask], performed: [] } }, { approve: {} }]
    expect: { outcome: completed, performed: [{ to: "#general", text: "Welcome, Acme Robotics" }] }
`;

describe("tests that pass", () => {
  it("are named, with what they cover and the way that nobody has gone", async () => {
    const line = await run(good);
    expect(line).toMatchObject({ code: 0, err: "" });
    expect(lines(line)).toEqual([
      "/welcome.test.yml",
      "passed  a large customer is welcomed once somebody agrees",
      "",
      "covered      steps   paths   not gone yet",
      "welcome 1.0  3 of 3  4 of 7  ask: condition not met, ask: rejected, ask: expired",
      "",
      "1 test: 1 passed, 0 failed.",
    ]);
  });

  it("are one document with --json", async () => {
    const { code, out } = await run(good, "--json");
    const Document = z.strictObject({
      passed: z.literal(1),
      failed: z.literal(0),
      tests: z.array(
        z.strictObject({ file: z.string(), name: z.string(), passed: z.literal(true), problems: z.tuple([]) }),
      ),
      problems: z.tuple([]),
      coverage: z.array(z.looseObject({ flow_id: z.literal("welcome"), version: z.literal("1.0") })),
    });
    expect(Document.safeParse(JSON.parse(out)).error).toBeUndefined();
    expect(code).toBe(0);
  });
});

describe("a test that fails", () => {
  it("says each difference at its line and column, and the exit code is 1", async () => {
    const line = await run(
      good.replace("Welcome, Acme Robotics", "Welcome, Beta").replace("outcome: completed", "outcome: rejected"),
    );
    expect(line.code).toBe(1);
    expect(lines(line).slice(1, 4)).toEqual([
      "failed  a large customer is welcomed once somebody agrees",
      '/welcome.test.yml:5:15: outcome: expected "rejected", found "completed"',
      '/welcome.test.yml:5:64: performed.0.text: expected "Welcome, Beta", found "Welcome, Acme Robotics"',
    ]);
  });

  it("of what comes half-way is told where it is expected, and what follows still runs", async () => {
    const line = await run(good.replace("waiting_for: [ask]", "waiting_for: [tell], completed: [tell]"));
    expect(lines(line).slice(2, 4)).toEqual([
      "/welcome.test.yml:4:58: tell isn't completed; it is not reached, or no step of this flow",
      '/welcome.test.yml:4:39: waiting_for.0: expected "tell", found "ask"',
    ]);
  });

  it("asks for what the engine refuses: its own words, at the act", async () => {
    const line = await run(good.replace("approve: {}", "approve: { by: nobody@example.com }"));
    expect(lines(line)[2]).toMatch(/^\/welcome\.test\.yml:4:\d+: You can't decide this: manager@example\.com can/);
  });

  it("counts one effect more or less as a difference, and a step that is skipped unexpectedly", async () => {
    const none = await run(
      good
        .replace("arr: 84000", "arr: 1")
        .replace(/ {4}steps.*\n/, "")
        .replace("outcome: completed", "skipped: {}"),
    );
    expect(lines(none).slice(2, 5)).toEqual([
      "/welcome.test.yml:4:15: ask is skipped too: condition",
      "/welcome.test.yml:4:15: tell is skipped too: upstream",
      "/welcome.test.yml:4:28: performed: expected 1, found 0: []",
    ]);
  });
});

describe("a file that can't be meant", () => {
  it.each([
    [
      "tests:\n  - name: x\n    expect: { stattus: running }\n",
      'welcome.test.yml:3:15: there is no key "stattus" here; did you mean status?',
    ],
    [
      "tests:\n  - name: x\n    expect: { status: going }\n",
      "welcome.test.yml:3:15: tests.0.expect.status: it is one of running, succeeded",
    ],
    ["tests: []\n", "welcome.test.yml:1:1: tests: too small"],
    [
      "tests:\n  - name: x\n    steps: [{ approve: {}, reject: {} }]\n    expect: {}\n",
      "welcome.test.yml:3:13: tests.0.steps.0: one of advance, approve, reject, edit, expire, expect stands here",
    ],
    [
      "tests:\n  - name: x\n    mocks: [{ agent: data_agent, action: get_customer }]\n    expect: {}\n",
      "a mock has either a response or a failure",
    ],
    ["tests:\n\t- name: x\n", "welcome.test.yml:2:1: this isn't YAML"],
    ["flow: welcom\ntests: [{ name: x, expect: {} }]\n", "There is no flow welcom; loaded: welcome."],
    [
      "tests: [{ name: x, mocks: [{ agent: data_agent, action: get_custommer, response: 1 }], expect: {} }]\n",
      "data_agent has no action get_custommer. Did you mean get_customer?",
    ],
  ])("%j", async (text, problem) => {
    const line = await run(text);
    expect(line.code).toBe(1);
    expect(line.out).toContain(problem);
  });

  it("stands beside no flow", async () => {
    await mkdir(join(folder, "alone"));
    await writeFile(join(folder, "alone/welcome.test.yml"), good);
    const { code, out } = await oneLine({ args: ["test", join(folder, "alone")], environment: {}, answer: null });
    expect(code).toBe(1);
    expect(out).toContain("no flow stands beside this file");
  });
});

it("what the rules about contacts hold back is expected with its reason, and not as planned or performed", async () => {
  const own = join(folder, "held");
  await mkdir(own);
  await writeFile(join(own, "welcome.yml"), flow.replace('to: "#general"', 'to: "${customer.csm_email}"'));
  const held = `contacts: { do_not_contact: [csm@example.com], quiet_hours: { from: "18:00", to: "07:00" } }
tests:
  - name: nobody writes to the CSM
    customer: { id: acme, arr: 84000, csm_email: csm@example.com }
    steps: [{ approve: {} }]
    expect: { planned: [], performed: [], held: [{ step: tell, to: csm@example.com, reason: do_not_contact }] }
`;
  await writeFile(join(own, "welcome.test.yml"), held);
  expect(await oneLine({ args: ["test", own], environment: {}, answer: null })).toMatchObject({ code: 0 });
  await writeFile(join(own, "welcome.test.yml"), held.replace("reason: do_not_contact", "reason: holiday"));
  const wrong = await oneLine({ args: ["test", own], environment: {}, answer: null });
  expect(wrong.out).toMatch(/welcome\.test\.yml:6:\d+: held\.0\.reason: expected "holiday", found "do_not_contact"/);
});

it("a folder without tests passes nothing, a path that isn't there is told, and an unknown option is usage", async () => {
  await mkdir(join(folder, "empty"));
  const ask = (word: string) => oneLine({ args: ["test", word], environment: { REVOPS_FLOWS: folder }, answer: null });
  expect(await ask(join(folder, "empty"))).toMatchObject({ code: 1, err: expect.stringContaining("No NAME.test.yml") });
  expect(await ask(join(folder, "gone"))).toMatchObject({ code: 1, err: expect.stringContaining("There is no file") });
  expect(await ask("--jsno")).toMatchObject({ code: 2, err: expect.stringContaining("Did you mean --json?") });
});
