/** The HTTP receiver before a Bolt App with one command, on loopback; its time is the test's. */
import { connect, type Socket } from "node:net";
import { App, type AllMiddlewareArgs, type SlackCommandMiddlewareArgs } from "@slack/bolt";
import { onTestFinished } from "vitest";
import { HttpReceiver } from "../../src/bot/http-receiver.ts";
import { InFlight } from "../../src/bot/in-flight.ts";
import { slackLogger } from "../../src/bot/slack-logger.ts";
import { recordingLogger, type LogLine } from "./bot-harness.ts";
import { command, FakeSlack } from "./fake-slack.ts";
import { serve, signed, signingSecret } from "./slack-delivery.ts";

type Listener = (args: SlackCommandMiddlewareArgs & AllMiddlewareArgs) => Promise<void>;

export const formType = "application/x-www-form-urlencoded";
export const words = new URLSearchParams({ ...Object(command("secret words")) }).toString();

export interface ReceiverHarness {
  url: string;
  receiver: HttpReceiver;
  inFlight: InFlight;
  /** Requests whose work has not ended. */
  running: () => number;
  logs: LogLine[];
  /** Commands that reached Bolt. */
  heard: string[];
  listener: { run: Listener };
  clock: { now: number };
  /** Slack's three seconds are over, for whatever waits. */
  outOfTime: () => void;
  post: (body: string, headers?: Record<string, string>) => Promise<Response>;
  /** As many bytes as the test likes. */
  socket: () => Promise<Wire>;
}

export interface Wire {
  socket: Socket;
  /** All that came back, once the far side has closed. */
  closed: Promise<string>;
}

export async function httpReceiver(): Promise<ReceiverHarness> {
  const logs: LogLine[] = [];
  const logger = recordingLogger(logs);
  const inFlight = new InFlight();
  const clock = { now: Date.now() };
  const waiting = new Set<() => void>();
  const pause = (_ms: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      waiting.add(resolve);
      signal.addEventListener("abort", () => resolve());
    });
  const receiver = new HttpReceiver({ signingSecret, logger, inFlight, now: () => clock.now, pause });
  const slack = new FakeSlack();
  const app = new App({
    receiver,
    token: "xoxb-secret",
    clientOptions: { slackApiUrl: "https://slack.test/api/", fetch: slack.fetch },
    logger: slackLogger(logger),
    deferInitialization: true,
  });
  const heard: string[] = [];
  const listener: { run: Listener } = { run: async ({ ack }) => ack() };
  app.command(/^/, async (args) => {
    heard.push(args.command.text);
    await listener.run(args);
  });
  app.error(async (error) => logger.error({ error: error.message }, "app.error"));
  await app.init();
  await receiver.start();
  let running = 0;
  const { url, server } = await serve(async (request, response) => {
    running += 1;
    await receiver.handle(request, response);
    running -= 1;
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url,
    receiver,
    inFlight,
    running: () => running,
    logs,
    heard,
    listener,
    clock,
    outOfTime: () => {
      for (const over of waiting) over();
    },
    post: (body, headers = signed(body)) =>
      fetch(url, { method: "POST", body, headers: { "content-type": formType, ...headers } }),
    socket: () => wire(Number(new URL(url).port)),
  };
}

async function wire(port: number): Promise<Wire> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  let text = "";
  socket.on("data", (part) => (text += part)).on("error", () => {});
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(text)));
  await new Promise<void>((resolve) => socket.once("connect", resolve));
  return { socket, closed };
}
