/** `simulate` in Slack: acknowledged while it runs, one message that becomes the summary, a calendar, and a list with pages. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { RequestError } from "../../src/engine/engine.ts";
import { actionIds, callbackIds, encodeReport } from "../../src/notify/slack/action-ids.ts";
import { checkBlocks } from "../../src/notify/slack/check-blocks.ts";
import type { SimulationReport } from "../../src/simulation/report.ts";
import { renewal } from "../notify/slack/pictures/sample-executions.ts";
import { bot, type Harness } from "./bot-harness.ts";
import { command, mention, press } from "./fake-slack.ts";

const address = "https://files.slack.test/upload/v1/abc";
beforeEach(() => {
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string | URL | Request, init?: RequestInit) =>
    url === address ? new Response("OK") : real(url, init),
  );
});
afterEach(() => void vi.unstubAllGlobals());

const day = 86_400_000;
const from = 1_800_000_000_000;

function report(effects: number, customerName = "Acme Robotics"): SimulationReport {
  const about = { executionId: "e", customerId: "acme", customerName, stepId: "send_notifications" };
  return {
    flowId: "renewal_management",
    flowVersion: "2.0",
    from,
    to: from + 30 * day,
    timezone: "UTC",
    assumed: "approve",
    customers: 1_000,
    firings: [{ at: from, matched: effects, alreadyRunning: 0 }],
    executions: {
      started: effects,
      completed: effects,
      nothingToDo: 0,
      rejected: 0,
      expired: 0,
      failed: 0,
      running: 0,
    },
    effects: Array.from({ length: effects }, (_, index) => ({
      ...about,
      at: from + index * 60_000,
      kind: "email" as const,
      to: ["dana@example.com"],
      what: `mail: ${customerName}: renewal ${index + 1}`,
    })),
    approvals: [],
    withheld: [{ ...about, at: from, kind: "held" as const, why: "It is the weekend for dana@example.com (UTC)." }],
    stoppedAt: null,
  };
}

async function ready(found: SimulationReport = report(2)): Promise<Harness> {
  const harness = await bot();
  harness.engine.definitions = [renewal];
  harness.simulations.next = () => Promise.resolve(found);
  harness.slack.answers.set("conversations.open", { channel: { id: "D9" } });
  harness.slack.answers.set("chat.postMessage", { ts: "7.1", channel: "D9" });
  harness.slack.answers.set("files.getUploadURLExternal", { upload_url: address, file_id: "F1" });
  return harness;
}

describe("a simulation", () => {
  test("is acknowledged at once, says how far it is in one message, and that becomes the summary", async () => {
    const { receiver, slack, simulations, inFlight } = await ready();
    const { promise: held, resolve: end } = Promise.withResolvers<SimulationReport>();
    simulations.next = () => held;
    expect(await receiver.send(command("simulate renewal_management 2027-Q1 approvals=reject"))).toBeUndefined();
    await expect
      .poll(() => slack.of("chat.postMessage"))
      .toMatchObject([{ channel: "D9", text: "Simulating renewal_management: 0 %. Nothing is sent." }]);
    expect(slack.of("chat.update")).toEqual([]);
    end(report(2));
    await inFlight.settled();
    expect(simulations.asked).toMatchObject([
      { assumed: "reject", customer: null, period: { from: Date.parse("2027-01-01"), to: Date.parse("2027-04-01") } },
    ]);
    const [update, ...others] = slack.of("chat.update");
    expect({ update, others }).toMatchObject({ update: { channel: "D9", ts: "7.1" }, others: [] });
    const shown = JSON.stringify(update);
    expect(shown).toContain("(30 days). Nothing was sent.");
    expect(shown).toContain("*2 would be sent*, 0 approvals asked");
    expect(shown).toContain("Most for: dana@example.com 2");
    expect(shown).toContain("held back: It is the weekend");
    expect(slack.of("files.completeUploadExternal")).toMatchObject([
      { channel_id: "D9", thread_ts: "7.1", files: [{ id: "F1", title: "Simulation of renewal_management" }] },
    ]);
    expect(slack.of("files.getUploadURLExternal")).toMatchObject([
      { alt_txt: expect.stringContaining("2 sent, 0 asked, 1 held back") },
    ]);
    expect(slack.responses).toMatchObject([{ text: "The simulation stands in your direct messages with me." }]);
  });

  test("asked by mention stands in that thread, and nowhere else", async () => {
    const { receiver, slack } = await ready();
    await receiver.deliver(mention("<@UBOT> simulate renewal_management"));
    expect(slack.of("chat.postMessage")).toMatchObject([{ channel: "C1", thread_ts: "200.1" }]);
    expect(slack.of("conversations.open")).toEqual([]);
    expect(slack.responses).toEqual([]);
  });

  test("with more lines than a message holds has pages within Slack's limits, whatever customers are called", async () => {
    const { receiver, slack } = await ready(report(400, "<!channel> & *Acme* `x` ".repeat(6)));
    await receiver.deliver(command("simulate renewal_management"));
    const update = slack.of("chat.update")[0];
    const blocks = update?.["blocks"];
    expect(JSON.stringify(blocks)).not.toContain("<!channel>");
    expect(Array.isArray(blocks) ? checkBlocks(blocks) : null).toEqual([]);
    expect(JSON.stringify(blocks)).toContain("Show all 401 lines");
    const value = encodeReport({ word: "simulation", subject: "simulation-1", offset: 0 });
    await receiver.deliver(press(actionIds.reportOpen, value));
    const view = JSON.stringify(slack.of("views.open")[0]);
    expect(view).toContain("1 to 30 of 401 lines");
    const inReport = { view: { id: "V1", type: "modal", callback_id: callbackIds.report, private_metadata: "" } };
    const next = encodeReport({ word: "simulation", subject: "simulation-1", offset: 390 });
    await receiver.deliver(press(actionIds.reportNext, next, { ...inReport, channel: undefined }));
    expect(JSON.stringify(slack.of("views.update")[0])).toContain("391 to 401 of 401 lines");
  });

  test("that isn't kept any more is told, not shown empty", async () => {
    const { receiver, ephemeral } = await ready();
    const value = encodeReport({ word: "simulation", subject: "long ago", offset: 0 });
    await receiver.deliver(press(actionIds.reportOpen, value));
    expect(ephemeral()).toContain("This simulation isn't kept any more");
  });

  test("of which Slack takes no picture and no progress still gives its summary", async () => {
    const { receiver, slack, answer, logs } = await ready();
    slack.answers.set("chat.postMessage", "not_in_channel");
    slack.answers.set("files.getUploadURLExternal", "missing_scope");
    await receiver.deliver(command("simulate renewal_management"));
    expect(answer()).toContain("*2 would be sent*");
    expect(logs.filter(({ level }) => level === "warn").length).toBeGreaterThan(0);
  });
});

describe("what can't be simulated is told, and nothing is posted", () => {
  test.each([
    ["simulate renewal_managment", "There is no flow renewal_managment."],
    [
      "simulate renewal_management 2027-03-01..2027-01-01",
      "The period ends (2027-01-01) before it begins (2027-03-01)",
    ],
    ["simulate renewal_management 10000d", "10000d is 10,000 days; at most 400 are simulated at once."],
    ["simulate renewal_management soon", "is no period: write 30d"],
  ])("%s", async (line, sentence) => {
    const { receiver, slack, answer, simulations } = await ready();
    await receiver.deliver(command(line));
    expect(answer()).toContain(sentence);
    expect({ posted: slack.of("chat.postMessage"), asked: simulations.asked }).toEqual({ posted: [], asked: [] });
  });

  test("a flow that an event starts says which, and how it goes in Slack", async () => {
    const harness = await ready();
    const event = { type: "event" as const, event: "customer.created", overlap: "skip" as const, filter: null };
    harness.engine.definitions = [{ ...renewal, triggers: [event] }];
    await harness.receiver.deliver(command("simulate renewal_management"));
    expect(harness.answer()).toContain("started by the event customer.created");
    expect(harness.answer()).toContain("/revops simulate renewal_management customer=CUSTOMER");
  });

  test("a second one while one runs, and one that fails half-way", async () => {
    const busy = await ready();
    busy.simulations.isBusy = true;
    await busy.receiver.deliver(command("simulate renewal_management"));
    expect(busy.answer()).toContain("A simulation of renewal_management is running.");
    const failing = await ready();
    failing.simulations.next = () => Promise.reject(new RequestError("There is no customer Acm.", "Acme"));
    await failing.receiver.deliver(command("simulate renewal_management 30d customer=Acm"));
    expect(failing.answer()).toContain("There is no customer Acm. Did you mean `Acme`?");
    expect(JSON.stringify(failing.slack.of("chat.update"))).toContain("ended without a result");
  });
});
