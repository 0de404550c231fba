/** Views as data: within Slack's limits whatever is in them, and nothing from outside unescaped. */
import * as fc from "fast-check";
import type { KnownBlock } from "@slack/types";
import { describe, expect, test } from "vitest";
import { approvalList } from "../../../src/bot/views/approval-list.ts";
import { executionStatus } from "../../../src/bot/views/execution-status.ts";
import { flowList } from "../../../src/bot/views/flow-list.ts";
import { helpMessage } from "../../../src/bot/views/help.ts";
import { duration } from "../../../src/bot/views/instant.ts";
import type { Message } from "../../../src/bot/views/message.ts";
import { noticeModal } from "../../../src/bot/views/notice-modal.ts";
import { rejectModal } from "../../../src/bot/views/reject-modal.ts";
import { listBlocks } from "../../../src/bot/views/rows.ts";
import { statusList } from "../../../src/bot/views/status-list.ts";
import type { StepReport } from "../../../src/flow/card.ts";
import type { WaitingFor } from "../../../src/flow/record.ts";
import { checkBlocks } from "../../../src/notify/slack/check-blocks.ts";
import { definition, header } from "../fake-engine.ts";

const timezone = "Europe/Berlin";
const at = 1_800_000_000_000;
const nasty = `<!channel> & *x* \`y\` ${"long ".repeat(200)}`;

function wait(fields: Partial<WaitingFor>): WaitingFor {
  const none = { references: [], requester_id: null, listed: false, execution_id: null };
  return { kind: "approval", step_id: "approve", people: ["Dana Reyes"], ...none, since: at, until: null, ...fields };
}

const simple = { items: null, waitsUntil: null, children: [], compensation: null };

function step(fields: Partial<StepReport>): StepReport {
  const none = { skipped: null, startedAt: at, endedAt: at + 1200, failure: null, retryAt: null, ...simple };
  return { stepId: "look", label: "look", status: "succeeded", attempts: 1, waitingFor: [], ...none, ...fields };
}

function rendered(message: Message): string {
  return message.blocks.map(textOf).join("\n");
}

function textOf(block: KnownBlock): string {
  if (block.type === "section") return block.text?.text ?? "";
  if (block.type === "context")
    return block.elements.map((element) => ("text" in element ? element.text : "")).join(" ");
  return "";
}

function rows(message: Message): number {
  return rendered(message).match(/^• /gm)?.length ?? 0;
}

describe("hundreds of rows with the longest, most hostile texts stay within Slack's limits", () => {
  const many = Array.from({ length: 300 }, (_, index) => index);
  const hostile = many.map((index) =>
    header({
      execution_id: `exec-${index}`.padEnd(80, "x"),
      flow_id: "f".repeat(64),
      customer_name: nasty,
      waiting_for: index % 3 === 0 ? [] : [wait({ people: [`${nasty}${index % 50}`], until: at })],
    }),
  );
  const messages: [string, Message][] = [
    ["status", statusList({ doubts: [], headers: hostile, about: nasty, maxListed: 500, timezone })],
    [
      "status, one group a row",
      statusList({
        doubts: [],
        headers: many.map((index) => header({ waiting_for: [wait({ people: [`P${index}`] })] })),
        about: null,
        maxListed: 500,
        timezone,
      }),
    ],
    [
      "flows",
      flowList({
        flows: many.map(() => ({
          definition: definition({ description: nasty, version: nasty }),
          file: null,
          nextFiring: at,
          running: 9,
          paused: null,
        })),
        timezone,
      }),
    ],
    [
      "execution",
      executionStatus({
        report: {
          header: hostile[0] ?? header({}),
          steps: many.map(() => step({ label: nasty, failure: { error: "Agent.Timeout", cause: nasty }, attempts: 4 })),
          startedBy: nasty,
          failure: nasty,
          unheard: nasty,
          cost: null,
        },
        timezone,
      }),
    ],
  ];

  test.each(messages)("%s", (_name, message) => {
    expect(checkBlocks(message.blocks)).toEqual([]);
    expect(message.text.length).toBeLessThan(4000);
    const all = message.text + rendered(message);
    expect(all).not.toContain("<!channel>");
    const shown = rows(message);
    expect(shown).toBeGreaterThan(5);
    expect(all).toContain(`and ${300 - shown} more`);
  });
});

describe("lists", () => {
  const text = fc.string({ minLength: 1, maxLength: 400 }).filter((row) => row.trim() !== "");
  const groups = fc.array(
    fc.record({ heading: fc.option(text, { nil: null }), rows: fc.array(text, { maxLength: 30 }) }),
    { maxLength: 40 },
  );

  test("what is shown and what is counted are all rows, the first ones in order, within the limits", () => {
    fc.assert(
      fc.property(groups, (groups) => {
        const { blocks, left } = listBlocks(groups);
        const all = groups.flatMap((group) => group.rows);
        expect(checkBlocks(blocks)).toEqual([]);
        const shown = blocks.map(textOf).join("\n");
        let from = 0;
        for (const row of all.slice(0, all.length - left)) {
          const found = shown.indexOf(row, from);
          expect(found).toBeGreaterThanOrEqual(from);
          from = found + row.length;
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe("status", () => {
  test("groups by who is waited for, doubts first, and says since when and until when", () => {
    const message = statusList({
      doubts: [],
      headers: [
        header({ execution_id: "e-runs" }),
        header({ execution_id: "e-asks", waiting_for: [wait({ until: at + 1 })] }),
        header({ execution_id: "e-doubts", waiting_for: [wait({}), wait({ kind: "doubt", people: [] })] }),
        header({ execution_id: "e-retries", waiting_for: [wait({ kind: "retry", people: [], until: at })] }),
        header({ execution_id: "e-ended", status: "succeeded", outcome: "rejected", ended_at: at }),
      ],
      about: null,
      maxListed: 500,
      timezone,
    });
    const order = ["e-doubts", "e-asks", "e-retries", "e-runs", "e-ended"].map((id) => rendered(message).indexOf(id));
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order).not.toContain(-1);
    expect(rendered(message)).toContain("*Waiting for Dana Reyes* (1)");
    expect(rendered(message)).toContain("an operator or an approver of the flow");
    expect(rendered(message)).toContain("succeeded, rejected");
    expect(rendered(message)).toMatch(/since <!date\^1800000000\^[^|]+\|Fri 15 Jan 09:00 \(Europe\/Berlin\)>/);
  });

  test("more than were listed is said to be more", () => {
    const headers = [header({}), header({}), header({})];
    expect(rendered(statusList({ doubts: [], headers, about: null, maxListed: 2, timezone }))).toContain(
      "more than 2 executions",
    );
  });

  test("nothing is said to be nothing, with a way on", () => {
    expect(statusList({ doubts: [], headers: [], about: null, maxListed: 2, timezone }).text).toContain(
      "/revops run FLOW",
    );
    expect(statusList({ doubts: [], headers: [], about: "Acme", maxListed: 2, timezone }).text).toContain(
      "no execution of Acme",
    );
  });
});

describe("one execution", () => {
  const steps = [
    step({}),
    step({
      stepId: "ask",
      label: "approval",
      status: "waiting",
      endedAt: null,
      waitingFor: ["Dana Reyes", "a RevOps lead"],
    }),
    step({
      stepId: "mail",
      label: "mail",
      status: "running",
      endedAt: null,
      attempts: 3,
      retryAt: at + 5000,
      failure: { error: "Agent.Throttled", cause: "too fast" },
    }),
    step({
      stepId: "tell",
      label: "tell",
      held: [
        { summary: "mail to <!channel>", cause: "Dana has quiet hours.", until: at + 5_000 },
        { summary: "mail to kim", cause: "Kim has been reached 5 times.", until: null },
      ],
    }),
    step({ stepId: "skip", label: "skip", status: "skipped", skipped: "upstream", startedAt: null, endedAt: null }),
    step({ stepId: "later", label: "data_agent later", status: "pending", startedAt: null, endedAt: null }),
  ];
  const report = {
    header: header({ status: "failed", ended_at: at + 65_000 }),
    steps,
    startedBy: "Robin Lead",
    failure: "Step.Lost: ten times",
    cost: null,
  };
  const text = rendered(executionStatus({ report, timezone }));

  test("each step has its state, times, attempts, failure and whom it waits for", () => {
    expect(text).toMatch(
      /\*look\* · succeeded · <!date\^1800000000\^\{date_pretty\} at \{time_secs\}\|[^>]+>, took 1.2 s/,
    );
    expect(text).toMatch(/\*ask\* \(approval\) · waiting for Dana Reyes or a RevOps lead · since/);
    expect(text).toMatch(/\*mail\* · running · since .*, tries again .* · 3 attempts\n\s+`Agent.Throttled` too fast/);
    expect(text).toMatch(/held back until <!date\^1800000005\^.*>: mail to &lt;!channel&gt;\. Dana has quiet hours\./);
    expect(text).toContain("    held back: mail to kim. Kim has been reached 5 times.");
    expect(text).toContain("*skip* · skipped: what it depends on did not succeed");
    expect(text).toContain("*later* (data_agent) · pending");
  });

  test("the head says who began it, how it ended, why and how long it took", () => {
    expect(text).toContain("Started by Robin Lead");
    expect(text).toContain("took 65 s");
    expect(text).toContain("Failed: Step.Lost: ten times");
    const unheard = "Step Functions can't be reached: no answer.";
    expect(rendered(executionStatus({ report: { ...report, unheard }, timezone }))).toContain(
      `${unheard} It is tried again`,
    );
  });
});

test.each([
  [-5, "0 ms"],
  [40, "40 ms"],
  [1_234, "1.2 s"],
  [65_000, "65 s"],
  [600_000, "10 min"],
  [7 * 3_600_000, "7 h"],
  [3 * 86_400_000, "3 days"],
])("%i ms took %s", (ms, shown) => expect(duration(ms)).toBe(shown));

test("help on a word has its usage; on a near miss, the word", () => {
  expect(rendered(helpMessage("status"))).toContain("/revops status [EXECUTION | FLOW | CUSTOMER]");
  expect(helpMessage("stauts").text).toContain("/revops help status");
  expect(checkBlocks(helpMessage(null).blocks)).toEqual([]);
});

test("modals keep Slack's limits: titles of 24, a section of 3000, metadata of 3000", () => {
  const reject = rejectModal({ approval: "x".repeat(200), reasonRequired: false });
  const notice = noticeModal({ text: "y".repeat(5000), blocks: [] });
  for (const view of [reject, notice]) {
    expect(view.title.text.length).toBeLessThanOrEqual(24);
    expect(view.private_metadata?.length ?? 0).toBeLessThanOrEqual(3000);
  }
  expect(notice.blocks[0]).toMatchObject({ type: "section", text: { text: `${"y".repeat(2999)}…` } });
  expect(reject.blocks[0]).toMatchObject({ type: "input", optional: true });
});

test("a list of approvals holds ten with hostile names, says how many there are and pings nobody", () => {
  const items = Array.from({ length: 10 }, () => ({
    header: header({ customer_name: nasty }),
    waiting: wait({ until: at }),
  }));
  const message = approvalList({ items, total: 5_000, timezone });
  expect(checkBlocks(message.blocks)).toEqual([]);
  expect(JSON.stringify(message)).not.toContain("<!channel>");
  expect(JSON.stringify(message)).toContain("Show all 5,000");
});
