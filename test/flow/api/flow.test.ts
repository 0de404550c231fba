import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Flow } from "../../../src/flow/api/flow.ts";
import { registeredFlows } from "../../../src/flow/api/registered-flows.ts";
import { Step } from "../../../src/flow/api/step.ts";
import { Trigger } from "../../../src/flow/api/trigger.ts";
import { readFlowDocument, readFlowFile } from "../../../src/flow/flow-file.ts";
import { definitionHash, type FlowDefinition } from "../../../src/flow/flow.ts";
import { catalogue } from "../fixtures/catalogue.ts";
import { definitionOf } from "../fixtures/reading.ts";

const variables = { admin_email: "admin@example.com" };

function read(flow: Flow) {
  return readFlowDocument({ file: "a program", document: flow.document(), catalogue, variables });
}

function definition(flow: Flow): FlowDefinition {
  const found = read(flow);
  if (found.definition === null) throw new Error(JSON.stringify(found.problems));
  return found.definition;
}

const messages = (flow: Flow) => read(flow).problems.map(({ message }) => message);

/** The seed's Python, line by line. */
function seedsProgram(): Flow {
  const flow = new Flow({
    flowId: "renewal_management",
    description: "Manage customer renewals with automated analysis and recommendations",
    version: "1.0",
  });
  flow.setTrigger(
    Trigger.schedule({
      cron: "0 9 * * ? *",
      filter: "customer.renewal_date <= now() + interval '30 days'",
    }),
  );
  flow.addStep(
    new Step({
      id: "retrieve_customer_data",
      agent: "data_agent",
      action: "retrieve_customer_data",
      parameters: { include_fields: ["contract_details", "usage_metrics", "support_history"] },
    }),
  );
  flow.addStep(
    new Step({
      id: "assess_renewal_risk",
      agent: "decision_agent",
      action: "assess_renewal_risk",
      dependsOn: ["retrieve_customer_data"],
      parameters: { model: "renewal_risk_v2", threshold: 0.7 },
    }),
  );
  flow.setErrorHandling({ defaultStrategy: "retry", retryCount: 3, failureNotification: "${admin_email}" });
  return flow;
}

function withTheOtherSteps(flow: Flow): Flow {
  return flow
    .addStep(
      new Step({
        id: "generate_recommendations",
        agent: "decision_agent",
        action: "generate_renewal_recommendations",
        dependsOn: ["assess_renewal_risk"],
        parameters: { strategy: "value_based" },
      }),
    )
    .addStep(
      new Step({
        id: "send_notifications",
        agent: "execution_agent",
        action: "send_notifications",
        dependsOn: ["generate_recommendations"],
        parameters: { template: "renewal_recommendations", recipients: ["${customer.account_manager_email}"] },
      }),
    )
    .addStep(
      new Step({
        id: "schedule_followup",
        agent: "execution_agent",
        action: "create_calendar_event",
        dependsOn: ["send_notifications"],
        parameters: {
          title: "Renewal Discussion - ${customer.name}",
          attendees: ["${customer.account_manager_email}"],
          duration_minutes: 30,
          description: "Discuss renewal recommendations for ${customer.name}",
        },
      }),
    );
}

describe("the seed's program", () => {
  test("does it load as it stands?", () => {
    const { definition: found, problems } = read(seedsProgram());
    expect(found?.steps.map(({ id }) => id)).toEqual(["retrieve_customer_data", "assess_renewal_risk"]);
    expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  });

  test("with the file's other steps, has it the file's content hash?", async () => {
    const file = join(import.meta.dirname, "../fixtures/renewal_management.yml");
    const text = await readFile(file, "utf8");
    const { definition: ofFile } = readFlowFile({ file, text, catalogue, variables });
    if (ofFile === null) throw new Error("the seed's file doesn't load");
    expect(definitionHash(definition(withTheOtherSteps(seedsProgram())))).toBe(definitionHash(ofFile));
    expect(definitionHash(definition(seedsProgram()))).not.toBe(definitionHash(ofFile));
  });
});

const one = () => new Flow({ flowId: "one", version: "1.0" });
/** As a program without types might say it. */
const count = (more: object = {}) =>
  new Step(Object.assign({ id: "count", agent: "data_agent", action: "count_customers" } as const, more));

describe("what is wrong", () => {
  test("is each problem told with its step and key, all at once, with the nearest right name?", () => {
    const flow = one()
      .setTrigger(Trigger.schedule({ cron: "0 9 * * * *" }))
      .addStep(count({ retry: { maxAttempts: 0, jiter: "full" } }))
      .addStep(
        new Step({
          id: "assess",
          agent: "decision_agent",
          action: "assess_renewal_risk",
          dependsOn: ["cuont"],
          parameters: { model: "renewal_risk_v2", threshold: 7 },
        }),
      );
    expect(messages(flow)).toEqual([
      expect.stringMatching(/^trigger\.schedule: schedule: .*\?/),
      expect.stringMatching(/^step count, retry\.max_attempts: max_attempts must be a whole number from 1/),
      'step count, retry.jiter: retry has no key "jiter"; did you mean jitter?',
      expect.stringMatching(/^step assess, depends_on\[0\]: .*did you mean count\?/),
      expect.stringMatching(/^step assess, parameters\.threshold: /),
    ]);
    expect(read(flow).definition).toBeNull();
    expect(read(flow).problems.every(({ line, column, file }) => line + column === 2 && file === "a program")).toBe(
      true,
    );
  });

  test("is a step without an id known by its number, and a flow without steps told?", () => {
    const nameless = one()
      .addStep(count())
      .addStep(count({ id: undefined }));
    expect(messages(nameless)).toEqual(["step 2: a step needs an id"]);
    expect(messages(one())).toEqual(["steps: a flow needs steps, a list with at least one"]);
  });

  test.each([
    ["a function", () => 1, "a function is no JSON value"],
    ["a date", new Date(0), "a Date is no JSON value"],
    ["no number", Number.NaN, "NaN is no JSON value"],
    ["undefined in a list", [undefined], "undefined is no JSON value"],
  ])("is %s among the parameters refused by name?", (_, value, said) => {
    const flow = one().addStep(count({ parameters: { value } }));
    expect(messages(flow)).toContainEqual(expect.stringContaining(said));
    expect(read(flow).definition).toBeNull();
  });

  test("are parameters that hold themselves refused rather than followed for ever?", () => {
    const own: Record<string, unknown> = {};
    own["own"] = own;
    expect(messages(one().addStep(count({ parameters: own }))).join()).toContain("levels deep");
  });
});

describe("the arguments", () => {
  test("does each say what its key in a file says?", () => {
    const flow = new Flow({
      flowId: "f",
      version: "1.0",
      input: { customer_id: { type: "string", required: true }, note: { type: "string", default: "none" } },
    })
      .setTrigger(Trigger.manual())
      .addTrigger(Trigger.manual({ overlap: "allow" }))
      .addStep(
        count({
          dependsOn: undefined,
          timeout: "PT30S",
          onError: "continue",
          retry: { maxAttempts: 5, on: ["Agent.Timeout"] },
        }),
      )
      .addStep(
        new Step({
          id: "approve",
          type: "approval",
          dependsOn: [{ step: "count", optional: true }],
          when: "${input.note = 'none'}",
          approvers: ["dana@example.com", "role:revops_lead"],
          quorum: 2,
          reasonRequired: ["reject"],
          requesterMayDecide: true,
          remindAfter: "PT4H",
          escalate: { after: "P1D", to: "role:revops_lead" },
          timeout: "P3D",
          onTimeout: "escalate",
        }),
      );
    const file = `flow_id: f
version: "1.0"
input:
  customer_id: { type: string, required: true }
  note: { type: string, default: none }
triggers: [{ type: manual }, { type: manual, overlap: allow }]
steps:
  - { id: count, agent: data_agent, action: count_customers, timeout: PT30S, on_error: continue, retry: { max_attempts: 5, on: [Agent.Timeout] } }
  - id: approve
    type: approval
    depends_on: [{ step: count, optional: true }]
    when: "\${input.note = 'none'}"
    approvers: [dana@example.com, role:revops_lead]
    quorum: 2
    reason_required: [reject]
    requester_may_decide: true
    remind_after: PT4H
    escalate: { after: P1D, to: role:revops_lead }
    timeout: P3D
    on_timeout: escalate
`;
    expect(definition(flow)).toEqual(definitionOf(file));
  });

  test("are waits, sub-flows, repeating, lateness, taking back and limits said as in a file?", () => {
    const flow = new Flow({
      flowId: "f",
      version: "1.0",
      timeout: "P7D",
      concurrency: { key: "${customer.id}", limit: 1 },
    })
      .setTrigger(
        Trigger.schedule({ cron: "0 9 ? * MON *", timezone: "Europe/Berlin", catchUp: "none", jitter: "PT5M" }),
      )
      .addTrigger(Trigger.event({ event: "customer.created", overlap: "queue" }))
      .addStep(new Step({ id: "cool_off", type: "wait", duration: "P3D" }))
      .addStep(
        new Step({
          id: "until_then",
          type: "wait",
          until: "2026-12-04T09:00:00Z",
          due: "2026-12-04T08:00:00Z",
          late: "skip",
        }),
      )
      .addStep(
        new Step({
          id: "others",
          type: "flow",
          flowId: "other",
          input: { customer_id: "${item}" },
          forEach: '${["a"]}',
          maxConcurrency: 2,
          onError: "continue",
        }),
      )
      .addStep(
        new Step({
          id: "count",
          agent: "data_agent",
          action: "count_customers",
          dependsOn: [{ step: "cool_off", optional: true }, "until_then"],
          retry: {
            maxAttempts: 5,
            interval: "PT2S",
            backoffRate: 2,
            maxInterval: "PT60S",
            jitter: "full",
            on: ["Agent.Throttled"],
          },
          onError: "compensate",
          compensate: { agent: "data_agent", action: "count_customers", parameters: {} },
        }),
      );
    const file = `flow_id: f
version: "1.0"
timeout: P7D
concurrency: { key: "\${customer.id}", limit: 1 }
triggers:
  - { type: schedule, schedule: "cron(0 9 ? * MON *)", timezone: Europe/Berlin, catch_up: none, jitter: PT5M }
  - { type: event, event: customer.created, overlap: queue }
steps:
  - { id: cool_off, type: wait, duration: P3D }
  - { id: until_then, type: wait, until: "2026-12-04T09:00:00Z", due: "2026-12-04T08:00:00Z", late: skip }
  - id: others
    type: flow
    flow_id: other
    input: { customer_id: "\${item}" }
    for_each: '\${["a"]}'
    max_concurrency: 2
    on_error: continue
  - id: count
    agent: data_agent
    action: count_customers
    depends_on: [{ step: cool_off, optional: true }, until_then]
    retry: { max_attempts: 5, interval: PT2S, backoff_rate: 2, max_interval: PT60S, jitter: full, on: [Agent.Throttled] }
    on_error: compensate
    compensate: { agent: data_agent, action: count_customers, parameters: {} }
`;
    expect(definition(flow)).toEqual(definitionOf(file));
    expect(definition(flow).steps.map(({ kind }) => kind)).toEqual(["wait", "wait", "flow", "agent"]);
  });

  test("does a second setTrigger take the first one's place?", () => {
    const flow = one()
      .setTrigger(Trigger.manual())
      .setTrigger(Trigger.schedule({ schedule: "rate(1 hour)" }))
      .addStep(count());
    expect(definition(flow).triggers.map(({ type }) => type)).toEqual(["schedule"]);
  });
});

describe("registering", () => {
  test("does a second one of the same id and version take the first one's place, and another version stand beside it?", () => {
    const before = registeredFlows.revision;
    const [first, second, other] = ["1.0", "1.0", "2.0"].map((version) => new Flow({ flowId: "registered", version }));
    for (const flow of [first, second, other]) flow?.register();
    expect(registeredFlows.all().filter(({ flowId }) => flowId === "registered")).toEqual([second, other]);
    expect(registeredFlows.all()).toContain(second);
    expect(registeredFlows.all()).not.toContain(first);
    expect(registeredFlows.revision).toBe(before + 3);
  });
});
