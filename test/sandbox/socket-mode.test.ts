import type { App, BlockAction, SlackEventMiddlewareArgs, SlashCommand } from "@slack/bolt";
import { WebAPIPlatformError } from "@slack/web-api";
import { describe, expect, test, vi } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import {
  botPosts,
  button,
  danaId,
  leadId,
  outsiderId,
  section,
  start,
  startBolt,
  type Started,
} from "./sandbox-harness.ts";

const Ticket = z.object({ url: z.string() });

const actions = (...elements: ReturnType<typeof button>[]) => ({ type: "actions" as const, elements });

/** A connection of the test's own: it hears envelopes and answers only when told. */
async function connect({ sandbox }: Started): Promise<{ socket: WebSocket; heard: Record<string, unknown>[] }> {
  const response = await fetch(`${sandbox.settings.slackApiUrl}apps.connections.open`, {
    method: "POST",
    headers: { authorization: `Bearer ${sandbox.settings.slackAppToken}` },
  });
  const { url } = Ticket.parse(await response.json());
  const socket = new WebSocket(url);
  const heard: Record<string, unknown>[] = [];
  socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString())));
  await vi.waitFor(() => expect(heard[0]?.["type"]).toBe("hello"));
  return { socket, heard };
}

describe("a slash command", () => {
  test("reaches the bot in Slack's shape, escaped, and shows nothing by itself", async () => {
    const { sandbox, page } = await start();
    const commands: SlashCommand[] = [];
    await startBolt(sandbox, (app) =>
      app.command("/revops", async ({ command, ack }) => {
        commands.push(command);
        await ack();
      }),
    );
    const channel = await page.channel("revops");
    expect(await page.say({ text: "/revops  run <!channel> & @RevOps a@b.com " })).toEqual({ ok: true });
    expect(commands[0]).toMatchObject({
      command: "/revops",
      text: "run &lt;!channel&gt; &amp; @RevOps a@b.com",
      user_id: leadId,
      user_name: "lead",
      channel_id: channel,
      channel_name: "revops",
      is_enterprise_install: "false",
    });
    expect(await page.messages(channel)).toEqual([]);
  });

  test("the acknowledgement's text is an ephemeral message, or one for the channel", async () => {
    const { sandbox, page } = await start();
    await startBolt(sandbox, (app) =>
      app.command("/revops", async ({ command, ack }) => {
        await (command.text === "loud" ? ack({ response_type: "in_channel", text: "to all" }) : ack("to you"));
      }),
    );
    const channel = await page.channel("revops");
    await page.say({ text: "/revops" });
    await page.say({ text: "/revops loud" });
    expect(await page.texts(channel, leadId)).toEqual(["to you", "to all"]);
    expect(await page.texts(channel, danaId)).toEqual(["to all"]);
  });

  test("one that nobody registered, or in a thread, gets Slack's words and reaches nobody", async () => {
    const started = await start();
    const { page, client } = started;
    const { heard } = await connect(started);
    expect((await page.say({ text: "/revop run" })).error).toMatch(/^\/revop is not a valid command\./);
    const { ts = "" } = await botPosts(client, { channel: "#revops", text: "head" });
    expect((await page.say({ text: "/revops", threadTs: ts })).error).toMatch(/not supported in threads/);
    expect(heard.map(({ type }) => type)).toEqual(["hello"]);
  });

  test("without a bot it fails at once, with a silent one after three seconds, and the page hears both", async () => {
    const started = await start();
    const { page, time, sandbox } = started;
    const stream = await fetch(`${sandbox.url}/sandbox/events`);
    const reader = stream.body?.getReader();
    expect((await page.say({ text: "/revops" })).error).toBe('/revops failed with the error "dispatch_failed"');
    const { heard } = await connect(started);
    const answer = page.say({ text: "/revops" });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    time.pass(3_000);
    expect((await answer).error).toBe('/revops failed with the error "operation_timeout"');
    let told = "";
    while (!told.includes("operation_timeout")) told += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(told).toContain("dispatch_failed");
    await reader?.cancel();
  });

  test("an acknowledgement with blocks that Slack can't show is a failed command", async () => {
    const { sandbox, page } = await start();
    await startBolt(sandbox, (app) =>
      app.command("/revops", async ({ ack }) => ack({ text: "x", blocks: [section("x".repeat(3_001))] })),
    );
    expect((await page.say({ text: "/revops" })).error).toMatch(/failed with the error/);
  });
});

async function withCard(register: (app: App) => void): Promise<Started & { channel: string }> {
  const started = await start();
  await startBolt(started.sandbox, register);
  const channel = await started.page.channel("renewals");
  const blocks = [section("Acme"), { ...actions(button("approve", "exec-1:1"), button("reject")), block_id: "decide" }];
  const metadata = { event_type: "card", event_payload: { key: "k" } };
  await botPosts(started.client, { channel, text: "card", blocks, metadata });
  return { ...started, channel };
}

describe("a press", () => {
  test("carries who, where, the message and the element's own value, whatever the page claims", async () => {
    const bodies: BlockAction[] = [];
    const { page, channel } = await withCard((app) =>
      app.action<BlockAction>("approve", async ({ body, ack }) => {
        bodies.push(body);
        await ack();
      }),
    );
    const [card] = await page.messages(channel);
    if (card === undefined) throw new Error("no card");
    expect(await page.press({ as: danaId, message: card, actionId: "approve", value: "forged" })).toEqual({ ok: true });
    expect(bodies[0]).toMatchObject({
      type: "block_actions",
      user: { id: danaId, username: "dana" },
      channel: { id: channel, name: "renewals" },
      container: { type: "message", message_ts: card.ts, channel_id: channel, is_ephemeral: false },
      message: { ts: card.ts, text: "card", metadata: { event_payload: { key: "k" } } },
      actions: [{ action_id: "approve", block_id: "decide", type: "button", value: "exec-1:1" }],
    });
    expect(bodies[0]?.trigger_id).toBeTruthy();
  });

  test("on a button that is gone meanwhile is refused and reaches nobody", async () => {
    const pressed: string[] = [];
    const { page, channel, client } = await withCard((app) =>
      app.action("approve", async ({ ack }) => {
        pressed.push("approve");
        await ack();
      }),
    );
    const [card] = await page.messages(channel);
    if (card === undefined) throw new Error("no card");
    await client.chat.update({ channel, ts: card.ts, text: "decided", blocks: [section("decided")] });
    expect((await page.press({ as: danaId, message: card, actionId: "approve" })).error).toMatch(/no longer there/);
    await client.chat.delete({ channel, ts: card.ts });
    expect((await page.press({ as: danaId, message: card, actionId: "approve" })).error).toBe("message_not_found");
    expect(pressed).toEqual([]);
  });

  test("nobody presses what they can't see", async () => {
    const { page, channel, client } = await withCard(() => {});
    await client.chat.postEphemeral({ channel, user: danaId, text: "psst", blocks: [actions(button("secret"))] });
    const message = (await page.messages(channel, danaId)).at(-1);
    if (message === undefined) throw new Error("no message");
    expect((await page.press({ as: outsiderId, message, actionId: "secret" })).error).toBe("message_not_found");
    const direct = await botPosts(client, { channel: danaId, text: "dm", blocks: [actions(button("mine"))] });
    const [mine] = await page.messages(direct.channel ?? "", danaId);
    if (mine === undefined) throw new Error("no message");
    expect((await page.press({ as: outsiderId, message: mine, actionId: "mine" })).error).toBe("channel_not_found");
  });

  test("in an ephemeral message comes without the message, which Slack doesn't keep", async () => {
    const bodies: BlockAction[] = [];
    const { page, channel, client } = await withCard((app) =>
      app.action<BlockAction>("secret", async ({ body, ack }) => {
        bodies.push(body);
        await ack();
      }),
    );
    await client.chat.postEphemeral({ channel, user: danaId, text: "psst", blocks: [actions(button("secret"))] });
    const message = (await page.messages(channel, danaId)).at(-1);
    if (message === undefined) throw new Error("no message");
    await page.press({ as: danaId, message, actionId: "secret" });
    expect(bodies[0]?.container).toMatchObject({ is_ephemeral: true, message_ts: message.ts });
    expect(bodies[0]?.message).toBeUndefined();
  });

  test("takes a select's choice only from what it offers", async () => {
    const chosen: unknown[] = [];
    const started = await withCard((app) =>
      app.action<BlockAction>("pick", async ({ action, ack }) => {
        chosen.push("selected_option" in action ? action.selected_option : null);
        await ack();
      }),
    );
    const { page, channel, client } = started;
    const option = { text: { type: "plain_text" as const, text: "One" }, value: "1" };
    const select = { type: "static_select" as const, action_id: "pick", options: [option] };
    await botPosts(client, { channel, text: "x", blocks: [{ type: "actions", elements: [select] }] });
    const message = (await page.messages(channel)).at(-1);
    if (message === undefined) throw new Error("no message");
    expect((await page.press({ as: danaId, message, actionId: "pick", value: "2" })).ok).toBe(false);
    expect((await page.press({ as: danaId, message, actionId: "pick", value: "1" })).ok).toBe(true);
    expect(chosen).toMatchObject([{ value: "1", text: { text: "One" } }]);
  });
});

const reasonView = (over: Record<string, unknown> = {}) => ({
  type: "modal" as const,
  callback_id: "reject",
  private_metadata: "exec-1",
  title: { type: "plain_text" as const, text: "Reject" },
  submit: { type: "plain_text" as const, text: "Reject" },
  blocks: [
    {
      type: "input" as const,
      block_id: "reason",
      label: { type: "plain_text" as const, text: "Why" },
      element: { type: "plain_text_input" as const, action_id: "text" },
    },
  ],
  ...over,
});

const values = (value: string | null) => ({ reason: { text: { type: "plain_text_input", value } } });

/** A bot whose button opens the modal, on Dana's press. */
async function opened(
  register: (app: App) => void = () => {},
  view = reasonView(),
): Promise<Started & { viewId: string }> {
  const started = await start();
  await startBolt(started.sandbox, (app) => {
    app.action<BlockAction>("open", async ({ ack, body, client }) => {
      await client.views.open({ trigger_id: body.trigger_id, view });
      await ack();
    });
    register(app);
  });
  await botPosts(started.client, { channel: "#revops", text: "x", blocks: [actions(button("open"))] });
  const [message] = await started.page.messages(await started.page.channel("revops"));
  if (message === undefined) throw new Error("no message");
  await started.page.press({ as: danaId, message, actionId: "open" });
  const shown = await started.page.view(danaId);
  if (shown === null) throw new Error("no modal");
  return { ...started, viewId: shown.id };
}

describe("a modal", () => {
  test("opens for the one who pressed and nobody else", async () => {
    const { page } = await opened();
    expect(await page.view(danaId)).toMatchObject({
      view: { type: "modal", callback_id: "reject", private_metadata: "exec-1" },
    });
    expect(await page.view(outsiderId)).toBeNull();
  });

  test("hands over what was typed unescaped, and closes", async () => {
    const heard: unknown[] = [];
    const { page, viewId } = await opened((app) =>
      app.view("reject", async ({ view, body, ack }) => {
        heard.push([view.state.values["reason"]?.["text"]?.value, view.private_metadata, body.user.id]);
        await ack();
      }),
    );
    expect(await page.post("view-submit", { as: danaId, viewId, values: values("a < b & c") })).toEqual({ ok: true });
    expect(heard).toEqual([["a < b & c", "exec-1", danaId]]);
    expect(await page.view(danaId)).toBeNull();
  });

  test("stays open with errors from the bot, and with Slack's own for a required field", async () => {
    const { page, viewId } = await opened((app) =>
      app.view("reject", async ({ ack }) => ack({ response_action: "errors", errors: { reason: "Say more." } })),
    );
    expect(await page.post("view-submit", { as: danaId, viewId, values: values(null) })).toEqual({
      ok: false,
      errors: { reason: "Please complete this required field." },
    });
    expect(await page.post("view-submit", { as: danaId, viewId, values: values("no") })).toEqual({
      ok: false,
      errors: { reason: "Say more." },
    });
    expect((await page.view(danaId))?.id).toBe(viewId);
  });

  test("is replaced by an update, stacked by a push, emptied by clear", async () => {
    const answers = [
      { response_action: "update" as const, view: reasonView({ callback_id: "second" }) },
      { response_action: "push" as const, view: reasonView({ callback_id: "third" }) },
      { response_action: "clear" as const },
    ];
    const { page, viewId } = await opened((app) =>
      app.view(/.*/, async ({ ack }) => {
        const answer = answers.shift();
        await (answer === undefined ? ack() : ack(answer));
      }),
    );
    await page.post("view-submit", { as: danaId, viewId, values: values("x") });
    expect(await page.view(danaId)).toMatchObject({ id: viewId, view: { callback_id: "second" } });
    await page.post("view-submit", { as: danaId, viewId, values: values("x") });
    const top = await page.view(danaId);
    expect(top).toMatchObject({ view: { callback_id: "third", previous_view_id: viewId, root_view_id: viewId } });
    await page.post("view-submit", { as: danaId, viewId: top?.id, values: values("x") });
    expect(await page.view(danaId)).toBeNull();
  });

  test("cannot be submitted, pressed or closed by somebody else", async () => {
    const { page, viewId } = await opened();
    expect((await page.post("view-submit", { as: outsiderId, viewId, values: values("x") })).error).toBe(
      "view_not_found",
    );
    const press = { as: outsiderId, viewId, blockId: "reason", actionId: "text", value: "x" };
    expect((await page.post("view-action", press)).error).toBe("view_not_found");
    await page.post("view-close", { as: outsiderId, viewId });
    expect((await page.view(danaId))?.id).toBe(viewId);
  });

  test("tells the bot that it was closed only if the view asked for that", async () => {
    const closed: string[] = [];
    const listen = (app: App) =>
      app.view({ type: "view_closed", callback_id: "reject" }, async ({ ack, view }) => {
        closed.push(view.id);
        await ack();
      });
    const quiet = await opened(listen);
    await quiet.page.post("view-close", { as: danaId, viewId: quiet.viewId });
    expect([closed, await quiet.page.view(danaId)]).toEqual([[], null]);
    const loud = await opened(listen, reasonView({ notify_on_close: true }));
    await loud.page.post("view-close", { as: danaId, viewId: loud.viewId });
    expect(closed).toEqual([loud.viewId]);
  });

  test("an update with an old hash is refused", async () => {
    const { page, client, viewId } = await opened();
    const hash = String((await page.view(danaId))?.view["hash"]);
    await client.views.update({ view_id: viewId, hash, view: reasonView() });
    await expect(client.views.update({ view_id: viewId, hash, view: reasonView() })).rejects.toThrow(/hash_conflict/);
  });

  test("a trigger id opens one view, within three seconds, and is not spent on a broken view", async () => {
    const started = await start();
    const { sandbox, page, client, time } = started;
    const triggers: string[] = [];
    await startBolt(sandbox, (app) =>
      app.command("/revops", async ({ ack, command }) => {
        triggers.push(command.trigger_id);
        await ack();
      }),
    );
    for (const _ of [1, 2]) await page.say({ text: "/revops" });
    const [first = "", second = ""] = triggers;
    const error = async (triggerId: string, view = reasonView()) =>
      client.views.open({ trigger_id: triggerId, view }).then(
        () => null,
        (error: unknown) => (error instanceof WebAPIPlatformError ? error.data.error : error),
      );
    expect(await error(first, reasonView({ title: { type: "plain_text", text: "x".repeat(25) } }))).toBe(
      "invalid_arguments",
    );
    expect(await error(first)).toBeNull();
    expect(await error(first)).toBe("exchanged_trigger_id");
    time.pass(3_001);
    expect(await error(second)).toBe("expired_trigger_id");
    expect(await error("made.up.id")).toBe("invalid_trigger_id");
  });
});

function eventId(envelope: Record<string, unknown> | undefined): unknown {
  const payload = envelope?.["payload"];
  return typeof payload === "object" && payload !== null && "event_id" in payload ? payload.event_id : null;
}

describe("events", () => {
  test("a direct message is a message event, a mention an app_mention, other talk is nobody's business", async () => {
    const { sandbox, page } = await start();
    const heard: unknown[][] = [];
    await startBolt(sandbox, (app) => {
      app.event(
        "app_mention",
        async ({ event }) => void heard.push([event.type, event.text, event.channel, event.user]),
      );
      app.event("message", async ({ event }: SlackEventMiddlewareArgs<"message">) => {
        if (event.subtype === undefined) heard.push([event.type, event.text, event.channel_type, event.user]);
      });
    });
    const { bot } = await page.state();
    const direct = await page.direct(danaId);
    await page.say({ text: "just talking" });
    await page.say({ text: "@RevOps status <b>" });
    await page.say({ as: danaId, channel: direct, text: "status" });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    expect(heard).toEqual([
      ["app_mention", `<@${bot.userId}> status &lt;b&gt;`, await page.channel("revops"), leadId],
      ["message", "status", "im", danaId],
    ]);
    expect((await page.say({ as: leadId, channel: direct, text: "let me in" })).error).toBe("channel_not_found");
  });

  test("Home is opened by an event and published for one person", async () => {
    const { sandbox, page, client } = await start();
    const tabs: string[] = [];
    await startBolt(sandbox, (app) =>
      app.event("app_home_opened", async ({ event }) => void tabs.push(event.tab ?? "none")),
    );
    await page.post("home-open", { as: danaId });
    await vi.waitFor(() => expect(tabs).toEqual(["home"]));
    await client.views.publish({ user_id: danaId, view: { type: "home", blocks: [section("hello")] } });
    expect(await page.get(`home?as=${danaId}`)).toMatchObject({ view: { view: { type: "home" } } });
    expect(await page.get(`home?as=${leadId}`)).toEqual({ view: null });
    expect(await page.view(danaId)).toBeNull();
  });

  test("one that nobody acknowledged comes again under the same event id", async () => {
    const started = await start();
    const { page, time } = started;
    const { heard, socket } = await connect(started);
    await page.say({ text: "@RevOps hello" });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    time.pass(3_000);
    await vi.waitFor(() => {
      time.pass(0);
      expect(heard).toHaveLength(3);
    });
    const [, first, again] = heard;
    expect(again).toMatchObject({ retry_attempt: 1, retry_reason: "timeout", payload: { event_id: eventId(first) } });
    socket.send(JSON.stringify({ envelope_id: again?.["envelope_id"] }));
    await vi.waitFor(async () => expect(socket.bufferedAmount).toBe(0));
    socket.close();
  });
});

const outcome = (address: string) =>
  new Promise<string>((resolve) => {
    const socket = new WebSocket(address);
    socket.on("open", () => resolve("open")).on("error", () => resolve("refused"));
  });

describe("connections", () => {
  test("a ticket opens one connection; without one there is none", async () => {
    const { sandbox } = await start();
    const response = await fetch(`${sandbox.settings.slackApiUrl}apps.connections.open`, {
      method: "POST",
      headers: { authorization: `Bearer ${sandbox.settings.slackAppToken}` },
    });
    const { url } = Ticket.parse(await response.json());
    expect(await outcome(url)).toBe("open");
    expect(await outcome(url)).toBe("refused");
    expect(await outcome(url.replace(/ticket=[^&]+/, "ticket=made-up"))).toBe("refused");
  });

  test("the newest connection gets what comes, an older one takes over when it closes", async () => {
    const started = await start();
    const { page } = started;
    const old = await connect(started);
    const fresh = await connect(started);
    const send = () => page.say({ text: "/revops" });
    const acknowledge = ({ socket, heard }: typeof old) =>
      socket.send(JSON.stringify({ envelope_id: heard.at(-1)?.["envelope_id"] }));
    const first = send();
    await vi.waitFor(() => expect(fresh.heard).toHaveLength(2));
    acknowledge(fresh);
    expect(await first).toEqual({ ok: true });
    fresh.socket.close();
    await vi.waitFor(() => expect(fresh.socket.readyState).toBe(WebSocket.CLOSED));
    const second = send();
    await vi.waitFor(() => expect(old.heard).toHaveLength(2));
    acknowledge(old);
    expect(await second).toEqual({ ok: true });
  });

  test("what a dying connection took with it fails at once, and the page sees the bot go", async () => {
    const started = await start();
    const { page } = started;
    const { socket, heard } = await connect(started);
    expect((await page.state()).bot.connected).toBe(true);
    const answer = page.say({ text: "/revops" });
    await vi.waitFor(() => expect(heard).toHaveLength(2));
    socket.terminate();
    expect((await answer).error).toMatch(/dispatch_failed/);
    expect((await page.state()).bot.connected).toBe(false);
  });

  test("closing tells every connection to go", async () => {
    const started = await start();
    const { socket, heard } = await connect(started);
    await started.sandbox.close();
    await vi.waitFor(() => expect(socket.readyState).toBe(WebSocket.CLOSED));
    expect(heard.at(-1)).toMatchObject({ type: "disconnect", reason: "link_disabled" });
  });
});
