/** Pause, resume, abort and redrive, by command, mention and direct message. Through the real Bolt App. */
import { describe, expect, test } from "vitest";
import { RequestError } from "../../src/engine/engine.ts";
import { actionIds, encodeExecution, encodeFlow } from "../../src/notify/slack/action-ids.ts";
import { executionId } from "../notify/slack/pictures/sample-executions.ts";
import { allText, bot } from "./bot-harness.ts";
import { dana, lead } from "./fake-engine.ts";
import { command, directMessage, mention, press } from "./fake-slack.ts";
import { abortedExecution, openExecution, robin } from "./open-execution.ts";
import { ways } from "./slack-delivery.ts";

const at = 1_800_000_000_000;
const refused = {
  kind: "refused",
  reason: "not_an_operator",
  message: "An operator or an approver of this flow can abort it. Nothing changed.",
} as const;
const value = encodeExecution({ executionId });

describe.each(ways)("over %s", (way) => {
  describe("pause and resume", () => {
    test("a pause says what starts nothing, what it would have been, and what goes on", async () => {
      const { receiver, engine, answer } = await bot(way);
      await receiver.deliver(command("pause renewal_management"));
      expect(engine.of("pause")).toEqual([{ flowId: "renewal_management", person: lead }]);
      expect(answer()).toMatch(
        /`renewal_management` is paused: its schedule starts nothing \(it would have fired .*\) until `\/revops resume renewal_management`\. What falls due meanwhile isn't caught up\. By hand it still starts, and 2 executions of it go on\./,
      );
    });

    test("a flow that nothing starts by itself is paused all the same, and it is said that nothing would start it", async () => {
      const { receiver, answer } = await bot(way);
      await receiver.deliver(command("pause nightly_sync"));
      expect(answer()).toContain("Nothing starts it by itself");
    });

    test("paused twice, the second is told who was first", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.pauses.set("renewal_management", { at, by: dana });
      await receiver.deliver(command("pause renewal_management"));
      expect(answer()).toMatch(/has been paused already by Dana Reyes, since/);
    });

    test("a resume says what starts again and when, and that nothing changed where nothing was paused", async () => {
      const { receiver, engine, slack, answer } = await bot(way);
      engine.pauses.set("renewal_management", { at, by: dana });
      engine.resume = async () => {
        engine.pauses.clear();
        return { kind: "recorded", ended: false };
      };
      await receiver.deliver(command("resume renewal_management"));
      expect(answer()).toMatch(/is resumed: its schedule starts it again\. It fires next .* isn't caught up\./);
      slack.responses.length = 0;
      await receiver.deliver(command("resume renewal_management"));
      expect(answer()).toMatch(/wasn't paused: nothing changed\. It fires next/);
    });

    test("a flow that isn't there gets the nearest one", async () => {
      const { receiver, engine, answer } = await bot(way);
      await receiver.deliver(command("pause renewal_managment"));
      expect(answer()).toContain("Did you mean `renewal_management`?");
      expect(engine.of("pause")).toEqual([]);
    });
  });

  describe("abort", () => {
    test("the first word ends nothing: it asks, saying what is withdrawn, cut off and not begun", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.states = [openExecution()];
      await receiver.deliver(command(`abort ${executionId}`));
      expect(engine.of("abort")).toEqual([]);
      const said = answer();
      expect(said).toContain("End *renewal* · Acme Robotics?");
      expect(said).toContain("1 approval withdrawn: approve_offer");
      expect(said).toContain("2 steps cut off: watch_usage and onboard_again");
      expect(said).toContain("1 sub-flow ended with it: `01JCFCHILD`");
      expect(said).toContain("1 step not begun");
      expect(said).toContain("not taken back, unless you say so, 2 finished steps: send_offer and book_call");
      expect(said).toContain("Abort: withdraw 1 approval, cut off 2 steps");
      expect(said).toContain("Abort: withdraw 1 approval, cut off 2 steps, take back 2 steps");
    });

    test("asked with compensate, the one button takes back as well", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.states = [openExecution()];
      await receiver.deliver(command(`abort ${executionId} compensate`));
      expect(answer()).toContain("taken back, in this order, 2 finished steps: send_offer and book_call");
      expect(answer()).toContain(actionIds.abortAndCompensate);
      expect(answer()).not.toContain(`"${actionIds.abort}"`);
    });

    test.each([
      [actionIds.abort, false],
      [actionIds.abortAndCompensate, true],
    ])("%s does it once, and the question makes way for what was done", async (id, compensate) => {
      const { receiver, engine, slack } = await bot(way);
      engine.states = [openExecution()];
      engine.abort = async (parameters) => {
        engine.asked.push({ name: "abort", parameters });
        engine.states = [abortedExecution({ compensate })];
        return { kind: "recorded", ended: !compensate };
      };
      await receiver.deliver(press(id, value));
      expect(engine.of("abort")).toEqual([{ executionId, person: dana, compensate }]);
      expect(slack.responses).toMatchObject([{ replace_original: true }]);
      const said = allText(slack.responses[0] ?? {});
      expect(said).toContain("1 approval withdrawn: approve_offer");
      expect(said).toContain("2 steps cut off: watch_usage and onboard_again");
      expect(said).toContain(
        compensate ? "2 finished steps being taken back: send_offer and book_call" : "has been ended",
      );
      expect(said).not.toContain(actionIds.abort);
    });

    test("a question that is too old to be replaced: what was done is said beside it", async () => {
      const { receiver, engine, slack, ephemeral } = await bot(way);
      engine.states = [abortedExecution({ compensate: false })];
      slack.responsesExpired = true;
      await receiver.deliver(press(actionIds.abort, value));
      expect(ephemeral()).toContain("has been ended");
      expect(ephemeral()).not.toContain("Something went wrong");
    });

    test("who may not is told so alone, and the question stays for who may", async () => {
      const { receiver, engine, slack, ephemeral } = await bot(way);
      engine.decision = refused;
      await receiver.deliver(press(actionIds.abort, value));
      expect(ephemeral()).toContain("An operator or an approver of this flow can abort it.");
      expect(slack.responses).toEqual([]);
    });

    test("thought better of, it is left as it is", async () => {
      const { receiver, engine, slack } = await bot(way);
      await receiver.deliver(press(actionIds.leaveRunning, value));
      expect(slack.responses).toMatchObject([{ replace_original: true, text: "Left as it is: nothing changed." }]);
      expect(engine.of("abort")).toEqual([]);
    });

    test("what has ended, or is being ended, is not asked about", async () => {
      const { receiver, engine, slack, answer } = await bot(way);
      engine.states = [abortedExecution({ compensate: false })];
      await receiver.deliver(command(`abort ${executionId}`));
      expect(answer()).toContain("has ended: it is aborted. Nothing changed.");
      slack.responses.length = 0;
      engine.states = [abortedExecution({ compensate: true })];
      await receiver.deliver(command(`abort ${executionId}`));
      expect(answer()).toContain("is being ended already. Nothing changed.");
      expect(slack.responses[0]).not.toHaveProperty("blocks");
    });

    test("an execution that isn't there names the way to those that are", async () => {
      const { receiver, answer } = await bot(way);
      await receiver.deliver(command("abort 01NOPE"));
      expect(answer()).toContain("There is no execution 01NOPE. “status” lists them with their ids.");
    });

    test("in a channel the question is asked of the one who mentioned it, in its thread if there is one", async () => {
      const { receiver, engine, slack } = await bot(way);
      engine.states = [openExecution()];
      await receiver.deliver(mention(`<@UBOT> abort ${executionId}`));
      expect(slack.of("chat.postMessage")).toEqual([]);
      expect(slack.of("chat.postEphemeral")).toMatchObject([{ channel: "C1", user: "ULEAD" }]);
      expect(slack.of("chat.postEphemeral")[0]).not.toHaveProperty("thread_ts");
      await receiver.deliver(mention(`<@UBOT> abort ${executionId}`, { thread_ts: "150.1" }));
      expect(slack.of("chat.postEphemeral")[1]).toMatchObject({ thread_ts: "150.1" });
    });

    test("in a direct message it is asked there", async () => {
      const { receiver, engine, slack } = await bot(way);
      engine.states = [openExecution()];
      await receiver.deliver(directMessage(`abort ${executionId}`));
      expect(slack.of("chat.postEphemeral")).toEqual([]);
      expect(allText(slack.of("chat.postMessage")[0] ?? {})).toContain("Leave it running");
    });
  });

  describe("redrive", () => {
    test("says what starts again and what is kept", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.states = [openExecution()];
      engine.redriveAnswer = { kind: "recorded", ended: true, restarts: ["watch_usage"], keeps: ["a", "b", "c", "d"] };
      await receiver.deliver(command(`redrive ${executionId}`));
      expect(engine.of("redrive")).toEqual([{ executionId, person: lead }]);
      expect(answer()).toContain(
        `*renewal* · Acme Robotics goes on: 1 step starts again (watch_usage); keeps 4 finished steps (a, b, c and d). ` +
          "What was sent is not sent again.",
      );
      expect(answer()).toContain(`/revops status ${executionId}`);
    });

    test("from a step and with another input, both reach the engine as they were typed", async () => {
      const { receiver, engine } = await bot(way);
      engine.states = [openExecution()];
      await receiver.deliver(command(`redrive ${executionId} from watch_usage note="call first"`));
      expect(engine.of("redrive")).toEqual([
        { executionId, person: lead, from: "watch_usage", input: { note: "call first" } },
      ]);
    });

    test("a step that the flow doesn't have gets the engine's nearest one", async () => {
      const { receiver, engine, answer } = await bot(way);
      engine.states = [openExecution()];
      engine.redrive = async () => {
        throw new RequestError("renewal has no step watch_usge.", "watch_usage");
      };
      await receiver.deliver(command(`redrive ${executionId} from watch_usge`));
      expect(answer()).toContain("renewal has no step watch_usge. Did you mean `watch_usage`?");
    });

    test("on a failure's card it answers the same, to the one who pressed", async () => {
      const { receiver, engine, ephemeral } = await bot(way);
      engine.states = [openExecution()];
      engine.redriveAnswer = { kind: "recorded", ended: true, restarts: ["a", "b"], keeps: [] };
      await receiver.deliver(press(actionIds.redrive, value));
      expect(engine.of("redrive")).toEqual([{ executionId, person: dana }]);
      expect(ephemeral()).toContain("2 steps start again (a and b); keeps no finished step.");
    });
  });

  test.each([
    ["pause renewal_management", "Only an operator can pause"],
    ["resume renewal_management", "Only an operator can resume"],
    [`redrive ${executionId}`, "can redrive it"],
  ])("a refused %s by mention is told to that person alone", async (line, said) => {
    const { receiver, engine, slack, ephemeral } = await bot(way);
    engine.states = [openExecution()];
    engine.decision = { ...refused, message: `${said}. Nothing changed.` };
    await receiver.deliver(mention(`<@UBOT> ${line}`));
    expect(ephemeral()).toContain(said);
    expect(slack.of("chat.postMessage")).toEqual([]);
  });

  test("Resume on the Home lets the flow go on, says so and brings the Home up to date", async () => {
    const { receiver, engine, slack } = await bot(way);
    engine.pauses.set("renewal_management", { at, by: robin });
    const home = { view: { id: "VH", type: "home", callback_id: "", private_metadata: "" }, channel: undefined };
    await receiver.deliver(press(actionIds.homeResume, encodeFlow({ flowId: "renewal_management" }), home));
    expect(engine.of("resume")).toEqual([{ flowId: "renewal_management", person: dana }]);
    expect(slack.of("views.publish")).toHaveLength(1);
    expect(JSON.stringify(slack.of("views.open"))).toContain("is resumed");
  });
});
