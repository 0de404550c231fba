/** As much of Slack's Web API as the notifier, the presenter and people ask, with answers that go wrong on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { WebClient, LogLevel } from "@slack/web-api";
import { z } from "zod";
import { slackClientOptions } from "../../../src/notify/slack/slack-client.ts";

type Fields = Record<string, string>;

export interface Posted {
  channel: string;
  ts: string;
  /** Null: in the channel itself. */
  thread_ts: string | null;
  text: string;
  blocks: unknown;
  metadata: unknown;
}

/** What the next call of a method gets: an answer, or a connection that ends; `happens` before it does. */
export interface Trouble {
  method: string;
  happens?: boolean;
  status?: number;
  body?: string;
  headers?: Record<string, string>;
  cut?: boolean;
  hang?: boolean;
}

export interface SlackStandIn {
  client: WebClient;
  messages: Posted[];
  calls: { method: string; fields: Fields }[];
  troubles: Trouble[];
  users: Record<string, unknown>[];
  groups: { id: string; handle: string; users: string[] }[];
  channels: { id: string; name: string }[];
  called(method: string): number;
  /** Resolves when the method has been called for the n-th time. */
  whenCalled(method: string, times?: number): Promise<void>;
  close(): Promise<void>;
}

const pageSize = 2;

export async function startSlack(): Promise<SlackStandIn> {
  const waiting: (() => void)[] = [];
  const state = {
    messages: [] as Posted[],
    calls: [] as { method: string; fields: Fields }[],
    troubles: [] as Trouble[],
    users: [] as Record<string, unknown>[],
    groups: [] as SlackStandIn["groups"],
    channels: [{ id: "C0RENEWALS", name: "renewals" }],
  };
  const server = createServer((request, response) => {
    void read(request).then((fields) => {
      const method = (request.url ?? "").replace("/api/", "");
      state.calls.push({ method, fields });
      answer(state, { method, fields, response });
      for (const look of waiting.splice(0)) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const apiUrl = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/api/`;
  const called = (method: string) => state.calls.filter((call) => call.method === method).length;
  return Object.assign(state, {
    client: new WebClient("xoxb-test", { ...slackClientOptions({ apiUrl }), logLevel: LogLevel.ERROR }),
    called,
    async whenCalled(method: string, times = 1) {
      while (called(method) < times) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

type State = Pick<SlackStandIn, "messages" | "troubles" | "users" | "groups" | "channels">;
interface Call {
  method: string;
  fields: Fields;
  response: ServerResponse;
}

function answer(state: State, call: Call): void {
  const index = state.troubles.findIndex(({ method }) => method === call.method);
  const [trouble] = index < 0 ? [] : state.troubles.splice(index, 1);
  const { response } = call;
  const usual = trouble === undefined || trouble.happens === true ? methods[call.method]?.(state, call.fields) : {};
  if (trouble?.hang === true) return;
  if (trouble?.cut === true) return void response.destroy();
  response.writeHead(trouble?.status ?? 200, { "content-type": "application/json", ...trouble?.headers });
  response.end(trouble?.body ?? JSON.stringify({ ok: true, ...usual }));
}

const methods: Record<string, (state: State, fields: Fields) => object> = {
  "chat.postMessage": ({ messages }, fields) => {
    const channel = fields["channel"] === "#renewals" ? "C0RENEWALS" : (fields["channel"] ?? "");
    const ts = `${1_794_578_400 + messages.length}.000100`;
    const { text = "", blocks, metadata, thread_ts = null } = fields;
    messages.push({ channel, ts, thread_ts, text, blocks: json(blocks), metadata: json(metadata) });
    return { channel, ts };
  },
  "chat.update": ({ messages }, { ts = "", text = "", blocks }) => {
    const message = messages.find((each) => each.ts === ts);
    if (message === undefined) return { ok: false, error: "message_not_found" };
    Object.assign(message, { text, blocks: json(blocks) });
    return { ts };
  },
  "conversations.open": (_state, { users }) => ({ channel: { id: `D0${users}` } }),
  "conversations.list": ({ channels }) => ({ channels }),
  "conversations.history": ({ messages }, { channel, cursor = "0" }) => {
    const found = messages.filter((each) => each.channel === channel && each.thread_ts === null).toReversed();
    const from = Number(cursor);
    const next = from + pageSize < found.length ? String(from + pageSize) : "";
    return { messages: found.slice(from, from + pageSize), response_metadata: { next_cursor: next } };
  },
  "conversations.replies": ({ messages }, { channel, ts }) => ({
    messages: messages.filter((each) => each.channel === channel && (each.ts === ts || each.thread_ts === ts)),
  }),
  "users.lookupByEmail": ({ users }, { email }) => {
    const user = users.find(({ profile }) => z.object({ email: z.string() }).parse(profile).email === email);
    return user === undefined ? { ok: false, error: "users_not_found" } : { user };
  },
  "users.info": ({ users }, { user: id }) => {
    const user = users.find((each) => each["id"] === id);
    return user === undefined ? { ok: false, error: "user_not_found" } : { user };
  },
  "usergroups.list": ({ groups }) => ({ usergroups: groups.map(({ id, handle }) => ({ id, handle })) }),
  "usergroups.users.list": ({ groups }, { usergroup }) => ({
    users: groups.find(({ id }) => id === usergroup)?.users ?? [],
  }),
};

export function user(id: string, email: string, name: string, fields: Record<string, unknown> = {}) {
  return { id, name: id.toLowerCase(), real_name: name, profile: { email, real_name: name }, ...fields };
}

async function read(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
}

function json(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}
