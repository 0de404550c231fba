import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { definitionHash, FlowDefinition } from "../../src/flow/flow.ts";
import { count, definitionOf, flow, read, said } from "./fixtures/reading.ts";

const seed = readFileSync(new URL("fixtures/renewal_management.yml", import.meta.url), "utf8");
const everyKey = readFileSync(new URL("fixtures/every_key.yml", import.meta.url), "utf8");
const standard = readFileSync(new URL("../../flows/standard/renewal_management.yml", import.meta.url), "utf8");

describe("the seed's flow", () => {
  const { definition, problems } = read(seed);

  test("does it load byte for byte, with a warning for its open window alone?", () => {
    expect(problems).toMatchObject([{ file: "f.yml", line: 8, severity: "warning" }]);
    expect(problems[0]?.message).toContain("open at one side");
    expect(definition).toMatchObject({ flow_id: "renewal_management", version: "1.0", timeout_ms: null });
  });

  test("is it normalised?", () => {
    expect(definition?.triggers).toEqual([
      {
        type: "schedule",
        schedule: "cron(0 9 * * ? *)",
        timezone: null,
        catch_up: "latest",
        overlap: "skip",
        filter: ["customer.renewal_date <= now() + interval '30 days'"],
        jitter_ms: 0,
      },
    ]);
    expect(definition?.failure_notification).toBe("${admin_email}");
    expect(definition?.steps.map(({ id }) => id)).toEqual([
      "retrieve_customer_data",
      "assess_renewal_risk",
      "generate_recommendations",
      "send_notifications",
      "schedule_followup",
    ]);
  });

  test("do three retries make four attempts?", () => {
    for (const step of definition?.steps ?? []) {
      expect(step).toMatchObject({
        on_error: "fail",
        retry: {
          max_attempts: 4,
          interval_ms: 1_000,
          backoff_rate: 2,
          max_interval_ms: 60_000,
          jitter: "full",
          on: null,
        },
      });
    }
  });

  test("does it take a customer, though it declares none?", () => {
    expect(definition?.input).toEqual({
      customer_id: { type: "string", enum: null, required: true, default: null, description: null },
    });
  });
});

describe("the standard flow", () => {
  test("is it 2.0 of the seed's, without a word to say against it?", () => {
    expect(said(standard)).toEqual([]);
    expect(definitionOf(standard)).toMatchObject({ flow_id: "renewal_management", version: "2.0" });
  });

  test("does the approval stand before all that goes out?", () => {
    const approval = definitionOf(standard).steps.find(({ kind }) => kind === "approval");
    expect(approval).toEqual({
      kind: "approval",
      id: "approve_recommendations",
      depends_on: [{ step: "generate_recommendations", optional: false }],
      when: null,
      timeout_ms: 259_200_000,
      due: null,
      late: "run",
      approvers: ["${customer.account_manager_email}", "role:revops_lead"],
      quorum: 1,
      reason_required: ["reject"],
      requester_may_decide: false,
      on_timeout: "expire",
      editable: [{ step: "generate_recommendations", field: "recommendations" }],
      remind_after_ms: 14_400_000,
      escalate: { after_ms: 86_400_000, to: ["role:revops_lead"] },
    });
  });
});

describe("a flow with every key", () => {
  test("does it load without a word, and mean the same with its defaults written out?", () => {
    expect(said(everyKey)).toEqual([]);
    const written = everyKey
      .replace("event: customer.created,", "event: customer.created, overlap: skip,")
      .replace("depends_on: [rest]", "depends_on: [{ step: rest, optional: false }]")
      .replace("duration: P1D", "duration: PT24H")
      .replace("timeout: P7D", "timeout: P1W")
      .replace("flow_id: onboarding", "flow_id: onboarding\n    on_error: fail");
    expect(definitionHash(definitionOf(written))).toBe(definitionHash(definitionOf(everyKey)));
  });

  test.each([
    ["P1D", "P2D"],
    ["PT10M", "PT11M"],
    ["max_concurrency: 2", "max_concurrency: 3"],
    ["late: shift", "late: skip"],
    ["limit: 2", "limit: 3"],
    ["P7D", "P8D"],
    ["overlap: queue", "overlap: allow"],
    ["on_error: compensate", "on_error: fail"],
    ['title: "No', 'title: "Not'],
    ["flow_id: onboarding", "flow_id: offboarding"],
  ])("does %s instead of %s make it another?", (old, other) => {
    const changed = definitionOf(everyKey.replace(old, other));
    expect(definitionHash(changed)).not.toBe(definitionHash(definitionOf(everyKey)));
  });
});

describe("two ways to write the same", () => {
  const base = definitionOf(flow(count, "trigger: { type: schedule, schedule: cron(0 9 * * ? *) }"));

  test.each([
    ["a bare cron", flow(count, "trigger: { type: schedule, schedule: '0 9 * * ? *' }")],
    ["wider spaces", flow(count, "trigger: { type: schedule, schedule: 'cron( 0  9 * * ? * )' }")],
    ["a list of one trigger", flow(count, "triggers: [{ type: schedule, schedule: cron(0 9 * * ? *) }]")],
    [
      "the defaults written out",
      flow(count, "trigger: { type: schedule, schedule: cron(0 9 * * ? *), overlap: skip, catch_up: latest }"),
    ],
    ["another order", `trigger: { schedule: cron(0 9 * * ? *), type: schedule }\n${flow(count)}`],
    [
      "a version without quotes",
      flow(count, "trigger: { type: schedule, schedule: cron(0 9 * * ? *) }").replace('"1.0"', "1.0"),
    ],
  ])("has %s the same content hash?", (_, text) => {
    expect(definitionHash(definitionOf(text))).toBe(definitionHash(base));
  });

  test("does a filter of one equal a list of one?", () => {
    const filter = "customer.arr > 5";
    const one = flow(count, `trigger: { type: schedule, schedule: rate(1 day), filter: ${filter} }`);
    const list = flow(count, `trigger: { type: schedule, schedule: rate(1 day), filter: ["${filter}"] }`);
    expect(definitionHash(definitionOf(one))).toBe(definitionHash(definitionOf(list)));
  });
});

describe("every problem at its place", () => {
  test("are all problems of a file reported at once, in its order?", () => {
    const text = `flow_id: Renewal-Management
versoin: "1.0"
trigger:
  type: schedule
  schedule: cron(0 25 * * ? *)
  timezone: Europe/Berlinn
  filter:
    - customer.arr > 5
    - customer.renewal_dat < now()
concurrency: { limit: 1 }
extends: onboarding
steps:
  - id: get
    agent: data_agnt
    action: retrieve_customer_data
  - id: assess
    agent: decision_agent
    action: asess_renewal_risk
    depends_on: [gett]
    parameters: { treshold: 0.7 }
  - id: get
    agent: execution_agent
    action: retrieve_customer_data
    timeout: soon
`;
    expect(said(text)).toEqual([
      expect.stringMatching(/^1:1 a flow needs a version/),
      expect.stringMatching(/^1:10 flow_id "Renewal-Management" must be .*did you mean renewal_management\?$/),
      '2:1 a flow has no key "versoin"; did you mean version?',
      expect.stringMatching(/^5:20 schedule: hours: .*25/),
      expect.stringMatching(/^6:13 there is no time zone "Europe\/Berlinn"/),
      expect.stringMatching(/^9:7 filter: .*renewal_dat.*renewal_date/),
      '10:14 concurrency needs a key, as in { key: "${customer.id}", limit: 1 }',
      "11:1 extends needs the other flow: read both together",
      '14:12 there is no agent "data_agnt"; did you mean data_agent?',
      '18:13 decision_agent has no action "asess_renewal_risk"; did you mean assess_renewal_risk?',
      '19:18 there is no step "gett"; did you mean get?',
      '21:9 there is a step "get" already',
      "23:13 retrieve_customer_data is an action of data_agent, not of execution_agent",
      expect.stringMatching(/^24:14 timeout: "soon" is no duration/),
    ]);
  });

  test("does anything but a sound file give a definition?", () => {
    expect(read(flow(count)).definition).not.toBeNull();
    expect(read(flow(count, "concurrency: soon")).definition).toBeNull();
  });
});

describe("what is no flow", () => {
  test.each<[string, string]>([
    ["", "1:1 the file is empty"],
    ["# nothing\n", "1:1 the file is empty"],
    ["just text", "1:1 a flow must be a mapping of keys to values, not a text"],
    ["- a\n- b", "1:1 a flow must be a mapping of keys to values, not a list"],
    ["flow_id: a\n\tversion: 1", "2:1 this isn't YAML"],
    [
      "steps:\n  - { id: a, parameters: { to: #revops } }\n",
      "after a blank, # begins a comment: write '#name' in quotes",
    ],
    ["flow_id: [a", "1:"],
    ["flow_id: a\n---\nflow_id: b", "a flow file is one YAML document"],
    [`${flow(count)}\nversion: "2"`, "6:1 this key stands here already"],
    ["flow_id: &x a\nversion: *x", "2:10 YAML aliases"],
    [flow(count.replace("}", ", parameters: { a: .inf } }")), "is not a finite number"],
    [flow(count, "? [a]\n: b"), "a key must be a plain name"],
    [flow(count, "description: !secret x"), "nresolved tag"],
    [`${"a: [".repeat(1)}${"[".repeat(5_000)}`, "1:"],
    [`a: ${"[".repeat(60)}${"]".repeat(60)}`, "more than 50 levels deep"],
    ["x".repeat(1_000_001), "1:1 a flow file may have 1,000,000 characters"],
    [flow("  []"), "a flow needs steps"],
    ['flow_id: f\nversion: "1"', "1:1 a flow needs steps"],
    ['flow_id: f\nversion: "1.x"\nsteps: []', 'version "1.x" must be numbers'],
  ])("does %j say what is wrong?", (text, message) => {
    const { definition } = read(text);
    expect(definition).toBeNull();
    expect(said(text).join("\n")).toContain(message);
  });

  test("does a variable of a step's name get a warning?", () => {
    expect(read(flow(count.replace("id: count", "id: admin_email"))).problems).toMatchObject([
      { severity: "warning", line: 4, column: 11 },
    ]);
  });

  test.each([
    ["the standard flow", standard],
    ["a flow with every key", everyKey],
  ])("is any damage to %s read without an exception, each problem within it?", (_, good) => {
    const pieces = [
      "",
      "\n",
      "  ",
      ": ",
      "- ",
      "${",
      "}",
      "'",
      '"',
      "[",
      "{",
      "*a",
      "&a ",
      "null",
      "1e999",
      "!!binary ",
      "\t",
      "steps:",
      "<<: ",
      "\u0000",
      "\r\n",
      "? ",
    ];
    const damage = fc.record({ at: fc.nat(good.length), length: fc.nat(12), piece: fc.constantFrom(...pieces) });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
        const text = damages.reduce(
          (all, { at, length, piece }) => all.slice(0, at) + piece + all.slice(at + length),
          good,
        );
        const { definition, problems } = read(text);
        const lines = text.split("\n");
        for (const { line, column, message } of problems) {
          expect(message).not.toBe("");
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
        }
        expect(definition === null).toBe(problems.some(({ severity }) => severity === "error"));
        if (definition !== null) FlowDefinition.parse(definition);
      }),
      { numRuns: 400 },
    );
  });
});
