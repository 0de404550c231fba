/**
 * The page's files. TypeScript is served as JavaScript: types stripped, imports as they are.
 * Only names are taken, never paths, so nothing outside the folder can be asked for.
 */
import { readFile, stat } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import type { ServerResponse } from "node:http";
import { reply, replyText } from "../http/reply.ts";
import type { HttpPart } from "../http/sandbox-server.ts";

const FOLDER = new URL("../page/", import.meta.url);
const FILE = /^\/page\/([a-z0-9-]+)\.(css|ts|svg)$/;
const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  ts: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
};

/** No inline script, nothing from elsewhere; the page puts a mail's styles in by itself. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function pageFiles(): HttpPart {
  const cache = new Map<string, { changedAt: number; body: string }>();
  return async ({ request, response, url }) => {
    const name = url.pathname === "/" ? "index.html" : fileName(url.pathname);
    if (name === null) return false;
    if (request.method !== "GET" && request.method !== "HEAD") replyText(response, 405, "Only GET.");
    else await serve(response, name, cache);
    return true;
  };
}

function fileName(pathname: string): string | null {
  const match = FILE.exec(pathname);
  return match === null ? null : `${match[1]}.${match[2]}`;
}

async function serve(
  response: ServerResponse,
  name: string,
  cache: Map<string, { changedAt: number; body: string }>,
): Promise<void> {
  const file = new URL(name, FOLDER);
  const stats = await stat(file).catch(() => null);
  if (stats === null) return replyText(response, 404, "There is no such file.");
  const cached = cache.get(name);
  const body = cached?.changedAt === stats.mtimeMs ? cached.body : await load(file, name);
  cache.set(name, { changedAt: stats.mtimeMs, body });
  const type = TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain";
  reply(response, {
    status: 200,
    type,
    body,
    headers: { "content-security-policy": POLICY, "cache-control": "no-cache" },
  });
}

async function load(file: URL, name: string): Promise<string> {
  const text = await readFile(file, "utf8");
  return name.endsWith(".ts") ? quietly(() => stripTypeScriptTypes(text)) : text;
}

/** Node says at the first call that the function is experimental; a newcomer's terminal is no place for that. */
function quietly<T>(work: () => T): T {
  const original: unknown = Reflect.get(process, "emitWarning");
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    Reflect.set(process, "emitWarning", original);
  }
}
