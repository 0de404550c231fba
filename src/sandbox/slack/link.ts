/** `/link?ticket=…`: where Socket Mode connects. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { requireKnownHost } from "../http/origin-guard.ts";
import type { SocketMode } from "./socket-mode.ts";

const LONGEST_MESSAGE_BYTES = 1_500_000;

/** Returns the close: what is still open is cut. */
export function serveLink(parameters: { server: Server; socket: SocketMode; host: string }): () => void {
  const { server, socket, host } = parameters;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LONGEST_MESSAGE_BYTES });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on("error", () => stream.destroy());
    const ticket = ticketOf(request, host);
    if (ticket === null || !socket.takeTicket(ticket)) return refuse(stream);
    sockets.handleUpgrade(request, stream, head, (connection) => socket.attach(connection));
  });
  return () => {
    for (const client of sockets.clients) client.terminate();
    sockets.close();
  };
}

function ticketOf(request: IncomingMessage, host: string): string | null {
  try {
    requireKnownHost(request, host);
    const url = new URL(request.url ?? "/", "http://sandbox");
    return url.pathname === "/link" ? url.searchParams.get("ticket") : null;
  } catch {
    return null;
  }
}

function refuse(stream: Duplex): void {
  stream.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}
