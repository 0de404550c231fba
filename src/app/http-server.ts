/**
 * The app's addresses and the one server behind them. Non-job: what stands at an address; the sandbox has a server of its
 * own, which is given the same routes.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";
import type { RequestHandler } from "../bot/http-receiver.ts";

/** By path; one that ends in `/` stands for whatever lies directly below it. */
export type Routes = Readonly<Record<string, RequestHandler>>;

export interface HttpServer {
  /** Where it can be reached from this machine. */
  url: string;
  /** No new connection; answers under way end, a second at most. */
  close(): Promise<void>;
}

const requestMs = 10_000;
/** Longer than load balancers keep a connection idle, or they would use one that is just being closed. */
const keepAliveMs = 75_000;
const goodbyeMs = 1_000;

/** Rejects with the system's code (`EADDRINUSE`) when the port is taken. */
export async function listen(parameters: {
  host: string;
  port: number;
  routes: Routes;
  logger: Logger;
}): Promise<HttpServer> {
  const { host, port, routes, logger } = parameters;
  const limits = { requestTimeout: requestMs, keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: 5_000 };
  const answer = router({ routes, logger });
  const server = createServer(limits, (request, response) => {
    void answer({ request, response }).then((isKnown) => {
      if (!isKnown) response.writeHead(404, { "content-type": "text/plain" }).end("not found\n");
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, host, resolve);
  });
  return { url: urlOf(server, host), close: () => close(server) };
}

export type Router = (exchange: { request: IncomingMessage; response: ServerResponse }) => Promise<boolean>;

/** Answers what stands at one of its addresses, and says whether it did. */
export function router({ routes, logger }: { routes: Routes; logger: Logger }): Router {
  const handlers = new Map(Object.entries(routes));
  return async ({ request, response }) => {
    const path = pathOf(request);
    const handler = handlers.get(path) ?? handlers.get(path.slice(0, path.lastIndexOf("/") + 1));
    if (handler === undefined) return false;
    try {
      await handler(request, response);
    } catch (error) {
      logger.error({ err: error }, "a request failed");
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
    return true;
  };
}

/** Without the query. */
function pathOf({ url = "/" }: IncomingMessage): string {
  return url.split("?", 1)[0] ?? url;
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = isInfo(address) ? address.port : 0;
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function isInfo(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === "object" && address !== null;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const goodbye = setTimeout(() => server.closeAllConnections(), goodbyeMs);
  await closed;
  clearTimeout(goodbye);
}
