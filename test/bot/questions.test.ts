/** Questions over both receivers: where the answer stands, how it grows, what may be pressed, what breaks and what must not be answered. */
import { describe, expect, test } from "vitest";
import type { AnswerPart } from "../../src/agents/answerer.ts";
import { isQuestion } from "../../src/bot/questions/is-question.ts";
import { parseCommandLine } from "../../src/bot/listeners/commands/command-line.ts";
import { answerMessage, emptyDraft, withPart } from "../../src/bot/views/answer-message.ts";
import { FailureError } from "../../src/flow/failure.ts";
import { checkBlocks } from "../../src/notify/slack/check-blocks.ts";
import { allText, bot, type Harness } from "./bot-harness.ts";
import { directMessage, mention, press } from "./fake-slack.ts";
import { header } from "./fake-engine.ts";
import { ways } from "./slack-delivery.ts";

const why = "<@UBOT> why is Acme at risk?";
const run: AnswerPart = {
  kind: "suggestion",
  suggestion: { kind: "run", flowId: "renewal_management", customerId: "cust-1", customerName: "Acme Robotics" },
};

interface Button {
  action_id: string;
  value: string;
  text: { text: string };
}

/** Of the last thing that was posted or edited. */
function last({ slack }: Harness): Record<string, unknown> {
  return slack.calls.filter(({ method }) => /^chat\.(?:post|update)/.test(method)).at(-1)?.args ?? {};
}

/** A message of a thread, with what it says by itself that it is about. */
function said(user: string, event_type: string, key: string) {
  return { ts: "150.2", user, metadata: { event_type, event_payload: { key } } };
}

function shownAfterTime(harness: Harness): string {
  harness.passTime();
  return allText(last(harness));
}

function buttonsOf(message: Record<string, unknown>): Button[] {
  const blocks: { type: string; elements: Button[] }[] = JSON.parse(JSON.stringify(message["blocks"] ?? []));
  return blocks.filter(({ type }) => type === "actions").flatMap(({ elements }) => elements);
}

/** What it says, then breaks. */
async function* brokenOff(text: string, error: Error): AsyncGenerator<AnswerPart> {
  yield { kind: "text", text };
  throw error;
}

describe.each(ways)("over %s", (way) => {
  test("a mention that is no command: answered in its thread, with what it is about in ids alone", async () => {
    const harness = await bot(way);
    harness.engine.aboutCustomer = "cust-1";
    harness.engine.parts = [
      { kind: "text", text: "Acme Robotics is at risk: 0.79." },
      { kind: "source", source: { kind: "crm", at: 0 } },
      run,
    ];
    await harness.receiver.deliver(mention(why));
    const [asked] = harness.engine.of("ask");
    expect(asked).toMatchObject({
      question: "why is Acme at risk?",
      person: { user_id: "ULEAD" },
      from: 0,
      session: "C1/200.1",
    });
    expect(last(harness)).toMatchObject({ channel: "C1" });
    expect(harness.slack.of("chat.postMessage")).toMatchObject([{ channel: "C1", thread_ts: "200.1" }]);
    expect(allText(last(harness))).toContain("Acme Robotics is at risk: 0.79.");
    expect(last(harness)["metadata"]).toEqual({ event_type: "revops_answer", event_payload: { key: "cust-1" } });
    expect(buttonsOf(last(harness)).map(({ text }) => text.text)).toEqual(["Run renewal management for Acme Robotics"]);
    expect(harness.engine.of("start")).toEqual([]);
  });

  test("a direct message: answered where it was written", async () => {
    const harness = await bot(way);
    await harness.receiver.deliver(directMessage("what is due this week"));
    expect(harness.engine.of("ask")).toMatchObject([{ question: "what is due this week", session: "D1/" }]);
    expect(harness.slack.of("chat.postMessage")[0]).not.toHaveProperty("thread_ts");
  });

  test("a suggestion does nothing until it is pressed; then it is the command, for whoever pressed", async () => {
    const harness = await bot(way);
    harness.engine.parts = [{ kind: "text", text: "So." }, run];
    await harness.receiver.deliver(mention(why));
    const [button] = buttonsOf(last(harness));
    expect(harness.engine.of("start")).toEqual([]);
    await harness.receiver.deliver(press(button?.action_id ?? "", button?.value ?? ""));
    expect(harness.engine.of("start")).toMatchObject([
      { flowId: "renewal_management", input: { customer_id: "cust-1" }, person: { user_id: "UDANA" } },
    ]);
    expect(harness.ephemeral()).toContain("exec-new");
  });

  test("each kind of suggestion is a command that is there", async () => {
    const harness = await bot(way);
    harness.engine.headers = [header({})];
    const suggestions = [
      { kind: "status", executionId: "exec-1", about: "renewal_management for Acme Robotics" },
      { kind: "show", customerId: "cust-1", customerName: "Acme Robotics" },
      { kind: "approvals" },
      { kind: "help" },
    ] as const;
    harness.engine.parts = [
      { kind: "text", text: "So." },
      ...suggestions.map((suggestion) => ({ kind: "suggestion" as const, suggestion })),
    ];
    await harness.receiver.deliver(mention(why));
    for (const { action_id, value } of buttonsOf(last(harness)))
      await harness.receiver.deliver(press(action_id, value));
    const told = harness.slack.of("chat.postEphemeral").map((message) => allText(message));
    expect(told).toHaveLength(4);
    expect(told[0]).toContain("exec-1");
    expect(harness.engine.of("customerRisk")).toEqual([{ customerId: "cust-1" }]);
    expect(told[1]).toContain("Acme Robotics");
    expect(told[3]).toContain("What works today");
  });

  test("the next page is asked where the first one stands", async () => {
    const harness = await bot(way);
    const ask = { kind: "ask", question: "what is due?", from: 12, label: "Next 12" } as const;
    harness.engine.parts = [
      { kind: "text", text: "So." },
      { kind: "suggestion", suggestion: ask },
    ];
    await harness.receiver.deliver(mention("<@UBOT> what is due?"));
    const [button] = buttonsOf(last(harness));
    const message = { type: "message", ts: "201.1", thread_ts: "200.1", text: "So." };
    await harness.receiver.deliver(
      press(button?.action_id ?? "", button?.value ?? "", { channel: { id: "C1" }, message }),
    );
    expect(harness.engine.of("ask")).toMatchObject([
      { from: 0 },
      { question: "what is due?", from: 12, session: "C1/200.1" },
    ]);
    expect(harness.slack.of("chat.postMessage").map(({ thread_ts }) => thread_ts)).toEqual(["200.1", "200.1"]);
  });

  test("an answer that takes its time grows in one message", async () => {
    const harness = await bot(way);
    harness.slack.answers.set("chat.postMessage", { ts: "201.5" });
    const { promise: half, resolve: goOn } = Promise.withResolvers<void>();
    harness.engine.parts = (async function* (): AsyncGenerator<AnswerPart> {
      yield { kind: "text", text: "First. " };
      await half;
      yield { kind: "text", text: "Second." };
    })();
    const answered = harness.receiver.deliver(mention(why));
    await expect.poll(() => shownAfterTime(harness)).toContain("First. …");
    goOn();
    await answered;
    expect(harness.slack.of("chat.postMessage")).toHaveLength(1);
    expect(harness.slack.of("chat.update").every(({ ts }) => ts === "201.5")).toBe(true);
    expect(allText(last(harness))).toContain("First. Second.");
  });

  test("it is acknowledged before it is answered", async () => {
    const harness = await bot(way);
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    harness.engine.parts = (async function* (): AsyncGenerator<AnswerPart> {
      await held;
      yield { kind: "text", text: "Late." };
    })();
    await harness.receiver.send(mention(why));
    expect(allText(last(harness))).not.toContain("Late.");
    letGo();
    await harness.inFlight.settled();
    expect(allText(last(harness))).toContain("Late.");
  });

  test("an answer that is cut off says so, and may be asked again", async () => {
    const harness = await bot(way);
    harness.engine.parts = brokenOff(
      "Its risk is",
      new FailureError({ error: "Agent.Timeout", cause: "agent A1/B2 secret" }),
    );
    await harness.receiver.deliver(mention(why));
    const text = allText(last(harness));
    expect(text).toMatch(/Its risk is.*cut off here and is not whole.*took too long.*reference [0-9a-f]{6}/);
    expect(text).not.toContain("secret");
    expect(harness.logs).toMatchObject([{ level: "error", message: "a question could not be answered" }]);
    const [again] = buttonsOf(last(harness));
    harness.engine.parts = [{ kind: "text", text: "Its risk is 0.79." }];
    const message = { type: "message", ts: "201.1", thread_ts: "200.1", text: "x" };
    await harness.receiver.deliver(
      press(again?.action_id ?? "", again?.value ?? "", { channel: { id: "C1" }, message }),
    );
    expect(harness.engine.of("ask")).toMatchObject([
      {},
      { question: "why is Acme at risk?", person: { user_id: "UDANA" } },
    ]);
    expect(allText(last(harness))).toContain("Its risk is 0.79.");
  });

  test("facts that can't be read are no fault of a model", async () => {
    const harness = await bot(way);
    harness.engine.fault = new FailureError({ error: "Agent.Unavailable", cause: "no database at db.internal" });
    await harness.receiver.deliver(mention(why));
    expect(allText(last(harness))).toMatch(
      /What is known of the customers can't be read now\. \(reference [0-9a-f]{6}\)/,
    );
    expect(allText(last(harness))).not.toMatch(/db\.internal|model|cut off/);
  });

  test("the bot stops while an answer comes: it is cut off, and the stop isn't held up", async () => {
    const harness = await bot(way);
    harness.engine.ask = async ({ signal }) => ({
      customerId: null,
      parts: (async function* (): AsyncGenerator<AnswerPart> {
        yield { kind: "text", text: "Its risk is" };
        await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(new Error("cut"))));
      })(),
    });
    const answered = harness.receiver.deliver(mention(why));
    await expect.poll(() => shownAfterTime(harness)).toContain("Its risk is");
    harness.stop();
    await answered;
    expect(allText(last(harness))).toContain("The app is being restarted.");
  });

  test("several questions at once in one thread are answered in their order, those of other threads meanwhile", async () => {
    const harness = await bot(way);
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const answered: string[] = [];
    harness.engine.ask = async ({ question }) => ({
      customerId: null,
      parts: (async function* (): AsyncGenerator<AnswerPart> {
        if (question.includes("first")) await held;
        answered.push(question);
        yield { kind: "text", text: question };
      })(),
    });
    for (const which of ["first", "second", "third"])
      await harness.receiver.send(mention(`<@UBOT> what of the ${which}?`, { thread_ts: "1.1" }));
    await harness.receiver.send(mention("<@UBOT> what of another?", { thread_ts: "2.1" }));
    await expect.poll(() => answered).toEqual(["what of another?"]);
    letGo();
    await harness.inFlight.settled();
    expect(answered.slice(1)).toEqual(["what of the first?", "what of the second?", "what of the third?"]);
  });

  test("more questions in a thread than anybody reads are refused, in words", async () => {
    const harness = await bot(way);
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    harness.engine.parts = (async function* (): AsyncGenerator<AnswerPart> {
      await held;
      yield { kind: "text", text: "So." };
    })();
    for (let at = 0; at < 8; at += 1) await harness.receiver.send(mention(why, { thread_ts: "1.1" }));
    const refused = () =>
      harness.slack.of("chat.postMessage").filter((sent) => allText(sent).includes("still answering"));
    await expect.poll(() => refused().length).toBe(3);
    letGo();
    await harness.inFlight.settled();
    expect(harness.engine.of("ask")).toHaveLength(5);
  });

  test("the same event twice is answered once", async () => {
    const harness = await bot(way);
    const body = mention(why);
    await harness.receiver.deliver(body);
    await harness.receiver.deliver(body, { num: 1, reason: "http_timeout" });
    expect(harness.engine.of("ask")).toHaveLength(1);
  });

  test.each([
    ["another bot's mention", mention(why, { bot_id: "BOTHER" })],
    ["an edited mention", mention(why, { edited: { user: "ULEAD", ts: "200.2" } })],
    ["another bot's direct message", directMessage("why is Acme at risk?", { bot_id: "BOTHER" })],
    ["an edited direct message", directMessage("why?", { subtype: "message_changed", message: { text: "why?" } })],
  ])("%s is not answered", async (_what, body) => {
    const harness = await bot(way);
    await harness.receiver.deliver(body);
    expect(harness.slack.calls).toEqual([]);
    expect(harness.engine.of("ask")).toEqual([]);
  });

  test("an empty mention gets help, and one of four thousand letters a clear word", async () => {
    const harness = await bot(way);
    await harness.receiver.deliver(mention("<@UBOT>  "));
    expect(allText(last(harness))).toContain("What works today");
    await harness.receiver.deliver(mention(`<@UBOT> ${"why ".repeat(1_000)}`));
    expect(allText(last(harness))).toContain("at most 1,000 characters: this has 3,999");
    expect(harness.engine.of("ask")).toEqual([]);
  });

  test("a call to all in an answer pings nobody", async () => {
    const harness = await bot(way);
    const name = "<!channel> *Acme* <@U1>";
    harness.engine.parts = [
      { kind: "text", text: `${name} is at risk` },
      { kind: "suggestion", suggestion: { kind: "show", customerId: "<!here>", customerName: name } },
    ];
    await harness.receiver.deliver(mention(why));
    const { text, blocks } = last(harness);
    const mrkdwn = JSON.stringify([
      text,
      (Array.isArray(blocks) ? blocks : []).filter((block) => JSON.stringify(block).includes("mrkdwn")),
    ]);
    expect(mrkdwn).not.toMatch(/<!channel>|<@U1>/);
  });

  test("a follow-up asks the thread, and believes the bot's own messages alone", async () => {
    const harness = await bot(way);
    harness.slack.answers.set("conversations.replies", {
      messages: [
        said("UBOT", "revops_card", "exec-1/ask#card"),
        said("UBOT", "revops_answer", "cust-1"),
        said("UOTHER", "revops_answer", "cust-of-another-app"),
        { ts: "150.4", user: "ULEAD", text: "and then?" },
      ],
    });
    let subject: unknown = null;
    harness.engine.ask = async ({ thread }) => {
      subject = await thread();
      return { customerId: null, parts: (async function* () {})() };
    };
    await harness.receiver.deliver(mention("<@UBOT> and what did we do?", { thread_ts: "150.1" }));
    expect(subject).toEqual({ customerId: "cust-1" });
    expect(harness.slack.of("conversations.replies")).toMatchObject([{ channel: "C1", ts: "150.1" }]);
    harness.slack.answers.set("conversations.replies", { messages: [said("UBOT", "revops_card", "exec-1/ask#card")] });
    await harness.receiver.deliver(mention("<@UBOT> and what did we do?", { thread_ts: "150.1" }));
    expect(subject).toEqual({ executionId: "exec-1" });
    harness.slack.answers.set("conversations.replies", "missing_scope");
    await harness.receiver.deliver(mention("<@UBOT> and what did we do?", { thread_ts: "150.1" }));
    expect(subject).toBeNull();
  });

  test("in a direct message the last answer counts for an hour", async () => {
    const harness = await bot(way);
    const metadata = { event_type: "revops_answer", event_payload: { key: "cust-1" } };
    let subject: unknown = "not asked";
    harness.engine.ask = async ({ thread }) => {
      subject = await thread();
      return { customerId: null, parts: (async function* () {})() };
    };
    const history = (ts: string) =>
      harness.slack.answers.set("conversations.history", { messages: [{ ts, user: "UBOT", metadata }] });
    history("9000.1");
    await harness.receiver.deliver(directMessage("and then?", { ts: "10000.1" }));
    expect(subject).toEqual({ customerId: "cust-1" });
    history("5000.1");
    await harness.receiver.deliver(directMessage("and then?", { ts: "10000.1" }));
    expect(subject).toBeNull();
  });

  test("where the answer can't be posted, the log says so and nothing is thrown", async () => {
    const harness = await bot(way);
    harness.slack.answers.set("chat.postMessage", "not_in_channel");
    await harness.receiver.deliver(mention(why));
    expect(harness.logs.map(({ message }) => message)).toContain("an answer could not be given in Slack");
  });

  test("the message was deleted while the answer came: it stays deleted", async () => {
    const harness = await bot(way);
    harness.slack.answers.set("chat.postMessage", { ts: "201.5" });
    harness.slack.answers.set("chat.update", "message_not_found");
    const { promise: half, resolve: goOn } = Promise.withResolvers<void>();
    harness.engine.parts = (async function* (): AsyncGenerator<AnswerPart> {
      yield { kind: "text", text: "First. " };
      await half;
    })();
    const answered = harness.receiver.deliver(mention(why));
    await expect.poll(() => shownAfterTime(harness)).toContain("First. …");
    goOn();
    await answered;
    expect(harness.slack.of("chat.postMessage")).toHaveLength(1);
    expect(harness.logs.filter(({ level }) => level === "error")).toEqual([]);
  });
});

describe("a command or a question", () => {
  test.each([
    ["status", false],
    ["status Acme Robotics", false],
    ["rnu", false],
    ["staus Acme", false],
    ["help run", false],
    ["run renewal_management Acme", false],
    ["run", false],
    ["history", false],
    ["simulate renewal_management", false],
    ["status of Acme", true],
    ["status Acme?", true],
    ["history of Acme", true],
    ["explain why Acme is at risk", true],
    ["help me with Acme please", true],
    ["who renews this month", true],
    ["Acme", true],
    ["what's due?", true],
    ["statuses of all my customers", true],
  ])("%s", (line, isOne) => {
    expect(isQuestion(line, parseCommandLine(line))).toBe(isOne);
  });
});

test("the longest, most hostile answer stays within Slack's limits", () => {
  const nasty = `<!channel> *x* ${"&".repeat(4_000)}`;
  const parts: AnswerPart[] = [
    { kind: "text", text: Array.from({ length: 200 }, (_, line) => `• ${line} ${nasty}`).join("\n") },
    ...Array.from({ length: 30 }, (): AnswerPart => ({
      kind: "source",
      source: { kind: "execution", executionId: nasty, at: 0 },
    })),
    { kind: "suggestion", suggestion: { kind: "ask", question: nasty, from: 0, label: nasty } },
    ...Array.from({ length: 9 }, (): AnswerPart => ({
      kind: "suggestion",
      suggestion: { kind: "show", customerId: "c", customerName: nasty },
    })),
  ];
  const { text, blocks } = answerMessage(parts.reduce(withPart, emptyDraft()), "UTC");
  expect(checkBlocks(blocks)).toEqual([]);
  expect(JSON.stringify(blocks)).toContain("for which a message has no room");
  expect(text.length).toBeLessThan(4_000);
});
