/** What the cards are told of repeated steps, of taking back, of an end before the end: from states made by their own events. */
import { describe, expect, test } from "vitest";
import { wantedCards } from "../../src/engine/cards.ts";
import { stepReport } from "../../src/engine/step-report.ts";
import type { ApprovalCard, DoubtCard, FailureCard } from "../../src/flow/card.ts";
import type { ExecutionState } from "../../src/flow/execution.ts";
import { began, done, execution } from "../notify/slack/pictures/sample-executions.ts";
import { dana, now } from "../notify/slack/sample-cards.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "./flows.ts";

const compensate = { agent: "execution_agent", action: "cancel", parameters: {} } as const;
const definition = flow([
  agentStep("book", "book", { compensate }),
  agentStep("beside", "book", { compensate }),
  approvalStep("approve", { after: ["book"] }),
  agentStep("tell_each", "notify", { after: ["approve"], for_each: "${input.owners}", compensate }),
]);

const mail = (to: string) => ({
  target: null,
  effect: { kind: "email", to, subject: "Seats", html: "<p>Hi</p>", text: "Hi" },
});
const plan = (part: number) => ({
  step_id: "tell_each",
  part,
  item: `owner-${part}`,
  parameters: {},
  output: {},
  effects: [mail(`owner-${part}@example.com`)],
});
const asked = {
  type: "approval_requested",
  step_id: "approve",
  approvers: [{ reference: "dana.reyes@example.com", label: "Dana Reyes" }],
  quorum: 1,
  expires_at: null,
  plans: [plan(0), plan(1), plan(2)],
  later: [],
  hash: "hash",
  version: 1,
};
const lines = [
  [1, began("book")],
  [2, done("book")],
  [3, began("beside")],
  [4, done("beside")],
  [5, asked],
] as const;
const key = (rest: string) => `01JCFSAMPLEEXECUTION/${rest}`;

function approvalOf(state: ExecutionState): ApprovalCard {
  const card = wantedCards(state, now).find((wanted) => wanted.card.kind === "approval")?.card;
  if (card?.kind !== "approval") throw new Error("there is no approval's card");
  return card;
}

function doubtsOf(state: ExecutionState): { key: string; card: DoubtCard }[] {
  return wantedCards(state, now).flatMap(({ key: of, card }) => (card.kind === "doubt" ? [{ key: of, card }] : []));
}

function failureOf(state: ExecutionState): FailureCard | undefined {
  return wantedCards(state, now).flatMap(({ card }) => (card.kind === "failure" ? [card] : []))[0];
}

describe("an approval's card", () => {
  test("what a step would send for each item stands under that step, with how many items there are", () => {
    const { plans } = approvalOf(execution(lines, { definition }));
    expect(plans).toMatchObject([{ stepId: "tell_each", items: 3 }]);
    expect(plans[0]?.effects.map(({ effect }) => (effect.kind === "email" ? effect.to : ""))).toEqual([
      "owner-0@example.com",
      "owner-1@example.com",
      "owner-2@example.com",
    ]);
  });

  test("a step that doesn't repeat has no count", () => {
    const { part: _part, item: _item, ...once } = plan(0);
    const { plans } = approvalOf(execution([[1, { ...asked, plans: [once] }]], { definition }));
    expect(plans).toMatchObject([{ stepId: "tell_each", items: null }]);
  });

  test("what could be taken back is what stands before or behind it, not beside it", () => {
    expect(approvalOf(execution(lines, { definition })).takenBack).toEqual([
      { stepId: "book", action: "cancel" },
      { stepId: "tell_each", action: "cancel" },
    ]);
  });

  test("ended before its end, it knows who did, from the moment on at which taking back begins", () => {
    const stop = [
      [6, { type: "approval_ended", step_id: "approve", status: "withdrawn" }],
      [6, { type: "stop_begun", status: "aborted", by: dana, compensate: true }],
      [6, { type: "compensation_begun", step_ids: ["beside", "book"] }],
    ] as const;
    expect(approvalOf(execution([...lines, ...stop], { definition }))).toMatchObject({
      status: "withdrawn",
      execution: { status: "running", stopped: { how: "aborted", by: dana, at: now + 6 } },
    });
  });
});

describe("a doubt", () => {
  test.each([
    ["an item", 1, "tell_each/1"],
    ["a compensation", "compensation", "tell_each#compensation"],
  ] as const)("of %s gets its card, as one of a step does", (_what, part, rest) => {
    const of = { step_id: "tell_each", part };
    const state = execution(
      [
        [1, { type: "items_found", step_id: "tell_each", items: ["a", "b"] }],
        ...(part === "compensation"
          ? [
              [2, { ...done("tell_each") }] as const,
              [3, { type: "compensation_begun", step_ids: ["tell_each"] }] as const,
            ]
          : []),
        [4, { type: "step_started", ...of, attempt: 1, parameters: {} }],
        [5, { type: "effects_planned", ...of, output: {}, effects: [mail("a@example.com")] }],
        [6, { type: "effect_begun", ...of, key: key(rest) }],
        [7, { type: "effect_doubted", ...of, key: key(rest), cause: "The connection was lost." }],
      ],
      { definition },
    );
    expect(doubtsOf(state)).toMatchObject([
      { key: `${key(rest)}#doubt`, card: { effectKey: key(rest), stepId: "tell_each", begunAt: now + 6 } },
    ]);
    expect(stepReport(state, "tell_each").waitingFor).toEqual(["a word on an effect in doubt"]);
  });
});

describe("a failure's card", () => {
  const refused = { error: "Effect.Refused", cause: "The event is gone." };

  test("knows an execution that ran out of time from one of which a step failed", () => {
    const out = execution([...lines, [9, { type: "execution_timed_out" }]], { definition });
    expect(failureOf(out)).toMatchObject({ ranOutOfTime: true, stepId: null, takenBack: [] });
    const failed = execution([...lines, [9, { type: "execution_failed", step_id: "book", failure: refused }]], {
      definition,
    });
    expect(failureOf(failed)).toMatchObject({ ranOutOfTime: false, stepId: "book" });
  });

  test("tells what was taken back, and what couldn't be", () => {
    const part = "compensation";
    const state = execution(
      [
        ...lines,
        [6, { type: "compensation_begun", step_ids: ["beside", "book"] }],
        [7, { type: "step_started", step_id: "beside", part, attempt: 1, parameters: {} }],
        [8, { type: "step_succeeded", step_id: "beside", part, output: {} }],
        [9, { type: "step_started", step_id: "book", part, attempt: 1, parameters: {} }],
        [10, { type: "step_failed", step_id: "book", part, failure: refused }],
        [11, { type: "execution_failed", step_id: "approve", failure: refused }],
      ],
      { definition },
    );
    expect(failureOf(state)?.takenBack).toEqual([
      { stepId: "beside", hasEnded: true, failure: null },
      { stepId: "book", hasEnded: true, failure: refused },
    ]);
    expect(stepReport(state, "beside").compensation).toEqual({ status: "succeeded", failure: null });
    expect(stepReport(state, "book").compensation).toEqual({ status: "failed", failure: refused });
  });
});

describe("a step in a list", () => {
  const parts = flow([
    agentStep("tell_each", "notify", { for_each: "${input.owners}" }),
    waitStep("cool_off"),
    flowStep("onboard", "onboarding"),
  ]);

  test("says how many of its items are done, until when it waits, and which sub-flow it has started", () => {
    const state = execution(
      [
        [1, { type: "items_found", step_id: "tell_each", items: ["a", "b", "c", "d"] }],
        [2, { type: "step_started", step_id: "tell_each", part: 0, attempt: 1, parameters: {} }],
        [3, { type: "step_succeeded", step_id: "tell_each", part: 0, output: {} }],
        [4, { type: "step_started", step_id: "tell_each", part: 2, attempt: 1, parameters: {} }],
        [
          5,
          { type: "step_failed", step_id: "tell_each", part: 2, failure: { error: "Agent.Timeout", cause: "Slow." } },
        ],
        [6, { type: "wait_started", step_id: "cool_off", until: now + 3_600_000 }],
        [7, began("onboard")],
        [8, { type: "flow_started", step_id: "onboard", execution_id: "01JCFCHILD" }],
      ],
      { definition: parts },
    );
    expect(stepReport(state, "tell_each")).toMatchObject({ items: { succeeded: 1, failed: 1, total: 4 } });
    expect(stepReport(state, "cool_off")).toMatchObject({ label: "wait", waitsUntil: now + 3_600_000, items: null });
    expect(stepReport(state, "onboard")).toMatchObject({
      label: "flow onboarding",
      children: [{ executionId: "01JCFCHILD", hasEnded: false }],
    });
  });
});
