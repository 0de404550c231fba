/** A flow over a period: the engine's own waits, caps and quiet hours, people who answer or don't, and nothing that leaves. */
import { describe, expect, it } from "vitest";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { snapshotOf } from "../../src/agents/crm/snapshot.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import type { ContactRules } from "../../src/engine/contact-rules.ts";
import { Flow, Step, Trigger } from "revops-flows";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { readFlowDocument } from "../../src/flow/flow-file.ts";
import { officeHours } from "../../src/flow/working-time.ts";
import { peopleWithoutSlack } from "../../src/notify/slack/without-slack.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { readPeriod } from "../../src/simulation/period.ts";
import { refuseToSimulate } from "../../src/simulation/refuse.ts";
import { simulate, type SimulationParts, type SimulationRun } from "../../src/simulation/simulate.ts";
import { daysOf, reachedBy, reasonsOf } from "../../src/simulation/summary.ts";
import { TestCustomers } from "../../src/testing/test-customers.ts";

const timezone = "UTC";
const templates = await loadTemplates();
const filter = "customer.renewal_date between current_date and current_date + interval '30 days'";

function about(ids: Record<string, string>): TestCustomers {
  const customers = new TestCustomers();
  for (const [id, renewal_date] of Object.entries(ids))
    customers.add({ id, name: `Customer ${id}`, renewal_date, arr: 1 });
  return customers;
}

function defined(steps: Step[], trigger: Trigger): FlowDefinition {
  const flow = new Flow({ flowId: "made", version: "1.0" }).setTrigger(trigger);
  for (const step of steps) flow.addStep(step);
  const { agents } = createLocalAgents({ source: new TestCustomers(), templates });
  const catalogue = Object.values(agents).flatMap((agent) => agent.actions);
  const { definition, problems } = readFlowDocument({
    file: "made",
    document: flow.document(),
    catalogue,
    variables: {},
  });
  if (definition === null) throw new Error(problems.map(({ message }) => message).join("\n"));
  return definition;
}

const daily = (cron = "0 9 * * ? *", options = {}) => Trigger.schedule({ cron, filter, ...options });
const ask = new Step({
  id: "ask",
  type: "approval",
  approvers: ["${customer.account_manager_email}"],
  timeout: "P3D",
  when: "${customer.id != 'small'}",
});
const tell = new Step({
  id: "tell",
  agent: "execution_agent",
  action: "send_slack_message",
  dependsOn: "ask",
  parameters: { to: "${customer.account_manager_email}", text: "Call ${customer.name}" },
});

async function run(
  given: { definition: FlowDefinition; customers: TestCustomers; period: string } & Partial<
    Omit<SimulationParts, "period">
  >,
  options: SimulationRun = {},
) {
  const { definition, customers, period: text, ...others } = given;
  const read = readPeriod({ text, now: Date.parse("2026-11-23T00:00:00Z"), timezone });
  if (!read.ok) throw new Error(read.problem);
  const { source, customers: customerCount } = await snapshotOf(customers);
  const parts: SimulationParts = {
    definition,
    flows: [],
    agents: (store) => createLocalAgents({ source, templates, cases: new CaseRecords(store) }).agents,
    customers: source,
    customerCount,
    period: read.period,
    assumed: "approve",
    workingTime: officeHours,
    start: null,
    people: peopleWithoutSlack({ roles: {} }),
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    variables: {},
    timezone,
    ...others,
  };
  return simulate(parts, options);
}

const iso = (at: number | null | undefined) => new Date(at ?? 0).toISOString().slice(0, 16);

describe("over a fortnight", () => {
  const customers = about({ soon: "2026-11-24", small: "2026-12-10", later: "2027-01-20" });
  const definition = defined([ask, tell], daily());

  it("each firing asks about whom it matches, people answer two working hours later, and only then something is sent", async () => {
    const report = await run({ definition, customers, period: "2026-11-21..2026-11-24" });
    expect(report.firings.map(({ at, matched, alreadyRunning }) => [iso(at), matched, alreadyRunning])).toEqual([
      ["2026-11-21T09:00", 2, 0],
      ["2026-11-22T09:00", 2, 1],
      ["2026-11-23T09:00", 2, 0],
      ["2026-11-24T09:00", 2, 0],
    ]);
    // Asked on a Saturday, answered when Monday's work begins, at the instant of Monday's firing.
    expect(
      report.approvals.map(({ at, decidedAt, decision, asked }) => [iso(at), iso(decidedAt), decision, asked]),
    ).toEqual([
      ["2026-11-21T09:00", "2026-11-23T09:00", "approved", ["manager@example.com"]],
      ["2026-11-23T09:00", "2026-11-23T11:00", "approved", ["manager@example.com"]],
      ["2026-11-24T09:00", "2026-11-24T11:00", "approved", ["manager@example.com"]],
    ]);
    expect(report.effects.map(({ at, to, what, customerId }) => [iso(at), to, what, customerId])).toEqual([
      ["2026-11-23T09:00", ["manager@example.com"], "message: Call Customer soon", "soon"],
      ["2026-11-23T11:00", ["manager@example.com"], "message: Call Customer soon", "soon"],
      ["2026-11-24T11:00", ["manager@example.com"], "message: Call Customer soon", "soon"],
    ]);
    expect(report.executions).toMatchObject({ started: 7, completed: 3, nothingToDo: 4, running: 0 });
    expect(reasonsOf(report).map(({ kind, times, customers: count }) => [kind, times, count])).toEqual([
      ["nothing_to_do", 4, 1],
      ["already_running", 1, 1],
    ]);
    expect(report.stoppedAt).toBeNull();
  });

  it("rejected or left alone, nothing is sent, and each execution says why", async () => {
    for (const [assumed, outcome] of [
      ["reject", "rejected"],
      ["expire", "expired"],
    ] as const) {
      const report = await run({ definition, customers, period: "2026-11-23..2026-11-27", assumed });
      expect(report.effects).toEqual([]);
      expect(report.approvals.length).toBeGreaterThan(0);
      expect(new Set(report.approvals.map(({ decision }) => decision))).toEqual(new Set([outcome]));
      expect(report.withheld.filter(({ kind }) => kind === outcome)).toHaveLength(report.executions[outcome]);
    }
  });

  it("is the same at every time, and its days add up", async () => {
    const asked = { definition, customers, period: "14d" };
    const [one, two] = [await run(asked), await run(asked)];
    expect(two).toEqual(one);
    const days = daysOf(one);
    expect(days.map(({ sent }) => sent).reduce((sum, sent) => sum + sent)).toBe(one.effects.length);
    expect(days[0]?.date).toBe("2026-11-23");
    expect(reachedBy(one)).toMatchObject([{ who: "manager@example.com", mails: 0, messages: one.effects.length }]);
  });
});

describe("the engine's own rules hold", () => {
  const rules: ContactRules = {
    workingTime: officeHours,
    keepsQuiet: true,
    directMessages: true,
    perPersonPerWeek: 2,
    perAccountPerWeek: null,
    doNotContact: { mailboxes: new Set(), customers: new Set(["never"]) },
  };
  const send = new Step({
    id: "send",
    agent: "execution_agent",
    action: "send_slack_message",
    parameters: { to: "${customer.account_manager_email}", text: "Call ${customer.name}" },
  });

  it("caps, weekends and do-not-contact hold back, each with its reason", async () => {
    const customers = about({ a: "2026-12-10", b: "2026-12-11", c: "2026-12-12", never: "2026-12-12" });
    const definition = defined([send], daily("0 9 21 11 ? 2026"));
    const report = await run({ definition, customers, period: "2026-11-21..2026-11-24", contacts: rules });
    expect(report.effects.map(({ at }) => iso(at))).toEqual(["2026-11-23T09:00", "2026-11-23T09:00"]);
    const kinds = report.withheld.map(
      ({ kind, why }) => `${kind} ${/weekend|which is the limit|is to be contacted/.exec(why)?.[0] ?? why}`,
    );
    expect(kinds.toSorted()).toEqual([
      "held weekend",
      "held weekend",
      "held weekend",
      "not_sent is to be contacted",
      "not_sent which is the limit",
    ]);
  });

  it("waits pass, and what is still waiting at the end is told as running", async () => {
    const wait = new Step({ id: "wait", type: "wait", duration: "P2D" });
    const after = new Step({ id: "then", type: "wait", duration: "P30D", dependsOn: "wait" });
    const definition = defined([wait, after], daily("0 9 23 11 ? 2026"));
    const report = await run({ definition, customers: about({ a: "2026-12-10" }), period: "7d" });
    expect(report.executions).toMatchObject({ started: 1, running: 1 });
  });

  it("what fires at the very beginning is in the period, and what fires at its end is not", async () => {
    const definition = defined([send], daily("0 0 * * ? *"));
    const report = await run({ definition, customers: about({ a: "2026-12-10" }), period: "2026-11-23..2026-11-24" });
    expect(report.firings.map(({ at }) => iso(at))).toEqual(["2026-11-23T00:00", "2026-11-24T00:00"]);
  });
});

describe("bounds", () => {
  const definition = defined([ask, tell], daily());

  it("a run that is given up ends at once, and one that grows too large says where it stopped", async () => {
    const stop = new AbortController();
    const asked = { definition, customers: about({ a: "2026-12-10" }), period: "30d" };
    const given = run(asked, {
      signal: stop.signal,
      onProgress: (done) => done > 0.2 && stop.abort(new Error("given up")),
    });
    await expect(given).rejects.toThrow("given up");
    const report = await run(asked, { mostExecutions: 3 });
    expect(report.stoppedAt?.reason).toBe("more than 3 executions had started");
    expect(report.executions.started).toBe(4);
  });

  it("a flow that no schedule starts says what starts it", () => {
    const asked = { period: { from: 0, to: 86_400_000 }, timezone, hasCustomer: false };
    const made = (trigger: Trigger) => refuseToSimulate({ ...asked, definition: defined([ask], trigger) });
    expect(made(Trigger.event({ event: "customer.created" }))).toMatch(
      /^made has no schedule .*; it is started by the event customer\.created\. .* --customer CUSTOMER\.$/,
    );
    expect(made(Trigger.manual())).toContain("it is started by hand");
    expect(made(daily("0 9 1 1 ? 2031"))).toMatch(/^made doesn't fire in this period/);
    expect(made(daily("0 * * * ? *"))).toBeNull();
    const year = { ...asked, period: { from: 0, to: 366 * 86_400_000 } };
    expect(refuseToSimulate({ ...year, definition: defined([ask], daily("* * * * ? *")) })).toMatch(
      /^made fires more than 2,000 times in this period/,
    );
  });

  it("an event's flow goes its course about one customer", async () => {
    const flow = defined([ask, tell], Trigger.event({ event: "customer.created" }));
    const start = { customerId: "new" };
    const report = await run({
      definition: flow,
      customers: about({ new: "2027-01-01" }),
      period: "2026-11-23..2026-11-25",
      start,
    });
    expect(report.firings).toEqual([]);
    expect(report.effects.map(({ at }) => iso(at))).toEqual(["2026-11-23T09:00"]);
  });
});
