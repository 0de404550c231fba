/** Buttons and forms through the real Bolt App. */
import { describe, expect, test } from "vitest";
import {
  actionIds,
  callbackIds,
  encodeApproval,
  encodeEffect,
  encodeExecution,
} from "../../src/notify/slack/action-ids.ts";
import { executionId } from "../notify/slack/pictures/sample-executions.ts";
import { bot } from "./bot-harness.ts";
import { approvalCard, dana } from "./fake-engine.ts";
import { press, submit } from "./fake-slack.ts";
import { openExecution } from "./open-execution.ts";
import { ways } from "./slack-delivery.ts";

describe.each(ways)("over %s", (way) => {
  const approval = { executionId: "exec-1", stepId: "approve_recommendations", version: 3 };
  const value = encodeApproval(approval);

  describe("approve", () => {
    test("is acknowledged at once, decided once by the one who pressed, and told by the card alone", async () => {
      const { receiver, engine, slack, inFlight } = await bot(way);
      const { promise: held, resolve: release } = Promise.withResolvers<void>();
      const decide = engine.decide.bind(engine);
      engine.decide = async (asked) => held.then(() => decide(asked));
      expect(await receiver.send(press(actionIds.approve, value))).toBeUndefined();
      expect(engine.of("decide")).toEqual([]);
      release();
      await inFlight.settled();
      expect(engine.of("decide")).toEqual([{ ...approval, person: dana, decision: "approve", reason: null }]);
      expect(slack.calls).toEqual([]);
      expect(slack.responses).toEqual([]);
    });

    test.each([
      ["an outsider", "not_an_approver", "Only Dana Reyes or a RevOps lead may decide."],
      ["a second press", "already_decided", "Dana Reyes approved this at 09:12."],
      ["an old card", "overtaken", "This card is out of date: a newer one stands in #renewals."],
      ["the requester", "requester", "You started it, so somebody else decides."],
    ] as const)("%s changes nothing and is told so alone, beside the card", async (_who, reason, message) => {
      const { receiver, engine, slack, ephemeral } = await bot(way);
      engine.decision = { kind: "refused", reason, message };
      await receiver.deliver(press(actionIds.approve, value));
      expect(ephemeral()).toContain(message);
      expect(slack.calls.map((call) => call.method)).toEqual(["chat.postEphemeral"]);
      expect(slack.of("chat.postEphemeral")).toMatchObject([{ channel: "C2", user: "UDANA" }]);
    });

    test("in a thread the answer stands in the thread", async () => {
      const { receiver, engine, slack } = await bot(way);
      engine.decision = { kind: "refused", reason: "expired", message: "It expired." };
      const message = { type: "message", ts: "100.2", thread_ts: "100.1" };
      await receiver.deliver(press(actionIds.approve, value, { message }));
      expect(slack.of("chat.postEphemeral")).toMatchObject([{ thread_ts: "100.1" }]);
    });

    test("where Slack refuses the ephemeral message, the press's own way is used and the card stays", async () => {
      const { receiver, engine, slack } = await bot(way);
      engine.decision = { kind: "refused", reason: "expired", message: "It expired." };
      slack.answers.set("chat.postEphemeral", "not_in_channel");
      await receiver.deliver(press(actionIds.approve, value));
      expect(slack.responses).toEqual([{ response_type: "ephemeral", replace_original: false, text: "It expired." }]);
    });

    test("somebody whom the directory doesn't know is still told the engine's answer", async () => {
      const { receiver, engine } = await bot(way);
      await receiver.deliver(press(actionIds.approve, value, { user: { id: "UGHOST", username: "ghost" } }));
      expect(engine.of("decide")).toMatchObject([{ person: { user_id: "UGHOST", email: null, name: "ghost" } }]);
    });

    test("a name in the refusal pings nobody", async () => {
      const { receiver, engine, ephemeral } = await bot(way);
      engine.decision = { kind: "refused", reason: "already_decided", message: "<!channel> approved this." };
      await receiver.deliver(press(actionIds.approve, value));
      expect(ephemeral()).toContain("&lt;!channel&gt;");
    });
  });

  describe("a press that makes no sense still gets an answer", () => {
    // A Home is made anew for whoever asks, and what is left as it is needs no name: their buttons carry nothing.
    const without: readonly string[] = [actionIds.homeReload, actionIds.leaveRunning];
    const ids = Object.values(actionIds).filter((id) => !without.includes(id));
    test.each(ids)("%s with a value that can't be read", async (id) => {
      for (const malformed of ["", "nonsense", '{"executionId":', "a|b|c|d|e"]) {
        const { receiver, engine, ephemeral } = await bot(way);
        await receiver.deliver(press(id, malformed));
        expect(ephemeral()).toMatch(/can't be read|isn't in the store/);
        expect([...engine.of("decide"), ...engine.of("redrive"), ...engine.of("resolveDoubt")]).toEqual([]);
      }
    });

    test("an unknown action id", async () => {
      const { receiver, ephemeral } = await bot(way);
      const ack = await receiver.deliver(press("approval.levitate", value));
      expect(ack).toBeUndefined();
      expect(ephemeral()).toContain("another version");
    });

    test("a known button is not taken for an unknown one", async () => {
      const { receiver, slack } = await bot(way);
      expect(await receiver.deliver(press(actionIds.approve, value))).toBeUndefined();
      expect(slack.calls).toEqual([]);
    });

    test("a link is acknowledged in silence: the browser has answered", async () => {
      const { receiver, slack } = await bot(way);
      const actions = [
        { type: "button", action_id: "open", url: "https://example.com", block_id: "b", action_ts: "1" },
      ];
      expect(await receiver.deliver(press("open", "", { actions }))).toBeUndefined();
      expect(slack.calls).toEqual([]);
    });

    test("an unknown button in a modal is answered by a modal on top of it", async () => {
      const { receiver, slack } = await bot(way);
      const inModal = {
        channel: undefined,
        message: undefined,
        response_url: undefined,
        view: { id: "V1", type: "modal" },
      };
      await receiver.deliver(press("old.button", "", inModal));
      expect(slack.calls.map((call) => call.method)).toEqual(["views.push"]);
    });

    test("an engine that throws gives a reference in private", async () => {
      const { receiver, engine, ephemeral } = await bot(way);
      engine.fault = new Error("boom");
      await receiver.deliver(press(actionIds.approve, value));
      expect(ephemeral()).toMatch(/reference [0-9a-f]{6}/);
      expect(ephemeral()).not.toContain("boom");
    });
  });

  describe("reject", () => {
    test("asks the engine first, then for the reason; the form carries the approval and no more", async () => {
      const { receiver, engine, slack } = await bot(way);
      await receiver.deliver(press(actionIds.reject, value));
      expect(engine.of("mayDecide")).toEqual([{ ...approval, person: dana, decision: "reject" }]);
      expect(engine.of("decide")).toEqual([]);
      expect(slack.of("views.open")).toMatchObject([
        { trigger_id: "trigger-2", view: { callback_id: callbackIds.rejectReason, private_metadata: value } },
      ]);
    });

    test("who may not reject gets no form", async () => {
      const { receiver, engine, slack, ephemeral } = await bot(way);
      engine.may = { kind: "refused", reason: "not_an_approver", message: "Only Dana may." };
      await receiver.deliver(press(actionIds.reject, value));
      expect(slack.of("views.open")).toEqual([]);
      expect(ephemeral()).toContain("Only Dana may.");
    });

    test("a trigger that has run out is said, not logged away", async () => {
      const { receiver, slack, ephemeral } = await bot(way);
      slack.answers.set("views.open", "expired_trigger_id");
      await receiver.deliver(press(actionIds.reject, value));
      expect(ephemeral()).toContain("press the button again");
    });

    const form = { callbackId: callbackIds.rejectReason, metadata: value };

    test.each([[null], [""], ["  \n "]])(
      "a blank reason (%j) is said at its field, and nothing is decided",
      async (reason) => {
        const { receiver, engine } = await bot(way);
        const ack = await receiver.deliver(submit({ ...form, reason }));
        expect(ack).toEqual({ response_action: "errors", errors: { reason: "Say why in a few words." } });
        expect(engine.of("decide")).toEqual([]);
      },
    );

    test("where no reason is asked for, none is invented", async () => {
      const { receiver, engine } = await bot(way);
      expect(await receiver.deliver(submit({ ...form, reason: " ", optional: true }))).toBeUndefined();
      expect(engine.of("decide")).toMatchObject([{ decision: "reject", reason: null }]);
    });

    test("a form that claims no reason is needed gets the engine's word at the field", async () => {
      const { receiver, engine } = await bot(way);
      engine.decision = { kind: "refused", reason: "reason_missing", message: "A rejection needs a reason." };
      const ack = await receiver.deliver(submit({ ...form, reason: "", optional: true }));
      expect(ack).toEqual({ response_action: "errors", errors: { reason: "A rejection needs a reason." } });
    });

    test("the reason goes to the engine as written, trimmed, and the form closes", async () => {
      const { receiver, engine } = await bot(way);
      expect(await receiver.deliver(submit({ ...form, reason: " Wait for <legal> " }))).toBeUndefined();
      expect(engine.of("decide")).toEqual([
        { ...approval, person: dana, decision: "reject", reason: "Wait for <legal>" },
      ]);
    });

    test("somebody decided meanwhile: the form says so", async () => {
      const { receiver, engine } = await bot(way);
      engine.decision = { kind: "refused", reason: "already_decided", message: "Robin Lead approved this." };
      const ack = await receiver.deliver(submit({ ...form, reason: "no" }));
      expect(ack).toMatchObject({ response_action: "update" });
      expect(JSON.stringify(ack)).toContain("Robin Lead approved this.");
    });

    test("an engine that throws is told in the form", async () => {
      const { receiver, engine } = await bot(way);
      engine.fault = new Error("boom");
      const ack = await receiver.deliver(submit({ ...form, reason: "no" }));
      expect(JSON.stringify(ack)).toMatch(/reference [0-9a-f]{6}/);
    });

    test("a form with metadata that can't be read decides nothing", async () => {
      const { receiver, engine } = await bot(way);
      const ack = await receiver.deliver(submit({ callbackId: callbackIds.rejectReason, metadata: "x", reason: "no" }));
      expect(JSON.stringify(ack)).toContain("can't be read");
      expect(engine.of("decide")).toEqual([]);
    });

    test("an unknown form is acknowledged with a word", async () => {
      const { receiver } = await bot(way);
      const ack = await receiver.deliver(submit({ callbackId: "old.form", metadata: "", reason: "x" }));
      expect(ack).toMatchObject({ response_action: "update" });
      expect(JSON.stringify(ack)).toContain("another version");
    });
  });

  describe("details", () => {
    test("opens for anybody, on a card of any age", async () => {
      const { receiver, engine, slack } = await bot(way);
      engine.approvals = [approvalCard({ version: 7, status: "approved" })];
      await receiver.deliver(press(actionIds.details, value));
      expect(engine.of("approval")).toEqual([{ executionId: "exec-1", stepId: "approve_recommendations" }]);
      expect(slack.of("views.open")).toMatchObject([{ trigger_id: "trigger-2", view: { type: "modal" } }]);
    });

    test("of an approval that is gone says so", async () => {
      const { receiver, ephemeral } = await bot(way);
      await receiver.deliver(press(actionIds.details, value));
      expect(ephemeral()).toContain("isn't in the store");
    });
  });

  describe("doubt and failure", () => {
    const effectKey = "exec-1/send_notifications/dana@example.com";

    test.each([
      [actionIds.sendAgain, "send_again"],
      [actionIds.arrived, "arrived"],
    ])("%s answers %s for that effect", async (id, answer) => {
      const { receiver, engine } = await bot(way);
      await receiver.deliver(press(id, encodeEffect({ effectKey })));
      expect(engine.of("resolveDoubt")).toEqual([{ effectKey, person: dana, answer }]);
    });

    test("redrive names the execution; a refusal is private", async () => {
      const { receiver, engine, ephemeral } = await bot(way);
      engine.decision = { kind: "refused", reason: "not_an_approver", message: "Only an operator may." };
      engine.states = [openExecution()];
      await receiver.deliver(press(actionIds.redrive, encodeExecution({ executionId })));
      expect(engine.of("redrive")).toEqual([{ executionId, person: dana }]);
      expect(ephemeral()).toContain("Only an operator may.");
    });
  });
});
