/** A sandbox on a free port and a folder of its own, its page's requests, and the real Bolt beside it. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from "@slack/bolt";
import { WebClient, type ChatPostMessageArguments, type ChatPostMessageResponse } from "@slack/web-api";
import { afterEach } from "vitest";
import type { PageChange, PageMessage, PageState, PageView, TrafficEntry } from "../../src/sandbox/page-api.ts";
import { createSandbox, userIdOf, type Sandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { openDatabase } from "../../src/sandbox/store/database.ts";
import { SettingsStore } from "../../src/sandbox/store/settings-store.ts";

export const lead = { email: "lead@example.com", name: "Lee Lead", title: "RevOps lead", timezone: "America/New_York" };
export const dana = {
  email: "dana@example.com",
  name: "Dana Reyes",
  title: "Account manager",
  timezone: "Europe/Berlin",
};
export const outsider = { email: "out@example.com", name: "Olga Out", title: "Finance", timezone: "UTC" };
export const leadId = userIdOf(lead.email);
export const danaId = userIdOf(dana.email);
export const outsiderId = userIdOf(outsider.email);

export const section = (text: string) => ({ type: "section" as const, text: { type: "mrkdwn" as const, text } });
export const button = (actionId: string, value = "v") => ({
  type: "button" as const,
  action_id: actionId,
  value,
  text: { type: "plain_text" as const, text: "Press" },
});

/** Time that moves when a test says so; the timers of protocol limits with it. */
export class RealTime {
  shiftMs = 0;
  readonly #timers = new Set<{ at: number; run: () => void }>();

  readonly now = (): number => Date.now() + this.shiftMs;

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.now() + ms, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  pass(ms: number): void {
    this.shiftMs += ms;
    for (const timer of this.#timers) {
      if (timer.at > this.now()) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

/** Made once a file of tests: each sandbox would take a third of a second to make its own. */
const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

export function later(cleanup: () => Promise<unknown>): void {
  cleanups.push(cleanup);
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  later(() => rm(folder, { recursive: true, force: true }));
  const database = openDatabase(join(folder, "sandbox.db"));
  new SettingsStore(database).set("google_private_key", privateKey);
  database.close();
  return folder;
}

/** For tests of something else: nobody has to wait. */
const ample = { perMinute: 1_000_000, burst: 1_000_000 };

export interface Started {
  sandbox: Sandbox;
  time: RealTime;
  folder: string;
  client: WebClient;
  page: Page;
  failures: unknown[];
}

export async function start(given: Partial<SandboxOptions> & { folder?: string } = {}): Promise<Started> {
  const { folder = await temporaryFolder(), ...options } = given;
  const time = new RealTime();
  const failures: unknown[] = [];
  const sandbox = await createSandbox({
    databasePath: join(folder, "sandbox.db"),
    host: "127.0.0.1",
    port: 0,
    users: [lead, dana, outsider],
    botName: "RevOps",
    commands: [{ command: "/revops", description: "Flows", usageHint: "run FLOW" }],
    advance: async ({ to }) => {
      if (to !== "next") sandbox.clock.set(to);
      return sandbox.clock.now();
    },
    now: time.now,
    after: time.after,
    rates: { post: ample, update: ample, publish: ample },
    failed: (error) => failures.push(error),
    ...options,
  });
  let closed = false;
  const close = sandbox.close.bind(sandbox);
  sandbox.close = async () => {
    if (!closed) await close();
    closed = true;
  };
  later(() => sandbox.close());
  return { sandbox, time, folder, client: webClient(sandbox), page: new Page(sandbox.url), failures };
}

export function webClient({ settings }: Sandbox, token = settings.slackBotToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: settings.slackApiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    logger: silent,
  });
}

export function botPosts(client: WebClient, message: ChatPostMessageArguments): Promise<ChatPostMessageResponse> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
  return client.chat.postMessage(message);
}

export const silent = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Production's way in: Bolt over Socket Mode, by settings alone. */
export async function startBolt({ settings }: Sandbox, register: (app: App) => void): Promise<App> {
  const clientOptions = { slackApiUrl: settings.slackApiUrl, retryConfig: { retries: 0 } };
  const receiver = new SocketModeReceiver({
    appToken: settings.slackAppToken,
    installerOptions: { clientOptions },
    autoReconnectEnabled: false,
    logger: silent,
  });
  const app = new App({ token: settings.slackBotToken, receiver, clientOptions, logger: silent });
  register(app);
  await app.start();
  later(async () => receiver.client.disconnect());
  return app;
}

export const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";

/** Production's other way in: Bolt over HTTP, at a request URL that the sandbox is told. Gives the URL. */
export async function startHttpBolt(sandbox: Sandbox, register: (app: App) => void): Promise<string> {
  const clientOptions = { slackApiUrl: sandbox.settings.slackApiUrl, retryConfig: { retries: 0 } };
  const receiver = new HTTPReceiver({ signingSecret, endpoints: "/slack/events", logger: silent });
  const app = new App({ token: sandbox.settings.slackBotToken, receiver, clientOptions, logger: silent });
  register(app);
  const server = await app.start({ port: 0, host: "127.0.0.1" });
  later(async () => app.stop());
  const url = `http://127.0.0.1:${portOf(server.address())}/slack/events`;
  await sandbox.deliverBy({ kind: "http", url, signingSecret });
  return url;
}

export function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** What the page hears of. */
export async function listen({ sandbox }: Started): Promise<{ changes: PageChange[]; stop: () => void }> {
  const controller = new AbortController();
  const response = await fetch(`${sandbox.url}/sandbox/events`, { signal: controller.signal });
  const changes: PageChange[] = [];
  const note = (change: PageChange): void => {
    // Told by every call; `traffic.test.ts` looks at it.
    if (change.type !== "traffic") changes.push(change);
  };
  void (async () => {
    let text = "";
    for await (const chunk of response.body ?? []) {
      const lines = (text + Buffer.from(chunk).toString()).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) note(JSON.parse(line.slice(6)));
    }
  })().catch(() => {});
  return { changes, stop: () => controller.abort() };
}

export type Answer = { ok: boolean; error?: string; errors?: Record<string, string> };

export async function parsed<T>(response: Response): Promise<T> {
  const body: T = JSON.parse(await response.text());
  return body;
}

/** What the page's code asks. */
export class Page {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}/sandbox/${path}`);
    return parsed<T>(response);
  }

  async post(path: string, body: unknown): Promise<Answer> {
    const response = await fetch(`${this.#url}/sandbox/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: this.#url },
      body: JSON.stringify(body),
    });
    return parsed<Answer>(response);
  }

  state(): Promise<PageState> {
    return this.get("state");
  }

  async channel(name: string): Promise<string> {
    const { channels } = await this.state();
    const found = channels.find((channel) => channel.kind === "channel" && channel.name === name);
    if (found === undefined) throw new Error(`no channel ${name}`);
    return found.id;
  }

  /** The direct message between a person and the bot. */
  async direct(user: string): Promise<string> {
    const { channels } = await this.state();
    const found = channels.find((channel) => channel.kind === "im" && channel.members.includes(user));
    if (found === undefined) throw new Error(`no direct message of ${user}`);
    return found.id;
  }

  async messages(channel: string, as = leadId): Promise<PageMessage[]> {
    return (await this.get<{ messages: PageMessage[] }>(`messages?channel=${channel}&as=${as}`)).messages;
  }

  async texts(channel: string, as = leadId): Promise<string[]> {
    return (await this.messages(channel, as)).map(({ text }) => text);
  }

  async traffic(name: string): Promise<TrafficEntry[]> {
    const { entries } = await this.get<{ entries: TrafficEntry[] }>("traffic");
    return entries.filter((entry) => entry.name === name);
  }

  async view(as: string): Promise<PageView | null> {
    return (await this.get<{ view: PageView | null }>(`views?as=${as}`)).view;
  }

  async say(parameters: { as?: string; channel?: string; text: string; threadTs?: string }): Promise<Answer> {
    const channel = parameters.channel ?? (await this.channel("revops"));
    return this.post("message", { as: leadId, ...parameters, channel });
  }

  async press(parameters: { as: string; message: PageMessage; actionId: string; value?: unknown }): Promise<Answer> {
    const { as, message, actionId, value } = parameters;
    const { channel, ts } = message;
    const blockId = blockWith(message, actionId);
    return this.post("action", { as, channel, ts, blockId, actionId, value });
  }
}

function blockWith(message: PageMessage, actionId: string): string {
  for (const block of message.blocks) {
    if (typeof block !== "object" || block === null || !("block_id" in block)) continue;
    if (JSON.stringify(block).includes(`"action_id":"${actionId}"`)) return String(block.block_id);
  }
  throw new Error(`no ${actionId} in the message`);
}
