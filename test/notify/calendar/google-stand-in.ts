/** As much of Google as the notifier asks: a token for a signed assertion, events with client ids, free and busy times. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";

export interface StandIn {
  rootUrl: string;
  credentials: { client_email: string; private_key: string };
  events: Map<string, Record<string, unknown>>;
  busy: { start: string; end: string }[];
  requests: string[];
  /** The next answers in place of the real ones, by the end of the path. */
  answers: { path: string; status: number; body?: unknown; headers?: Record<string, string>; hang?: boolean }[];
  close(): Promise<void>;
}

const { privateKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export async function startStandIn(): Promise<StandIn> {
  const standIn: Omit<StandIn, "rootUrl" | "close"> = {
    credentials: { client_email: "revops@project.example.com", private_key: privateKey },
    events: new Map(),
    busy: [],
    requests: [],
    answers: [],
  };
  const server = createServer((request, response) => void answer(standIn, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return Object.assign(standIn, {
    rootUrl: `http://127.0.0.1:${port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

async function answer(standIn: Omit<StandIn, "rootUrl" | "close">, request: IncomingMessage, response: ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  const path = (request.url ?? "").replace(/\?.*$/, "");
  standIn.requests.push(`${request.method} ${path}`);
  const index = standIn.answers.findIndex((planned) => path.endsWith(planned.path));
  const [planned] = index < 0 ? [] : standIn.answers.splice(index, 1);
  if (planned?.hang === true) return;
  const said = planned ?? usual(standIn, { method: request.method ?? "", path, body, headers: request.headers });
  response.writeHead(said.status, { "content-type": "application/json", ...("headers" in said ? said.headers : {}) });
  response.end(JSON.stringify(said.body ?? {}));
}

function usual(
  standIn: Omit<StandIn, "rootUrl" | "close">,
  call: { method: string; path: string; body: string; headers: IncomingMessage["headers"] },
): { status: number; body: unknown } {
  const { method, path, body, headers } = call;
  if (path === "/token") {
    const assertion = new URLSearchParams(body).get("assertion") ?? "";
    const claims: unknown = JSON.parse(Buffer.from(assertion.split(".")[1] ?? "", "base64url").toString());
    standIn.requests.push(`claims ${JSON.stringify(claims)}`);
    return { status: 200, body: { access_token: "token-1", expires_in: 3600, token_type: "Bearer" } };
  }
  if (headers.authorization !== "Bearer token-1") return problem(401, "authError");
  if (path === "/calendar/v3/freeBusy")
    return { status: 200, body: { calendars: { primary: { busy: standIn.busy } } } };
  if (method === "POST" && path.endsWith("/events")) return insert(standIn.events, body);
  const event = standIn.events.get(path.split("/").at(-1) ?? "");
  return event === undefined ? problem(404, "notFound") : { status: 200, body: event };
}

function insert(events: StandIn["events"], body: string): { status: number; body: unknown } {
  const event = z.looseObject({ id: z.string() }).parse(JSON.parse(body));
  if (!/^[a-v0-9]{5,1024}$/.test(event.id)) return problem(400, "invalid");
  if (events.has(event.id)) return problem(409, "duplicate");
  const made = { ...event, status: "confirmed", htmlLink: `https://calendar.example.com/event?eid=${event.id}` };
  events.set(event.id, made);
  return { status: 200, body: made };
}

export function problem(status: number, reason: string): { status: number; body: unknown } {
  return { status, body: { error: { code: status, message: reason, errors: [{ domain: "global", reason }] } } };
}
