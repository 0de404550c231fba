/**
 * Who may ask. A page of somebody else's must reach nothing here, whatever name it gives this machine (DNS rebinding).
 *
 * 1. The Host header is loopback, the configured host, or the very address that the connection came in on.
 * 2. What changes something is JSON from our own page: other origins can't send that type without asking first.
 */
import type { IncomingMessage } from "node:http";
import { mediaType } from "./body.ts";
import { HttpError } from "./reply.ts";

export function requireKnownHost(request: IncomingMessage, configuredHost: string): void {
  const host = hostName(request.headers.host ?? "");
  const local = (request.socket.localAddress ?? "").replace(/^::ffff:/, "");
  if (host !== null && (isLoopback(host) || host === configuredHost.toLowerCase() || host === local)) return;
  throw new HttpError(403, "This sandbox answers only to its own address.");
}

export function requireSameOriginJson(request: IncomingMessage): void {
  if (mediaType(request) !== "application/json") throw new HttpError(415, "The body must be application/json.");
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const isForeign = origin !== undefined && originHost(origin) !== request.headers.host?.toLowerCase();
  if (isForeign || (site !== undefined && site !== "same-origin" && site !== "none")) {
    throw new HttpError(403, "Only the sandbox's own page may ask this.");
  }
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Without port and brackets; null for what is no host. */
function hostName(header: string): string | null {
  try {
    return new URL(`http://${header}`).hostname.replace(/^\[|\]$/g, "").toLowerCase();
  } catch {
    return null;
  }
}

/** A sandboxed page's origin is "null": it is nobody's. */
function originHost(origin: string): string | null {
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}
