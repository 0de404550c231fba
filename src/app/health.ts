/** `/healthz`: the process is alive. `/readyz`: requests may be sent here; if not, the answer says what is missing. */
import type { ServerResponse } from "node:http";
import type { RequestHandler } from "../bot/http-receiver.ts";
import type { Routes } from "./http-server.ts";

/** Why not, by the part that isn't ready; empty: all are. */
export type NotReady = Readonly<Record<string, string>>;

/** `app` gives null while it starts. */
export function healthRoutes(app: () => { notReady(): Promise<NotReady> } | null): Routes {
  return {
    "/healthz": asked(async (response) => reply(response, { status: 200, type: "text/plain", text: "ok\n" })),
    "/readyz": asked(async (response) => {
      const missing = (await app()?.notReady()) ?? { app: "is starting" };
      const ready = Object.keys(missing).length === 0;
      const text = JSON.stringify(ready ? { ready } : { ready, not_ready: missing });
      reply(response, { status: ready ? 200 : 503, type: "application/json", text });
    }),
  };
}

function asked(answer: (response: ServerResponse) => Promise<void>): RequestHandler {
  return async (request, response) => {
    if (request.method === "GET" || request.method === "HEAD") return answer(response);
    response.writeHead(405, { allow: "GET, HEAD" }).end();
  };
}

function reply(response: ServerResponse, parameters: { status: number; type: string; text: string }): void {
  const { status, type, text } = parameters;
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" }).end(text);
}
