/** A flow's test: what it says of people, time, faults and effects, and what it is told where it is wrong itself. */
import { describe, expect, it } from "vitest";
import { Flow, Step, Trigger } from "revops-flows";
import { Coverage, FlowTestCase, TestError, type FlowTestOptions } from "revops-flows/testing";

const standard = "flows/standard/renewal_management.yml";
const flowId = "renewal_management";
const about = (customer_id: string) => ({ flowId, inputParameters: { customer_id } });

function atRisk(options: FlowTestOptions = {}): FlowTestCase {
  const test = new FlowTestCase({ flows: standard, ...options });
  test.mockCustomer({ id: "acme", name: "Acme Robotics", arr: 84_000, renewal_date: "2026-12-14" });
  test.mockAgentResponse({
    agent: "data_agent",
    action: "retrieve_customer_data",
    response: {
      usage_metrics: { utilization: 0.2, trend: -0.5 },
      support_history: { open_tickets: 4, urgent_tickets: 3 },
    },
  });
  return test;
}

/** A flow of these steps, made by a program. */
function made(steps: Step[], trigger = Trigger.manual()): Flow {
  const flow = new Flow({ flowId: "made", version: "1.0" }).setTrigger(trigger);
  for (const step of steps) flow.addStep(step);
  return flow;
}

describe("people", () => {
  it("are shown what would leave, and nothing leaves before one of them approves", async () => {
    const test = atRisk();
    const asked = await test.executeFlow(about("acme"));
    expect(asked).toMatchObject({
      status: "running",
      completedSteps: expect.not.arrayContaining(["send_notifications"]),
    });
    expect(asked.waitingFor).toMatchObject([{ kind: "approval", step_id: "approve_recommendations" }]);
    expect(asked.plannedEffects).toMatchObject([
      { stepId: "send_notifications", kind: "email", to: "manager@example.com", fate: "planned" },
      { stepId: "send_notifications", kind: "slack_message", to: { email: "manager@example.com" }, fate: "planned" },
      { stepId: "schedule_followup", kind: "calendar_event", title: "Renewal Discussion - Acme Robotics" },
    ]);
    expect(asked.performedEffects).toEqual([]);
    const approved = await test.approve({ by: "manager@example.com" });
    expect(approved).toMatchObject({ status: "succeeded", outcome: "completed", plannedEffects: [] });
    expect(approved.performedEffects.map(({ stepId, fate }) => [stepId, fate])).toEqual([
      ["send_notifications", "performed"],
      ["send_notifications", "performed"],
      ["schedule_followup", "performed"],
    ]);
  });

  it("reject with a reason, where the flow wants one", async () => {
    const test = atRisk();
    await test.executeFlow(about("acme"));
    await expect(test.reject()).rejects.toThrow(TestError);
    const rejected = await test.reject({ reason: "They have signed already." });
    expect(rejected).toMatchObject({ status: "succeeded", outcome: "rejected", performedEffects: [] });
    expect(rejected.skippedSteps).toEqual({ send_notifications: "upstream", schedule_followup: "upstream" });
    expect(rejected.stepOutputs["approve_recommendations"]).toMatchObject({ reason: "They have signed already." });
  });

  it("edit what is editable, and what is sent has the new words", async () => {
    const test = atRisk();
    const asked = await test.executeFlow(about("acme"));
    const [first] = Object.values(asked.stepOutputs["generate_recommendations"]?.["recommendations"] ?? {});
    await expect(test.edit({ edits: { risk_score: 0 } })).rejects.toThrow("risk_score can't be edited; what can:");
    await expect(test.edit({ edits: { recommendations: [{ title: 7 }] } })).rejects.toThrow(/recommendations/);
    const edited = await test.edit({ edits: { recommendations: [{ ...Object(first), title: "Call the founder" }] } });
    expect(edited.status).toBe("running");
    const { performedEffects } = await test.approve();
    expect(JSON.stringify(performedEffects)).toContain("Call the founder");
  });

  it("who may not decide is refused in the engine's words", async () => {
    const test = atRisk();
    await test.executeFlow(about("acme"));
    await expect(test.approve({ by: "stranger@example.com" })).rejects.toThrow("You can't decide this");
  });

  it("decide nothing where nothing waits, or where several do", async () => {
    const test = atRisk();
    await expect(test.approve()).rejects.toThrow("No approval waits; nothing does.");
    const steps = ["one", "two"].map((id) => new Step({ id, type: "approval", approvers: ["a@example.com"] }));
    const two = new FlowTestCase({ flows: made(steps) });
    await two.executeFlow({ flowId: "made" });
    await expect(two.approve()).rejects.toThrow("Several approvals wait: one of");
    await two.approve({ stepId: "two" });
    expect(await two.approve()).toMatchObject({ status: "succeeded", completedSteps: ["one", "two"] });
    await expect(two.expire({ stepId: "one" })).rejects.toThrow("one doesn't wait for a decision");
  });
});

describe("time", () => {
  it("runs out for an approval that nobody decides", async () => {
    const test = atRisk();
    await test.executeFlow(about("acme"));
    const before = test.clock.now();
    expect(await test.advance("P2D")).toMatchObject({ status: "running" });
    expect(await test.expire()).toMatchObject({ status: "succeeded", outcome: "expired", performedEffects: [] });
    expect(test.clock.now() - before).toBe(3 * 86_400_000);
  });

  it("passes a wait by the minute and fires schedules only where they are asked for", async () => {
    const steps = [new Step({ id: "cool_off", type: "wait", duration: "P3D" })];
    const test = new FlowTestCase({ flows: made(steps) });
    await test.executeFlow({ flowId: "made" });
    expect((await test.advance("P2DT23H59M"))?.status).toBe("running");
    expect((await test.advance("PT1M"))?.status).toBe("succeeded");

    const filter = "customer.renewal_date between current_date and current_date + interval '30 days'";
    const daily = () => made(steps, Trigger.schedule({ cron: "0 9 * * ? *", filter }));
    for (const fireSchedules of [false, true]) {
      const scheduled = new FlowTestCase({ flows: daily(), fireSchedules });
      scheduled.mockCustomer({ id: "soon", renewal_date: "2026-12-01" });
      scheduled.mockCustomer({ id: "later", renewal_date: "2027-06-01" });
      await scheduled.executeFlow({ flowId: "made", inputParameters: { customer_id: "third" } });
      await scheduled.advance("P1D");
      expect(await scheduled.results()).toHaveLength(fireSchedules ? 2 : 1);
    }
  });

  it("starts a flow by its event", async () => {
    const test = new FlowTestCase({
      flows: made(
        [new Step({ id: "who", agent: "data_agent", action: "get_customer" })],
        Trigger.event({ event: "customer.created" }),
      ),
    });
    const [result] = await test.sendEvent({ event: "customer.created", input: { customer_id: "new-1" } });
    expect(result?.stepOutputs["who"]?.["account_manager_email"]).toBe("manager@example.com");
    test.mockMissingCustomer("gone");
    await expect(test.sendEvent({ event: "customer.created", input: { customer_id: "gone" } })).rejects.toThrow("gone");
  });
});

describe("a mock", () => {
  it("that doesn't fit the action's output fails the step, as an agent's would", async () => {
    const test = new FlowTestCase({ flows: standard });
    test.mockAgentResponse({
      agent: "data_agent",
      action: "retrieve_customer_data",
      // @ts-expect-error: the output has no such field
      response: { usage_metrics: { utilisation: 0.2 } },
    });
    const result = await test.executeFlow(about("acme"));
    expect(result).toMatchObject({ status: "failed", failedSteps: ["retrieve_customer_data"] });
    expect(result.failure).toMatchObject({
      error: "Agent.InvalidOutput",
      cause: expect.stringContaining("utilisation"),
    });
  });

  it("of an action that there isn't is told with the nearest name, before or after the start", async () => {
    const test = new FlowTestCase({ flows: standard });
    const wrong = { agent: "data_agent", action: "retrieve_custommer_data", response: {} } as const;
    test.mockAgent(wrong);
    await expect(test.executeFlow(about("acme"))).rejects.toThrow("Did you mean retrieve_customer_data?");
    const started = atRisk();
    await started.executeFlow(about("acme"));
    expect(() => started.mockAgent(wrong)).toThrow("Did you mean retrieve_customer_data?");
  });

  it("for one customer or a number of calls leaves the others to what stands behind it", async () => {
    const test = new FlowTestCase({
      flows: made(
        [new Step({ id: "who", agent: "data_agent", action: "get_customer" })],
        Trigger.event({ event: "e" }),
      ),
    });
    test.mockAgentResponse({
      agent: "data_agent",
      action: "get_customer",
      customerId: "a",
      times: 1,
      response: ({ customer }) => {
        if (customer === null) throw new Error("there is no customer");
        return { ...customer, name: "Mocked" };
      },
    });
    const names: unknown[] = [];
    for (const customer_id of ["b", "a", "a"]) {
      const [result] = await test.sendEvent({ event: "e", input: { customer_id }, eventId: `${names.length}` });
      names.push(result?.stepOutputs["who"]?.["name"]);
    }
    expect(names).toEqual(["b", "Mocked", "a"]);
  });
});

describe("a fault", () => {
  it("that passes is retried on the virtual clock; one that stays fails the flow and tells the admin", async () => {
    const passing = atRisk();
    passing.failAgent({ agent: "decision_agent", action: "assess_renewal_risk", error: "Agent.Throttled", times: 2 });
    expect(await passing.executeFlow(about("acme"))).toMatchObject({ status: "running", failedSteps: [] });
    const lasting = atRisk();
    lasting.failAgent({ agent: "decision_agent", action: "assess_renewal_risk", cause: "It is away." });
    const result = await lasting.executeFlow(about("acme"));
    expect(result).toMatchObject({ status: "failed", failure: { error: "Agent.Unavailable", cause: "It is away." } });
    expect(result.performedEffects).toMatchObject([{ kind: "email", to: "admin@example.com", target: "#failure" }]);
  });

  it("of a mail whose answer is lost is a doubt, and nothing behind it goes on", async () => {
    const test = atRisk();
    test.failEffect({ stepId: "send_notifications", kind: "email", fault: { kind: "answer_lost" }, times: 1 });
    await test.executeFlow(about("acme"));
    const result = await test.approve();
    expect(result.waitingFor).toMatchObject([{ kind: "doubt", step_id: "send_notifications" }]);
    expect(result.performedEffects.map(({ kind }) => kind)).toEqual(["slack_message"]);
    expect(result.completedSteps).not.toContain("schedule_followup");
  });
});

async function rejected(reason: string): Promise<string> {
  const test = atRisk();
  await test.executeFlow(about("acme"));
  await test.advance("PT5H");
  await test.reject({ reason });
  return test.history();
}

describe("a history", () => {
  it("is the same text in every run, and another where anything else happens", async () => {
    const [first, second, other] = [await rejected("no"), await rejected("no"), await rejected("never")];
    expect(second).toBe(first);
    expect(first).toContain('+4 h approval_reminded step_id="approve_recommendations"');
    const lines = first.split("\n");
    const changed = other.split("\n").filter((line, index) => line !== lines[index]);
    expect(changed.every((line) => line.includes("never"))).toBe(true);
    expect(changed.length).toBeGreaterThan(0);
  });
});

describe("coverage", () => {
  it("counts steps that ran and ways that were gone, over several cases", async () => {
    const steps = [
      new Step({ id: "who", agent: "data_agent", action: "get_customer", onError: "continue" }),
      new Step({ id: "ask", type: "approval", approvers: ["a@example.com"], timeout: "P1D", dependsOn: "who" }),
      new Step({ id: "then", type: "wait", duration: "P1D", dependsOn: "ask" }),
    ];
    const flows = made(steps, Trigger.event({ event: "e" }));
    const shared = new Coverage();
    const run = async (decide: (test: FlowTestCase) => Promise<unknown>) => {
      const test = new FlowTestCase({ flows, coverage: shared });
      await test.sendEvent({ event: "e", input: { customer_id: "a" } });
      await decide(test);
      return (await test.coverage())[0];
    };
    const one = await run((test) => test.reject());
    expect(one?.steps).toEqual({ covered: 2, total: 3, missing: ["then"] });
    expect(one?.paths.missing).toEqual(["who: fails", "ask: approved", "ask: expired", "then: runs"]);
    const two = await run((test) => test.approve());
    expect(two?.paths).toEqual({ covered: 3, total: 5, missing: ["who: fails", "ask: expired"] });
  });
});

it("flows that can't be loaded are told each at its place", async () => {
  const test = new FlowTestCase({ flows: ["test/flow/fixtures/renewal_management.yml", "there/is/none.yml"] });
  await expect(test.executeFlow(about("acme"))).rejects.toThrow("there/is/none.yml:1:1: this file can't be read");
});

it("a customer with a field of another type is refused by name", () => {
  const test = new FlowTestCase();
  expect(() => test.mockCustomer({ id: "acme", renewal_date: "soon" })).toThrow(
    "The customer acme can't be one: renewal_date",
  );
});

/** One mail to the account manager, at seven. */
function tell(contacts: FlowTestOptions["contacts"]): FlowTestCase {
  const to = { to: "${customer.account_manager_email}", subject: "Hello", text: "Hello" };
  const mail = new Step({ id: "mail", agent: "execution_agent", action: "send_email", parameters: to });
  return new FlowTestCase({ flows: made([mail]), now: "2026-11-23T07:00:00Z", ...(contacts && { contacts }) });
}

describe("effects that the rules about contacts hold back", () => {
  const start = { flowId: "made", inputParameters: { customer_id: "acme" } };

  it("are told with the reason, are neither planned nor performed, and go out in the morning", async () => {
    const test = tell({ quietHours: { from: "18:00", to: "08:00" } });
    const early = await test.executeFlow(start);
    expect(early).toMatchObject({ status: "running", plannedEffects: [], performedEffects: [] });
    expect(early.heldEffects).toMatchObject([
      {
        stepId: "mail",
        to: "manager@example.com",
        fate: "held",
        reason: "quiet_hours",
        until: Date.UTC(2026, 10, 23, 8),
      },
    ]);
    const later = await test.advance("PT1H");
    expect(later).toMatchObject({ status: "succeeded", heldEffects: [], performedEffects: [{ stepId: "mail" }] });
  });

  it("for good are held with no time, whoever it is: a limit, a holiday of one's own, somebody never contacted", async () => {
    const limited = tell({ perPersonPerWeek: 1 });
    await limited.executeFlow(start);
    const second = await limited.executeFlow({ ...start, inputParameters: { customer_id: "other" } });
    expect(second.heldEffects).toMatchObject([{ reason: "person_limit", until: null }]);
    expect(limited.world.effects).toHaveLength(1);
    const never = await tell({ doNotContact: ["ACME"] }).executeFlow(start);
    expect(never.heldEffects).toMatchObject([{ reason: "do_not_contact", until: null }]);
    const holiday = await tell({ holidays: "2026-11-23" }).executeFlow(start);
    expect(holiday.heldEffects).toMatchObject([{ reason: "holiday" }]);
    expect((await tell(undefined).executeFlow(start)).heldEffects).toEqual([]);
  });

  it("with a time of day that is none are refused by name", async () => {
    await expect(tell({ quietHours: { from: "24:00", to: "8" } }).executeFlow(start)).rejects.toThrow('"24:00" is no');
  });
});
