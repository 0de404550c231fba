/** The bot as production makes it, over both receivers on loopback. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBot, type Bot } from "../../src/bot/create-bot.ts";
import type { SlackAccess } from "../../src/bot/receiver.ts";
import { channels, clock, recordingLogger, type LogLine } from "./bot-harness.ts";
import { FakeEngine, fakePeople } from "./fake-engine.ts";
import { FakeSimulations } from "./fake-simulations.ts";
import { FakeSocketMode } from "./fake-socket-mode.ts";
import { command } from "./fake-slack.ts";
import { form, serve, signed, ways, type Way } from "./slack-delivery.ts";

const botToken = "xoxb-very-secret";
const appToken = "xapp-very-secret";
const signingSecret = "very-secret";

let slack: FakeSocketMode;
let engine: FakeEngine;
let made: Bot[] = [];
let closing: (() => Promise<void>)[] = [];
const logs: LogLine[] = [];

beforeEach(async () => {
  slack = await FakeSocketMode.listen();
  engine = new FakeEngine();
  logs.length = 0;
});
afterEach(async () => {
  await Promise.all(made.map((bot) => bot.stop()));
  for (const close of closing) await close();
  made = [];
  closing = [];
  await slack.close();
});

function newBot(way: Way, apiUrl = `${slack.url}/api/`): Bot {
  const access: SlackAccess =
    way === "socket" ? { kind: way, botToken, appToken, apiUrl } : { kind: way, botToken, signingSecret, apiUrl };
  const bot = createBot({
    engine,
    simulations: new FakeSimulations(),
    examine: () => Promise.resolve([]),
    people: fakePeople,
    channels,
    logger: recordingLogger(logs),
    clock,
    timezone: "UTC",
    slack: access,
    realNow: () => Date.now(),
  });
  made.push(bot);
  return bot;
}

/** What a person types, sent as Slack sends it that way; null over a socket, where no status comes back. */
async function say(bot: Bot, words: string): Promise<number | null> {
  const payload = command(words, { response_url: `${slack.url}/respond` });
  if (bot.requests === null) {
    slack.send({ type: "slash_commands", envelope_id: words, accepts_response_payload: true, payload });
    await slack.until(() => slack.acks.some(({ envelope_id }) => envelope_id === words));
    return null;
  }
  const { url, server } = await serve(bot.requests);
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const body = form(payload);
  const headers = signed(body, { secret: signingSecret });
  const type = "application/x-www-form-urlencoded";
  const options = { method: "POST", body, headers: { ...headers, "content-type": type, connection: "close" } };
  const response = await fetch(url, options);
  return response.status;
}

function answered(): boolean {
  return slack.requests.some(({ path }) => path === "/respond");
}

describe.each(ways)("over %s", (way) => {
  test("a command is acknowledged, then answered at its response_url", async () => {
    const bot = newBot(way);
    await bot.start();
    await say(bot, "help");
    await slack.until(answered);
    expect(slack.requests.at(-1)?.body).toContain("What works today");
  });

  test("each secret goes only where it belongs, and none into the log", async () => {
    const bot = newBot(way);
    await bot.start();
    await say(bot, "help");
    await slack.until(answered);
    const sent = slack.requests.map(({ path, authorization }) => [path, authorization]);
    const opening = way === "socket" ? [["/api/apps.connections.open", `Bearer ${appToken}`]] : [];
    expect(sent).toEqual([["/api/auth.test", `Bearer ${botToken}`], ...opening, ["/respond", ""]]);
    expect(slack.requests.at(-1)?.body).not.toContain("very-secret");
    expect(JSON.stringify(logs)).not.toContain("very-secret");
  });

  test("it hears Slack from its start to its stop, and says so", async () => {
    const bot = newBot(way);
    expect(bot.hearsSlack()).toBe(false);
    await bot.start();
    expect(bot.hearsSlack()).toBe(true);
    await bot.stop();
    expect(bot.hearsSlack()).toBe(false);
  });

  test("a stop lets what is being answered end", async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    engine.list = async () => held.then(() => []);
    const bot = newBot(way);
    await bot.start();
    await say(bot, "status");
    let isStopped = false;
    const stopped = bot.stop().then(() => (isStopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isStopped).toBe(false);
    release();
    await stopped;
    expect(answered()).toBe(true);
  });

  test("a bot token that Slack refuses is named, not shown", async () => {
    slack.errors.set("auth.test", "invalid_auth");
    const failure = await failureOf(newBot(way));
    expect(failure).toMatchObject({ name: "BotStartError" });
    expect(String(failure)).toContain("Slack refused SLACK_BOT_TOKEN (invalid_auth)");
    expect(String(failure)).not.toContain("very-secret");
  });

  test("an address where nobody listens is named", async () => {
    const gone = await FakeSocketMode.listen();
    const address = `${gone.url}/api/`;
    await gone.close();
    await expect(newBot(way, address).start()).rejects.toThrow(`Slack can't be reached at ${address}`);
  });
});

describe("the socket", () => {
  test("a token that may not open one is named, not shown", async () => {
    slack.errors.set("apps.connections.open", "not_allowed_token_type");
    const failure = await failureOf(newBot("socket"));
    expect(String(failure)).toContain("Slack refused SLACK_APP_TOKEN (not_allowed_token_type)");
    expect(String(failure)).not.toContain("very-secret");
  });

  test("dropped, it is opened again, what comes then is answered, and meanwhile the bot hears nothing", async () => {
    const bot = newBot("socket");
    await bot.start();
    slack.drop();
    await expect.poll(() => bot.hearsSlack(), { interval: 1 }).toBe(false);
    await slack.until(() => slack.requests.filter(({ path }) => path.endsWith("connections.open")).length === 2);
    await slack.until(() => slack.connections === 1);
    await expect.poll(() => bot.hearsSlack(), { interval: 1 }).toBe(true);
    await say(bot, "help");
    await slack.until(answered);
  });

  test("after a stop it is gone and stays so", async () => {
    const bot = newBot("socket");
    await bot.start();
    expect(slack.connections).toBe(1);
    await bot.stop();
    await slack.until(() => slack.connections === 0);
    expect(slack.requests.filter(({ path }) => path.endsWith("connections.open"))).toHaveLength(1);
  });
});

test("after a stop a request is told to come again, and nothing is done", async () => {
  const bot = newBot("http");
  await bot.start();
  await bot.stop();
  expect(await say(bot, "run renewal_management")).toBe(503);
  expect(engine.asked).toEqual([]);
});

async function failureOf(bot: Bot): Promise<unknown> {
  return bot.start().then(
    () => null,
    (error: unknown) => error,
  );
}
