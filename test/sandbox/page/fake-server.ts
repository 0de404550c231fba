/**
 * A stand-in of the sandbox's server for the page's own tests: serves the page as the real one does (types stripped, a
 * strict CSP), answers page-api's questions from plain data, and pushes changes when a test says so.
 */
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { stripTypeScriptTypes } from "node:module";
import type { AddressInfo, Socket } from "node:net";
import type {
  PageCalendarEvent,
  PageChange,
  PageMail,
  PageMessage,
  PageState,
  PageView,
  TrafficEntry,
} from "../../../src/sandbox/page-api.ts";

export interface FakeData {
  state: PageState;
  messages: PageMessage[];
  mails: PageMail[];
  events: PageCalendarEvent[];
  views: Record<string, PageView>;
  homes: Record<string, PageView>;
  traffic: TrafficEntry[];
  /** Bytes of pictures, by path. */
  pictures: Record<string, string>;
}

export interface Posted {
  path: string;
  body: Record<string, unknown>;
}

export interface FakeServer {
  address: () => string;
  data: FakeData;
  posted: Posted[];
  /** What a POST is answered; a promise may keep it waiting. */
  answers: Record<string, (body: Record<string, unknown>) => unknown>;
  /** Answers of this path are made at once but arrive only after the promise: old news by then. */
  held: { path: string; until: Promise<unknown> } | null;
  push: (change: PageChange) => void;
  /** A page is listening. */
  streaming: () => boolean;
  /** Like kill -9: every connection drops. */
  kill: () => Promise<void>;
  start: () => Promise<void>;
}

const PAGE = new URL("../../../src/sandbox/page/", import.meta.url);
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'";

export function createFakeServer(data: FakeData): FakeServer {
  const posted: Posted[] = [];
  const streams = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  const answers: FakeServer["answers"] = {};
  let server: Server | null = null;
  let port = 0;

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://page");
    if (url.pathname === "/sandbox/events") return openStream(response, streams);
    if (request.method === "POST") {
      const body: Record<string, unknown> = JSON.parse(await text(request));
      const path = url.pathname.replace("/sandbox/", "");
      posted.push({ path, body });
      return sendJson(response, (await answers[path]?.(body)) ?? { ok: true });
    }
    const picture = data.pictures[url.pathname];
    if (picture !== undefined) return sendPicture(response, picture);
    if (url.pathname.startsWith("/sandbox/")) {
      const answer = structuredClone(read(data, url));
      if (url.pathname === `/sandbox/${fake.held?.path}`) await fake.held?.until;
      return sendJson(response, answer);
    }
    return sendPage(response, url.pathname);
  };

  const fake: FakeServer = {
    data,
    posted,
    held: null,
    answers,
    streaming: () => streams.size > 0,
    address: () => `http://127.0.0.1:${port}`,
    push: (change) => {
      for (const stream of streams) stream.write(`data: ${JSON.stringify(change)}\n\n`);
    },
    start: async () => {
      const made = createServer((request, response) => {
        handle(request, response).catch(() => response.writeHead(404).end());
      });
      made.on("connection", (socket) => {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
      });
      const { promise, resolve } = Promise.withResolvers<void>();
      made.listen(port, "127.0.0.1", resolve);
      await promise;
      port = portOf(made);
      server = made;
    },
    kill: async () => {
      const closing = server;
      server = null;
      if (closing === null) return;
      for (const socket of sockets) socket.destroy();
      streams.clear();
      const { promise, resolve } = Promise.withResolvers<void>();
      closing.close(() => resolve());
      await promise;
    },
  };
  return fake;
}

function read(data: FakeData, url: URL): unknown {
  const as = url.searchParams.get("as") ?? "";
  switch (url.pathname) {
    case "/sandbox/state":
      return data.state;
    case "/sandbox/messages":
      return {
        messages: data.messages.filter(
          ({ channel, ephemeralFor }) =>
            channel === url.searchParams.get("channel") && (ephemeralFor === null || ephemeralFor === as),
        ),
      };
    case "/sandbox/mails":
      return { mails: data.mails };
    case "/sandbox/calendar":
      return { events: data.events };
    case "/sandbox/views":
      return { view: data.views[as] ?? null };
    case "/sandbox/home":
      return { view: data.homes[as] ?? null };
    case "/sandbox/traffic":
      return { entries: data.traffic };
    default:
      throw new Error(`nothing at ${url.pathname}`);
  }
}

function sendPicture(response: ServerResponse, base64: string): void {
  response.writeHead(200, { "content-type": "image/png" });
  response.end(Buffer.from(base64, "base64"));
}

async function sendPage(response: ServerResponse, path: string): Promise<void> {
  const name = path === "/" ? "index.html" : path.replace(/^\/page\//, "");
  const source = await readFile(new URL(name, PAGE), "utf8");
  const headers = { "content-security-policy": CSP, "cache-control": "no-store" };
  if (name.endsWith(".ts")) {
    response.writeHead(200, { ...headers, "content-type": "text/javascript; charset=utf-8" });
    response.end(stripTypeScriptTypes(source));
    return;
  }
  const type = name.endsWith(".css") ? "text/css" : "text/html";
  response.writeHead(200, { ...headers, "content-type": `${type}; charset=utf-8` });
  response.end(source);
}

function openStream(response: ServerResponse, streams: Set<ServerResponse>): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  response.write(":\n\n");
  streams.add(response);
  response.on("close", () => streams.delete(response));
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}
