/** The bot as production makes it, over real Socket Mode on loopback. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { createBot, type Bot } from "../../src/bot/create-bot.ts";
import { channels, clock, recordingLogger, type LogLine } from "./bot-harness.ts";
import { FakeEngine, fakePeople } from "./fake-engine.ts";
import { FakeSocketMode } from "./fake-socket-mode.ts";
import { command } from "./fake-slack.ts";

const botToken = "xoxb-very-secret";
const appToken = "xapp-very-secret";

let slack: FakeSocketMode;
let bots: Bot[] = [];
const logs: LogLine[] = [];

beforeEach(async () => {
  slack = await FakeSocketMode.listen();
  logs.length = 0;
});
afterEach(async () => {
  await Promise.all(bots.map((bot) => bot.stop()));
  bots = [];
  await slack.close();
});

function newBot(apiUrl = `${slack.url}/api/`): Bot {
  const made = createBot({
    engine: new FakeEngine(),
    people: fakePeople,
    channels,
    logger: recordingLogger(logs),
    clock,
    timezone: "UTC",
    slack: { kind: "socket", botToken, appToken, apiUrl },
    realNow: clock.now,
  });
  bots.push(made);
  return made;
}

test("a command over the socket is acknowledged, then answered at its response_url", async () => {
  await newBot().start();
  const payload = command("help", { response_url: `${slack.url}/respond` });
  slack.send({ type: "slash_commands", envelope_id: "e-1", accepts_response_payload: true, payload });
  await slack.until(() => slack.requests.some(({ path }) => path === "/respond"));
  expect(slack.acks).toMatchObject([{ envelope_id: "e-1" }]);
  expect(slack.requests.at(-1)?.body).toContain("What works today");
});

test("each token goes only where it belongs, and none into the log", async () => {
  await newBot().start();
  const sent = slack.requests.map(({ path, authorization }) => [path, authorization]);
  expect(sent).toEqual([
    ["/api/auth.test", `Bearer ${botToken}`],
    ["/api/apps.connections.open", `Bearer ${appToken}`],
  ]);
  expect(JSON.stringify(logs)).not.toContain("very-secret");
});

test("a dropped connection is opened again, and what comes then is answered", async () => {
  await newBot().start();
  slack.drop();
  await slack.until(() => slack.requests.filter(({ path }) => path.endsWith("connections.open")).length === 2);
  await slack.until(() => slack.connections === 1);
  const payload = command("help", { response_url: `${slack.url}/respond` });
  slack.send({ type: "slash_commands", envelope_id: "e-2", accepts_response_payload: true, payload });
  await slack.until(() => slack.acks.length === 1);
  expect(slack.acks).toMatchObject([{ envelope_id: "e-2" }]);
});

test.each([
  ["auth.test", "invalid_auth", "Slack refused SLACK_BOT_TOKEN (invalid_auth)"],
  ["apps.connections.open", "not_allowed_token_type", "Slack refused SLACK_APP_TOKEN (not_allowed_token_type)"],
])("a token that %s refuses is named, not shown", async (method, error, said) => {
  slack.errors.set(method, error);
  const failure: unknown = await newBot()
    .start()
    .catch((caught: unknown) => caught);
  expect(failure).toMatchObject({ name: "BotStartError" });
  expect(String(failure)).toContain(said);
  expect(String(failure)).not.toContain("very-secret");
});

test("an address where nobody listens is named", async () => {
  const gone = await FakeSocketMode.listen();
  const address = `${gone.url}/api/`;
  await gone.close();
  await expect(newBot(address).start()).rejects.toThrow(`Slack can't be reached at ${address}`);
});

test("after a stop the connection is gone and stays so", async () => {
  const bot = newBot();
  await bot.start();
  expect(slack.connections).toBe(1);
  await bot.stop();
  await slack.until(() => slack.connections === 0);
  expect(slack.requests.filter(({ path }) => path.endsWith("connections.open"))).toHaveLength(1);
});
