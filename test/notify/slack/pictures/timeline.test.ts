/** Does the timeline show what happened when: attempts, waits, decisions, effects, from milliseconds to days? */
import { describe, expect, test } from "vitest";
import { timelineSvg } from "../../../../src/notify/slack/pictures/timeline.ts";
import { timelineRows } from "../../../../src/notify/slack/pictures/timeline-rows.ts";
import type { ExecutionState } from "../../../../src/flow/execution.ts";
import { agentStep, flow, flowStep, waitStep } from "../../../engine/flows.ts";
import { dana, now, timezone } from "../sample-cards.ts";
import {
  began,
  completed,
  decisionInstant,
  done,
  execution,
  executionId,
  failed,
  failedAt,
  lost,
  pending,
  rejected,
} from "./sample-executions.ts";
import { elementsOf, textsOf } from "./svg-reading.ts";

const hour = 3_600_000;
const drawn = (state: ExecutionState, after = 2 * hour, zone = timezone) =>
  timelineSvg({ execution: state, now: now + after, timezone: zone });
const rows = (state: ExecutionState, after = 2 * hour) =>
  timelineRows({ execution: state, now: now + after }, timezone);
const row = (state: ExecutionState, stepId: string, after = 2 * hour) =>
  rows(state, after).find((each) => each.stepId === stepId);
const hatched = (svg: string) => elementsOf(svg, "rect").filter(({ fill }) => fill?.startsWith("url(#"));

describe("an execution that waits for a decision", () => {
  test("tells who, until when, and how long the steps before took", () => {
    const texts = textsOf(drawn(pending()).svg);
    expect(texts).toEqual([
      "renewal_management",
      "2.0",
      "Acme Robotics · running · 2 h so far",
      "retrieve_customer_data",
      "done in 42 ms",
      "assess_renewal_risk",
      "done in 35 ms",
      "track_case",
      "done in 2 ms",
      "generate_recommendations",
      "done in 39 ms",
      "approve_recommendations",
      "waits for Dana Reyes or a RevOps lead, until Mon 09:00",
      "send_notifications",
      "not started",
      "schedule_followup",
      "not started",
      "09:00",
      "Fri 13 Nov",
      "now 11:00",
      "2 h",
      "times in America/New York",
      "waiting",
    ]);
  });

  test("hatches the wait up to now, at the right end", () => {
    const [wait] = hatched(drawn(pending()).svg);
    expect(Number(wait?.["x"]) + Number(wait?.["width"])).toBeCloseTo(480 - 22, 0);
  });

  test("shows the reader's zone, not the app's", () => {
    const texts = textsOf(drawn(pending(), 2 * hour, "Asia/Kolkata").svg);
    expect(texts).toEqual(expect.arrayContaining(["19:30", "now 21:30", "times in Asia/Kolkata"]));
    expect(texts.join()).toContain("until Mon 19:30");
  });
});

describe("two days of waiting beside 40 ms of work", () => {
  test("leave every bar to be seen, the wait broken and named", () => {
    const { svg } = drawn(completed(), 60 * hour);
    const bars = elementsOf(svg, "rect").filter(({ fill }) => fill === "#3f9d63");
    expect(bars).toHaveLength(6);
    for (const { width } of bars) expect(Number(width)).toBeGreaterThanOrEqual(3);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(["2 days 2 h", "Fri 13 Nov", "Sun 15 Nov", "11:14"]));
  });

  test("end in who decided, and in what was sent", () => {
    const state = completed();
    expect(row(state, "approve_recommendations")).toMatchObject({
      face: "succeeded",
      words: "approved by Dana Reyes after 2 days 2 h",
      marks: [{ kind: "approve", at: decisionInstant }],
    });
    expect(row(state, "send_notifications")?.words).toBe("done in 316 ms · 1 mail, 1 message");
    expect(row(state, "send_notifications")?.marks.map(({ kind }) => kind)).toEqual(["effect", "effect"]);
  });

  test("end in a rejection as a rejection, though the step has ended as a wait", () => {
    expect(row(rejected(), "approve_recommendations")).toMatchObject({
      face: "rejected",
      words: "rejected by Dana Reyes after 2 days 2 h",
      marks: [{ kind: "reject", at: decisionInstant }],
    });
  });

  test("end in nobody's vote", () => {
    const state = execution([
      [10, asked],
      [72 * hour, { type: "approval_ended", step_id: "approve_recommendations", status: "expired" }],
    ]);
    expect(row(state, "approve_recommendations", 80 * hour)).toMatchObject({
      face: "expired",
      words: "expired after 3 days",
      marks: [{ kind: "ended", at: now + 72 * hour }],
    });
  });
});

const asked = {
  type: "approval_requested",
  step_id: "approve_recommendations",
  approvers: [{ reference: "role:revops_lead", label: "a RevOps lead" }],
  quorum: 1,
  expires_at: null,
  plans: [],
  later: [],
  hash: "hash",
  version: 1,
};

describe("retries", () => {
  test("show each attempt, how it ended, and the waits between them", () => {
    const step = row(failed(), "retrieve_customer_data");
    expect(step?.stays.map(({ kind }) => kind)).toEqual([
      "failed",
      "retry",
      "lost",
      "retry",
      "failed",
      "retry",
      "failed",
      "retry",
      "failed",
    ]);
    expect(step?.words).toBe("failed after 5 attempts: Agent.Unavailable");
    expect(textsOf(drawn(failed()).svg)).toEqual(
      expect.arrayContaining(["09:00:00", "+2 s", "+4 s", "+6 s", "09:00:08", "until the next attempt", "lost"]),
    );
  });

  test("that go on wait until now, not until the next attempt", () => {
    const state = execution([
      [0, began("retrieve_customer_data")],
      [100, failedAt("retrieve_customer_data", 1, now + 60_000)],
    ]);
    expect(row(state, "retrieve_customer_data", 20_000)).toMatchObject({
      face: "running",
      words: "tries again after 1 attempt",
      stays: [{ kind: "failed" }, { kind: "retry", to: now + 20_000 }],
    });
  });

  test("an attempt that was cut off by the next counts as lost, not as done", () => {
    const step = "retrieve_customer_data";
    const state = execution([
      [0, began(step, 1)],
      [500, began(step, 2)],
      [600, done(step)],
    ]);
    expect(row(state, step)?.stays.map(({ kind }) => kind)).toEqual(["lost", "succeeded"]);
  });

  test("days between a failure and its redrive are no wait for a retry", () => {
    const step = "retrieve_customer_data";
    const failure = { error: "Agent.Unavailable", cause: "away" };
    const state = execution([
      [0, began(step, 1)],
      [100, failedAt(step, 1, null)],
      [100, { type: "step_failed", step_id: step, failure }],
      [110, { type: "execution_failed", step_id: step, failure }],
      [48 * hour, { type: "redriven", by: dana }],
      [48 * hour + 5, began(step, 2)],
      [48 * hour + 80, done(step)],
    ]);
    expect(row(state, step, 49 * hour)?.stays.map(({ kind }) => kind)).toEqual(["failed", "succeeded"]);
  });

  test("a lost attempt whose process never came back ends where it is known to be lost", () => {
    const step = "retrieve_customer_data";
    const state = execution([
      [0, began(step, 1)],
      [5_000, lost(step, 1)],
    ]);
    expect(row(state, step)?.stays[0]).toEqual({ kind: "lost", from: now, to: now + 5_000 });
  });
});

test("an effect in doubt is a wait, and says for what", () => {
  const step_id = "send_notifications";
  const key = `${executionId}/${step_id}/mail`;
  const effect = { kind: "email", to: "dana.reyes@example.com", subject: "s", html: "h", text: "t" };
  const state = execution([
    [0, began(step_id)],
    [5, { type: "effects_planned", step_id, output: {}, effects: [{ target: "mail", effect }] }],
    [6, { type: "effect_begun", step_id, key }],
    [30_000, { type: "effect_doubted", step_id, key, cause: "no answer" }],
  ]);
  const own = row(state, step_id, hour);
  expect(own).toMatchObject({ face: "waiting", words: "waits for a word on an effect in doubt" });
  expect(own?.stays).toContainEqual({ kind: "doubt", from: now + 30_000, to: now + hour });
  expect(hatched(drawn(state, hour).svg).length).toBeGreaterThan(0);
});

type Part = number | "compensation";
const beganPart = (step_id: string, part?: Part) => ({ ...began(step_id), part });
const endedPart = (step_id: string, part?: Part) => ({ ...done(step_id), part });

describe("steps of other kinds", () => {
  const undo = { agent: "execution_agent", action: "call_off", parameters: {} } as const;
  const definition = flow([
    waitStep("rest", { duration_ms: 72 * hour }),
    agentStep("tell", "notify", { for_each: "${[1]}", compensate: undo }),
    flowStep("onboard", "onboarding"),
    agentStep("late", "find", { due: "2026-01-01T00:00:00Z", late: "shift" }),
  ]);
  const failure = { error: "Effect.Refused", cause: "no such mailbox" };
  const failedPart = (step_id: string, part?: Part) => ({
    type: "step_failed",
    step_id,
    part,
    failure,
  });
  const items = { type: "items_found", step_id: "tell", items: [1, 2, 3] };
  const state = (...lines: Parameters<typeof execution>[0]) => execution(lines, { definition });

  test("a wait that goes on says how long, and until when", () => {
    const waiting = state([0, { type: "wait_started", step_id: "rest", until: now + 72 * hour }]);
    expect(row(waiting, "rest")).toMatchObject({
      face: "waiting",
      words: "waits for another 2 days 22 h, until Mon 09:00",
      stays: [{ kind: "wait", from: now, to: now + 2 * hour }],
    });
    expect(hatched(drawn(waiting).svg).length).toBeGreaterThan(0);
    expect(textsOf(drawn(waiting).svg)).toContain("waiting");
  });

  test("a wait whose time has come, and nobody has looked yet, goes on", () => {
    const waiting = state([0, { type: "wait_started", step_id: "rest", until: now + hour }]);
    expect(row(waiting, "rest", 3 * hour)?.words).toMatch(/^goes on, until /);
  });

  test("a wait that is over keeps its bar", () => {
    const over = state([0, { type: "wait_started", step_id: "rest", until: now + hour }], [hour, endedPart("rest")]);
    expect(row(over, "rest", 5 * hour)).toMatchObject({
      face: "succeeded",
      words: "done in 1 h",
      stays: [{ kind: "wait", from: now, to: now + hour }],
    });
  });

  test("a late step waits for its working hour, then works", () => {
    const shifted = state(
      [0, { type: "wait_started", step_id: "late", until: now + hour }],
      [hour, { type: "wait_ended", step_id: "late" }],
      [hour + 5, beganPart("late")],
      [hour + 50, endedPart("late")],
    );
    expect(row(shifted, "late", 5 * hour)?.stays).toEqual([
      { kind: "wait", from: now, to: now + hour + 5 },
      { kind: "succeeded", from: now + hour + 5, to: now + hour + 50 },
    ]);
  });

  test("a step that repeats counts its items, in one bar", () => {
    const lines = [
      [0, items],
      [1, beganPart("tell", 0)],
      [2, beganPart("tell", 1)],
      [50, endedPart("tell", 0)],
      [60, failedPart("tell", 1)],
    ] as const;
    expect(row(state(...lines), "tell", 1_000)).toMatchObject({
      face: "running",
      words: "1 of 3 done, 1 failed",
      stays: [{ kind: "running", from: now + 1, to: now + 1_000 }],
    });
    const done3 = state(...lines, [70, beganPart("tell", 2)], [80, endedPart("tell", 2)], [81, endedPart("tell")]);
    expect(row(done3, "tell", 1_000)).toMatchObject({ face: "succeeded", words: "2 of 3 done in 81 ms, 1 failed" });
  });

  test("a step over an empty list has nothing to do", () => {
    const empty = state([0, { ...items, items: [] }], [0, endedPart("tell")]);
    expect(row(empty, "tell")?.words).toBe("nothing to do: its list is empty");
    expect(drawn(empty).svg).not.toMatch(/NaN|Infinity/);
  });

  test("a sub-flow under way is work, no doubt about an effect", () => {
    const waiting = state(
      [0, beganPart("onboard")],
      [5, { type: "flow_started", step_id: "onboard", execution_id: "01JCFOTHER" }],
    );
    expect(row(waiting, "onboard")).toMatchObject({
      face: "waiting",
      words: "waits for the other flow",
      stays: [{ kind: "running", from: now, to: now + 2 * hour }],
    });
  });

  test.each([
    [[beganPart("tell", "compensation")], "3 of 3 done in 9 ms, being taken back"],
    [[beganPart("tell", "compensation"), endedPart("tell", "compensation")], "3 of 3 done in 9 ms, then taken back"],
    [
      [beganPart("tell", "compensation"), failedPart("tell", "compensation")],
      "3 of 3 done in 9 ms, not taken back: Effect.Refused",
    ],
  ])("what is taken back says so: %#", (lines, words) => {
    const back = state(
      [0, items],
      ...[0, 1, 2].flatMap((part) => [[1, beganPart("tell", part)] as const, [2, endedPart("tell", part)] as const]),
      [9, endedPart("tell")],
      [20, { type: "compensation_begun", step_ids: ["tell"] }],
      ...lines.map((line) => [30, line] as const),
    );
    expect(row(back, "tell", 1_000)?.words).toBe(words);
  });
});

const attemptFailed = (part: number, retry_at: number | null) => ({ ...failedAt("tell", 1, retry_at), part });

const found = (count: number) => [0, { type: "items_found", step_id: "tell", items: Array(count).fill("x") }] as const;
const parts = (from: ExecutionState, after = hour) =>
  rows(from, after)
    .filter(({ isPart }) => isPart)
    .map(({ label, face, words }) => [label, face, words]);

describe("the parts of a step", () => {
  const undo = { agent: "execution_agent", action: "call_off", parameters: {} } as const;
  const definition = flow([
    agentStep("tell", "notify", { for_each: "${[1]}", compensate: undo }),
    flowStep("onboard", "onboarding"),
  ]);
  const state = (...lines: Parameters<typeof execution>[0]) => execution(lines, { definition });
  test("each item has a row of its own with its attempts; what hasn't begun has none", () => {
    const items = state(
      found(4),
      [1_000, beganPart("tell", 0)],
      [1_000, beganPart("tell", 1)],
      [1_000, beganPart("tell", 2)],
      [3_000, attemptFailed(1, now + 9_000)],
      [5_000, endedPart("tell", 0)],
    );
    expect(parts(items, 7_000)).toEqual([
      ["item 1", "succeeded", "done in 4 s"],
      ["item 2", "running", "tries again after 1 attempt"],
      ["item 3", "running", "running for 6 s"],
    ]);
    const [, , second] = rows(items, 7_000);
    expect(second?.stays).toEqual([
      { kind: "failed", from: now + 1_000, to: now + 3_000 },
      { kind: "retry", from: now + 3_000, to: now + 7_000 },
    ]);
  });

  test("of a hundred items those are shown that did not simply go well, and how many there are", () => {
    const all = Array.from({ length: 100 }, (_, index) => index);
    const items = state(
      found(100),
      ...all.map((part) => [10, beganPart("tell", part)] as const),
      ...all.filter((part) => part !== 63).map((part) => [20 + part, endedPart("tell", part)] as const),
      [30, { ...attemptFailed(63, null), step_id: "tell" }],
      [30, { type: "step_failed", step_id: "tell", part: 63, failure: { error: "Input.Invalid", cause: "no" } }],
    );
    const shown = parts(items);
    expect(shown).toHaveLength(7);
    expect(shown).toContainEqual(["item 64", "failed", "failed: Input.Invalid"]);
    expect(shown.at(-1)?.[0]).toBe("and 94 more items");
    expect(drawn(items).height).toBeLessThan(500);
  });

  test("a sub-flow says which execution it is; one of many says it where it waits", () => {
    const child = { type: "flow_started", step_id: "onboard", execution_id: "01JCFOTHER" };
    expect(parts(state([0, beganPart("onboard")], [1, child]))).toEqual([["execution 01JCFOTHER", null, ""]]);
    const many = state(found(1), [0, beganPart("tell", 0)], [1, { ...child, step_id: "tell", part: 0 }]);
    expect(parts(many)).toEqual([["item 1", "waiting", "waits for 01JCFOTHER"]]);
  });

  test("what takes it back has its own attempts", () => {
    const back = state(
      found(0),
      [5, endedPart("tell")],
      [10, { type: "compensation_begun", step_ids: ["tell"] }],
      [20, beganPart("tell", "compensation")],
      [50, endedPart("tell", "compensation")],
    );
    expect(parts(back)).toEqual([["taking back", "succeeded", "done in 30 ms"]]);
    expect(rows(back).find(({ isPart }) => isPart)?.stays).toEqual([
      { kind: "succeeded", from: now + 20, to: now + 50 },
    ]);
  });

  test("one that was cut off did not succeed", () => {
    const stopped = state(
      [0, beganPart("onboard")],
      [100, { type: "stop_begun", status: "aborted", by: null, compensate: false }],
      [100, { type: "execution_aborted", by: null }],
    );
    expect(row(stopped, "onboard")?.stays).toEqual([{ kind: "lost", from: now, to: now + 100 }]);
  });

  test("stand close below their step, and nothing is drawn over the edge", () => {
    const items = state(found(2), [0, beganPart("tell", 0)], [0, beganPart("tell", 1)], [10, endedPart("tell", 0)]);
    const { svg, height } = drawn(items);
    expect(textsOf(svg)).toEqual(expect.arrayContaining(["item 1", "item 2", "done in 10 ms"]));
    for (const each of elementsOf(svg, "rect")) {
      expect(Number(each["x"] ?? 0) + Number(each["width"])).toBeLessThanOrEqual(480);
      expect(Number(each["y"] ?? 0) + Number(each["height"])).toBeLessThanOrEqual(height);
    }
  });
});

test("an execution in a queue says so, with how long it has waited", () => {
  const queued = execution([[0, { type: "execution_queued", keys: ["concurrency/renewal_management/all"] }]]);
  expect(rows(queued)[0]).toMatchObject({
    stepId: null,
    label: "in the queue",
    face: "waiting",
    stays: [{ kind: "wait", from: now, to: now + 2 * hour }],
  });
  expect(textsOf(drawn(queued).svg)).toContain("waits for its turn");
  const admitted = execution([
    [0, { type: "execution_queued", keys: ["concurrency/renewal_management/all"] }],
    [hour, { type: "execution_admitted" }],
  ]);
  expect(rows(admitted).map(({ label }) => label)).not.toContain("in the queue");
});

describe("the edges of time", () => {
  test("an execution that has only just started is drawn", () => {
    const { svg } = drawn(execution([[0, began("retrieve_customer_data")]]), 0);
    expect(svg).not.toMatch(/NaN|Infinity/);
    expect(textsOf(svg)).toContain("09:00:00");
  });

  test("a clock behind the log is drawn: nothing runs backwards", () => {
    const { svg } = drawn(pending(), -hour);
    expect(svg).not.toMatch(/NaN|Infinity/);
    for (const { width } of elementsOf(svg, "rect")) expect(Number(width)).toBeGreaterThanOrEqual(0);
  });
});
