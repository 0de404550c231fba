/** Explain, history and metrics: short in the channel, whole in a modal with pages. Through the real Bolt App. */
import { describe, expect, test } from "vitest";
import type { HistoryLine } from "../../src/engine/timeline-line.ts";
import { actionIds, callbackIds, encodeReport } from "../../src/notify/slack/action-ids.ts";
import { bot } from "./bot-harness.ts";
import { command, mention, press } from "./fake-slack.ts";
import { ways } from "./slack-delivery.ts";

const at = 1_800_000_000_000;
const head = {
  execution_id: "exec-1",
  flow_id: "renewal_management",
  flow_version: "2.0",
  customer_name: "Acme Robotics",
  status: "running",
  outcome: null,
} as const;

function lines(count: number): HistoryLine[] {
  return Array.from({ length: count }, (_, index) => ({
    at: at + index,
    sequence: index + 1,
    kind: "step_succeeded",
    step_id: `step_${index + 1}`,
    part: null,
    text: `step_${index + 1} succeeded`,
    input: null,
    output: { capped: false, value: { seats: index } },
    details: {},
  }));
}

const history = (count: number) => ({ ...head, started_at: at, ended_at: null, lines: lines(count) });
const asked = { word: "history", subject: "exec-1" } as const;
const inReport = {
  view: { id: "V1", type: "modal", callback_id: callbackIds.report, private_metadata: "" },
  channel: undefined,
};

describe.each(ways)("over %s", (way) => {
  test("explain says what is waited for, in public where it was asked in public", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    const waits = { kind: "approval", until: null, execution_id: null } as const;
    engine.explanations = [
      {
        ...head,
        summary: "3 of 5 steps have ended.",
        steps: [
          {
            step_id: "approve",
            status: "waiting",
            waits_for: [{ ...waits, people: ["Dana Reyes"], steps: [], text: "It waits for Dana Reyes <!channel>." }],
          },
        ],
        reasons: [],
      },
    ];
    await receiver.deliver(command("explain exec-1"));
    expect(engine.of("explain")).toEqual([{ executionId: "exec-1" }]);
    expect(answer()).toMatch(
      /3 of 5 steps have ended\..*\*approve\* · waiting.*It waits for Dana Reyes &lt;!channel&gt;\./,
    );
    await receiver.deliver(mention("<@UBOT> explain exec-1"));
    expect(slack.of("chat.postMessage")).toHaveLength(1);
  });

  test("a history is its first lines, and all of them page by page with what came out", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    engine.histories = [history(70)];
    await receiver.deliver(command("history exec-1"));
    expect(answer()).toContain("*step_15* succeeded");
    expect(answer()).not.toContain("*step_16* succeeded");
    expect(answer()).toContain("Show all 70 lines");
    await receiver.deliver(press(actionIds.reportOpen, encodeReport({ ...asked, offset: 0 })));
    const first = JSON.stringify(slack.of("views.open"));
    expect(first).toContain("1 to 30 of 70 lines");
    expect(first).toContain(String.raw`out: {\"seats\":29}`);
    expect(first).not.toContain("Previous");
    await receiver.deliver(press(actionIds.reportNext, encodeReport({ ...asked, offset: 60 }), inReport));
    const last = JSON.stringify(slack.of("views.update"));
    expect(last).toContain("61 to 70 of 70 lines");
    expect(last).toContain("*step_70* succeeded");
    expect(last).not.toContain("Next");
  });

  test("a page that is no more is the first one", async () => {
    const { receiver, engine, slack } = await bot(way);
    engine.histories = [history(40)];
    await receiver.deliver(press(actionIds.reportNext, encodeReport({ ...asked, offset: 60 }), inReport));
    expect(JSON.stringify(slack.of("views.update"))).toContain("1 to 30 of 40 lines");
  });

  test("a flow's history is its newest executions; without a word, those of all flows", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    const times = { customer_id: "cust-1", started_at: at, ended_at: null, duration_ms: 90_000 };
    engine.recentExecutions = [{ ...head, ...times }];
    await receiver.deliver(command("history Renewal_Management"));
    expect(answer()).toMatch(/\*1 execution of renewal_management\*.*Acme Robotics.*running.*for 90 s.*`exec-1`/);
    slack.responses.length = 0;
    await receiver.deliver(command("history"));
    expect(answer()).toContain("*1 execution*, newest first");
    expect(engine.of("recent")).toEqual([{ flowId: "renewal_management", limit: 500 }, { limit: 500 }]);
  });

  test.each([
    ["history renewal_managment", "Did you mean `renewal_management`?"],
    ["history exec-9", "no execution exec-9"],
    ["explain exec-9", "no execution exec-9"],
    ["explain", "Which execution? /revops explain EXECUTION"],
    ["history one two", "takes one flow or one execution"],
    ["metrics one two", "takes one flow at most"],
  ])("/revops %s → %s", async (line, said) => {
    const { receiver, answer } = await bot(way);
    await receiver.deliver(command(line));
    expect(answer()).toContain(said);
  });

  test("metrics are those of all flows, or of the one that was named", async () => {
    const { receiver, engine, slack, answer } = await bot(way);
    await receiver.deliver(command("metrics"));
    expect(answer()).toContain("Nothing has started in this time.");
    slack.responses.length = 0;
    await receiver.deliver(command("metrics Renewal_Management"));
    expect(engine.of("metrics")).toEqual([{}, { flowId: "renewal_management" }]);
    expect(answer()).toContain("*0 executions of renewal_management*");
  });
});
