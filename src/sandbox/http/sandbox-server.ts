/** The one HTTP server: listens, guards, hands each address to whom it belongs. Non-job: what they answer. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { requireKnownHost } from "./origin-guard.ts";
import { HttpError, replyJson, replyText } from "./reply.ts";

export interface HttpExchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

/** Answers what is its own and says so. */
export type HttpPart = (exchange: HttpExchange) => Promise<boolean> | boolean;

export interface Listening {
  server: Server;
  url: string;
  close(): Promise<void>;
}

export async function listen(parameters: {
  host: string;
  port: number;
  parts: readonly HttpPart[];
  failed: (error: unknown) => void;
}): Promise<Listening> {
  const { host, port, parts, failed } = parameters;
  const server = createServer((request, response) => {
    void answer({ request, response, host, parts }).catch((error: unknown) => {
      if (!(error instanceof HttpError) && !isHungUp(error)) failed(error);
      refuse(response, error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    // EADDRINUSE and its like reach the caller with their code.
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  return { server, url: addressOf(server, host), close: () => stop(server) };
}

/** A client that goes away in the middle is its own affair. */
function isHungUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNRESET";
}

async function answer(parameters: {
  request: IncomingMessage;
  response: ServerResponse;
  host: string;
  parts: readonly HttpPart[];
}): Promise<void> {
  const { request, response, host, parts } = parameters;
  requireKnownHost(request, host);
  const url = parseUrl(request);
  for (const part of parts) if (await part({ request, response, url })) return;
  replyText(response, 404, "There is nothing at this address.");
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const status = error instanceof HttpError ? error.status : 500;
  const message = error instanceof HttpError ? error.message : "The sandbox has trouble of its own.";
  // The rest of a body that is too long isn't read: the connection goes.
  if (status === 413) response.setHeader("connection", "close");
  replyJson(response, status, { ok: false, error: message });
}

/** `new URL` resolves `..`, encoded or not, so that no part ever sees it. */
function parseUrl(request: IncomingMessage): URL {
  try {
    return new URL(request.url ?? "/", "http://sandbox");
  } catch {
    throw new HttpError(400, "This is no address.");
  }
}

function addressOf(server: Server, host: string): string {
  const { port, family } = addressInfo(server);
  const everywhere = host === "0.0.0.0" || host === "::" || host === "";
  if (everywhere) return `http://127.0.0.1:${port}`;
  return family === "IPv6" && host.includes(":") ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}

function addressInfo(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no address.");
  return address;
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
