import { describe, expect, test } from "vitest";
import { definitionOf, flow, said } from "../fixtures/reading.ts";

const policy = (step: string, rest = "") => {
  const [only] = definitionOf(flow(`  - { id: count, agent: data_agent, action: count_customers${step} }`, rest)).steps;
  return only?.kind === "agent" ? { on_error: only.on_error, ...only.retry } : null;
};

describe("retries", () => {
  test("does fail mean one attempt, and continue go on after it?", () => {
    expect(policy("", "error_handling: { default_strategy: fail }")).toMatchObject({
      max_attempts: 1,
      on_error: "fail",
    });
    const tolerant = "error_handling: { default_strategy: continue, retry_count: 2 }";
    expect(policy("", tolerant)).toMatchObject({ max_attempts: 3, on_error: "continue" });
  });

  test("does a step's retry replace what it names of the flow's, and no more?", () => {
    const step = ", on_error: continue, retry: { max_attempts: 5, interval: PT2S, on: [Agent.Throttled] }";
    expect(policy(step, "error_handling: { retry_count: 1 }")).toEqual({
      on_error: "continue",
      max_attempts: 5,
      interval_ms: 2_000,
      backoff_rate: 2,
      max_interval_ms: 60_000,
      jitter: "full",
      on: ["Agent.Throttled"],
    });
    expect(policy(", retry: { interval: PT5M }")).toMatchObject({ interval_ms: 300_000, max_interval_ms: 300_000 });
  });

  test.each([
    [", retry: { on: [Agent.Throtled] }", 'there is no error "Agent.Throtled"; did you mean Agent.Throttled?'],
    [", retry: { on: [Input.Invalid] }", "Input.Invalid is never retried"],
    [", retry: { max_attempts: 0 }", "max_attempts must be a whole number from 1"],
    [", retry: { backoff_rate: 0.5 }", "backoff_rate must be a number from 1"],
    [", retry: { interval: PT5M, max_interval: PT1M }", "max_interval is shorter than interval"],
    [", retry: { attempts: 3 }", 'retry has no key "attempts"'],
    [", timeout: P1M", '"P1M" is no duration; write it as in PT30S, PT4H or P3D (no months, no years)'],
    [", timeout: 30", 'timeout must be a text, not a number; write it in quotes: "30"'],
    [", on_error: compensat", 'there is no on_error "compensat"; did you mean compensate?'],
    [", on_error: compensate", "on_error: compensate takes nothing back here: no step has a compensate"],
  ])("is %s reported?", (step, message) => {
    const text = flow(`  - { id: count, agent: data_agent, action: count_customers${step} }`);
    expect(said(text).join()).toContain(message);
  });
});
