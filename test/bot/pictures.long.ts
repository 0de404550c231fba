/** Buttons that ask for pictures, through the real Bolt App: where does the picture go, and who is told what? */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { actionIds, encodeExecution, encodeFlow } from "../../src/notify/slack/action-ids.ts";
import { completed, execution, executionId, pending, renewal } from "../notify/slack/pictures/sample-executions.ts";
import { agentStep, flow } from "../engine/flows.ts";
import { bot, type Harness } from "./bot-harness.ts";
import { command, press } from "./fake-slack.ts";
import { header } from "./fake-engine.ts";

const address = "https://files.slack.test/upload/v1/abc";
let uploaded: Buffer[];
let beforeAnswer: () => Promise<void>;

/** The bytes go to an address of their own, not through Slack's client. */
beforeEach(() => {
  uploaded = [];
  beforeAnswer = async () => {};
  const real = globalThis.fetch;
  vi.stubGlobal("fetch", async (url: string | URL | Request, init?: RequestInit) => {
    if (url !== address) return real(url, init);
    uploaded.push(Buffer.from(await new Response(init?.body).arrayBuffer()));
    await beforeAnswer();
    return new Response("OK");
  });
});
afterEach(() => void vi.unstubAllGlobals());

async function ready(states = [pending()]): Promise<Harness> {
  const harness = await bot();
  harness.engine.states = states;
  harness.engine.definitions = [renewal];
  harness.slack.answers.set("files.getUploadURLExternal", { upload_url: address, file_id: "F1" });
  return harness;
}

const ofExecution = encodeExecution({ executionId });
const withoutCard = () => execution([]);
const isPng = (bytes: Buffer | undefined) => bytes?.subarray(0, 8).toString("hex") === "89504e470d0a1a0a";

describe("a timeline", () => {
  test("is acknowledged at once, however long the upload takes", async () => {
    const { receiver, slack, inFlight } = await ready();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    beforeAnswer = () => held;
    expect(await receiver.send(press(actionIds.timeline, ofExecution))).toBeUndefined();
    expect(slack.of("files.completeUploadExternal")).toEqual([]);
    release();
    await inFlight.settled();
    expect(slack.of("files.completeUploadExternal")).toHaveLength(1);
  });

  test("goes into the thread of the approval's card, with its words; who pressed is told where", async () => {
    const { receiver, slack, ephemeral } = await ready();
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    expect(slack.of("files.completeUploadExternal")).toMatchObject([
      {
        channel_id: "C0RENEWALS",
        thread_ts: "1794578400.000100",
        files: [{ id: "F1", title: "Timeline of renewal_management" }],
        initial_comment: "Acme Robotics: running, waits for Dana Reyes or a RevOps lead",
      },
    ]);
    expect(slack.of("files.getUploadURLExternal")).toMatchObject([
      { alt_txt: expect.stringContaining("approve_recommendations: waits for Dana Reyes") },
    ]);
    expect(uploaded).toHaveLength(1);
    expect(isPng(uploaded[0])).toBe(true);
    expect(ephemeral()).toContain("The timeline stands in the thread of its card in <#C0RENEWALS>.");
  });

  test("pressed in the card's own thread needs no word", async () => {
    const { receiver, slack } = await ready();
    const channel = { id: "C0RENEWALS", name: "renewals" };
    const message = { type: "message", ts: "1794578401.1", thread_ts: "1794578400.000100" };
    await receiver.deliver(press(actionIds.timeline, ofExecution, { channel, message }));
    expect(slack.of("files.completeUploadExternal")).toHaveLength(1);
    expect(slack.of("chat.postEphemeral")).toEqual([]);
  });

  test("is drawn in the zone of who pressed; without one, in the execution's", async () => {
    const zones: (string | undefined)[] = ["Asia/Kolkata", "Not/AZone", undefined];
    const texts: unknown[] = [];
    for (const tz of zones) {
      const { receiver, slack } = await ready();
      slack.answers.set("users.info", tz === undefined ? "user_not_found" : { user: { id: "UDANA", tz } });
      await receiver.deliver(press(actionIds.timeline, ofExecution));
      texts.push(slack.of("files.getUploadURLExternal")[0]?.["alt_txt"]);
    }
    expect(texts).toEqual([
      expect.stringContaining("(Asia/Kolkata)"),
      expect.stringContaining("(America/New_York)"),
      expect.stringContaining("(America/New_York)"),
    ]);
  });

  test("of an execution without a card stands where it was asked for, in the thread if in one", async () => {
    const { receiver, slack } = await ready([withoutCard()]);
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    const inThread = { message: undefined, container: { type: "message", thread_ts: "5.5", is_ephemeral: true } };
    await receiver.deliver(press(actionIds.timeline, ofExecution, inThread));
    const [one, other] = slack.of("files.completeUploadExternal");
    expect(one).toMatchObject({ channel_id: "C2" });
    expect(one).not.toHaveProperty("thread_ts");
    expect(other).toMatchObject({ channel_id: "C2", thread_ts: "5.5" });
    expect(slack.of("chat.postEphemeral")).toEqual([]);
  });

  test("comes by direct message where the bot isn't in the channel", async () => {
    const { receiver, slack, ephemeral } = await ready([withoutCard()]);
    slack.answers.set("conversations.info", { channel: { id: "C2", is_member: false } });
    slack.answers.set("conversations.open", { channel: { id: "D7" } });
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    expect(slack.of("conversations.open")).toMatchObject([{ users: "UDANA" }]);
    expect(slack.of("files.completeUploadExternal")).toMatchObject([{ channel_id: "D7" }]);
    expect(ephemeral()).toContain("in your direct messages with me");
  });

  test("pressed in a modal is announced there at once, and told when it stands", async () => {
    const { receiver, slack } = await ready();
    slack.answers.set("views.push", { view: { id: "V2" } });
    const inModal = {
      channel: undefined,
      message: undefined,
      view: { id: "V1", type: "modal" },
      container: { type: "view" },
    };
    await receiver.deliver(press(actionIds.timeline, ofExecution, inModal));
    const methods = slack.calls.map(({ method }) => method);
    expect(methods[0]).toBe("views.push");
    expect(methods.at(-1)).toBe("views.update");
    expect(slack.of("views.update")).toMatchObject([{ view_id: "V2" }]);
    expect(JSON.stringify(slack.of("views.update"))).toContain("in the thread of its card");
  });

  test("of an execution that is gone is said", async () => {
    const { receiver, slack, ephemeral } = await ready([]);
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    expect(ephemeral()).toContain(`There is no execution ${executionId}.`);
    expect(slack.of("files.getUploadURLExternal")).toEqual([]);
  });
});

describe("two presses", () => {
  test("for the same picture give one, and a word to the second", async () => {
    const { receiver, slack } = await ready();
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    await receiver.deliver(press(actionIds.timeline, ofExecution, { user: { id: "ULEAD", username: "lead" } }));
    expect(slack.of("files.completeUploadExternal")).toHaveLength(1);
    expect(slack.of("chat.postEphemeral")).toMatchObject([
      { user: "UDANA" },
      { user: "ULEAD", text: expect.stringContaining("was asked for a few seconds ago: it stands in the thread") },
    ]);
  });

  test("for a timeline and a graph, or after something has happened, give both", async () => {
    const { receiver, engine, slack } = await ready();
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    await receiver.deliver(press(actionIds.executionGraph, ofExecution));
    engine.states = [completed()];
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    expect(slack.of("files.completeUploadExternal")).toMatchObject([
      { files: [{ title: "Timeline of renewal_management" }] },
      { files: [{ title: "Graph of renewal_management" }] },
      { files: [{ title: "Timeline of renewal_management" }], initial_comment: "Acme Robotics: completed" },
    ]);
  });
});

describe("a graph of a flow", () => {
  const ofFlow = encodeFlow({ flowId: "renewal_management" });

  test("stands where it was asked for", async () => {
    const { receiver, slack } = await ready();
    await receiver.deliver(press(actionIds.flowGraph, ofFlow));
    expect(slack.of("files.completeUploadExternal")).toMatchObject([
      { channel_id: "C2", initial_comment: expect.stringMatching(/^Version 2\.0: Assess customers before/) },
    ]);
    expect(isPng(uploaded[0])).toBe(true);
  });

  test("that is loaded no more is said, with the nearest that is", async () => {
    const { receiver, ephemeral } = await ready();
    await receiver.deliver(press(actionIds.flowGraph, encodeFlow({ flowId: "renewal_managment" })));
    expect(ephemeral()).toContain("Did you mean `renewal_management`?");
  });

  test("with more steps than can be read is not drawn", async () => {
    const { receiver, engine, slack, ephemeral } = await ready();
    const steps = Array.from({ length: 41 }, (_, index) => agentStep(`step_${index}`, "find"));
    engine.definitions = [flow(steps, { flow_id: "renewal_management" })];
    await receiver.deliver(press(actionIds.flowGraph, ofFlow));
    expect(ephemeral()).toContain("has 41 steps");
    expect(slack.of("files.getUploadURLExternal")).toEqual([]);
  });
});

describe("a picture of the risk", () => {
  test("says what the score is made of", async () => {
    const { receiver, slack } = await ready();
    await receiver.deliver(press(actionIds.executionRisk, ofExecution));
    expect(slack.of("files.completeUploadExternal")).toMatchObject([
      { thread_ts: "1794578400.000100", initial_comment: "Acme Robotics: risk 0.78, high" },
    ]);
    expect(slack.of("files.getUploadURLExternal")).toMatchObject([
      { alt_txt: expect.stringContaining("Raises it by 0.22: Seat use 41 % of 120, was 68 % in August.") },
    ]);
  });

  test("of an execution that has assessed none is not drawn, and that is said", async () => {
    const { receiver, slack, ephemeral } = await ready([withoutCard()]);
    await receiver.deliver(press(actionIds.executionRisk, ofExecution));
    expect(ephemeral()).toContain("has assessed no risk");
    expect(slack.of("files.getUploadURLExternal")).toEqual([]);
  });
});

describe("a refusal of Slack's", () => {
  test("for want of files:write says what to do, in private, and posts nothing", async () => {
    const { receiver, slack, ephemeral } = await ready();
    slack.answers.set("files.getUploadURLExternal", "missing_scope");
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    expect(ephemeral()).toMatch(/files:write.*manifest/);
    expect(slack.of("files.completeUploadExternal")).toEqual([]);
  });

  test("because the bot left the card's channel says to invite it", async () => {
    const { receiver, slack, ephemeral } = await ready();
    slack.answers.set("files.completeUploadExternal", "not_in_channel");
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    expect(ephemeral()).toContain("/invite");
  });

  test("that nobody expected gets a reference, and the log the reason", async () => {
    const { receiver, slack, logs, ephemeral } = await ready();
    slack.answers.set("files.getUploadURLExternal", {});
    await receiver.deliver(press(actionIds.timeline, ofExecution));
    expect(ephemeral()).toMatch(/reference [0-9a-f]{6}/);
    expect(logs.filter(({ level }) => level === "error")).toHaveLength(1);
  });
});

describe("the buttons", () => {
  test("stand under an execution's status", async () => {
    const { receiver, engine, slack } = await ready();
    engine.definitions = [];
    engine.customers = [];
    engine.headers = [header({ execution_id: executionId })];
    await receiver.deliver(command(`status ${executionId}`));
    const blocks = JSON.stringify(slack.responses[0]?.["blocks"]);
    for (const id of [actionIds.timeline, actionIds.executionGraph]) expect(blocks).toContain(id);
    expect(blocks).toContain(JSON.stringify(ofExecution).slice(1, -1));
  });

  test("stand beside each flow", async () => {
    const { receiver, slack } = await ready();
    await receiver.deliver(command("flows"));
    expect(slack.responses[0]?.["blocks"]).toContainEqual(
      expect.objectContaining({ accessory: expect.objectContaining({ action_id: actionIds.flowGraph }) }),
    );
  });
});
