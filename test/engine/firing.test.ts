/** Does each firing start what its own trigger means, whatever the flow's other triggers say? */
import { describe, expect, it } from "vitest";
import { agentStep, flow, scheduleTrigger as schedule } from "./flows.ts";
import { startHarness } from "./harness.ts";
import { customer } from "./scripted-agents.ts";

const steps = [agentStep("note", "noop")];

describe("a flow with several schedules", () => {
  it("takes the filter of the one that fires", async () => {
    const triggers = [
      schedule({ filter: ["customer.id = 'acme'"] }),
      schedule({ schedule: "cron(0 10 * * ? *)", filter: ["customer.id = 'beta'"] }),
      schedule({ schedule: "cron(0 11 * * ? *)" }),
    ];
    const harness = await startHarness({ flows: [flow(steps, { triggers })] });
    const fired: string[][] = [];
    for (const hour of ["09", "10", "11"]) {
      await harness.moveTo(Date.parse(`2026-11-23T${hour}:00:00Z`));
      const executions = await harness.engine.list({ flowId: "renewal", limit: 10 });
      fired.push(executions.map(({ customer_id }) => customer_id ?? "").toSorted());
    }
    expect(fired).toEqual([["acme"], ["acme", "beta"], ["acme", "acme", "beta", "beta"]]);
  });

  it("takes the day of the zone of the one that fires", async () => {
    const today = ["customer.renewal_date = current_date"];
    const triggers = [
      schedule({ schedule: "cron(0 9 1 1 ? *)", timezone: "UTC", filter: today }),
      schedule({ schedule: "cron(30 5 * * ? *)", timezone: "Asia/Tokyo", filter: today }),
    ];
    const customers = [
      customer("monday", { renewal_date: "2026-11-23" }),
      customer("tuesday", { renewal_date: "2026-11-24" }),
    ];
    const harness = await startHarness({ flows: [flow(steps, { triggers })], customers });
    // Half past five on Tuesday in Tokyo.
    await harness.moveTo(Date.parse("2026-11-23T20:30:00Z"));
    expect((await harness.engine.list({ limit: 10 })).map(({ customer_id }) => customer_id)).toEqual(["tuesday"]);
  });
});

describe("a flow about no customer", () => {
  it("is started once by each firing, in whatever process", async () => {
    const definition = flow(steps, { input: {}, triggers: [schedule({})] });
    const harness = await startHarness({ flows: [definition] });
    await harness.moveTo(Date.parse("2026-11-24T12:00:00Z"));
    await harness.engine.tick();
    const executions = await harness.engine.list({ limit: 10 });
    expect(executions.map(({ customer_id, status }) => [customer_id, status])).toEqual([
      [null, "succeeded"],
      [null, "succeeded"],
    ]);
    expect(await harness.store.openBatches()).toEqual([]);
    expect(harness.logged).toEqual([]);
  });
});
