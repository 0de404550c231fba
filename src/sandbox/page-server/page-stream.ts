/** `GET /sandbox/events`: every change, as it happens. A reader that doesn't keep up is cut, and loads anew. */
import type { ServerResponse } from "node:http";
import type { After } from "../after.ts";
import type { HttpPart } from "../http/sandbox-server.ts";
import type { PageFeed } from "./page-feed.ts";

const LARGEST_BACKLOG_BYTES = 8_000_000;
/** Keeps proxies and sleeping laptops from holding a dead connection for alive. */
const HEARTBEAT_MS = 15_000;

export function pageStream({ feed, after }: { feed: PageFeed; after: After }): HttpPart {
  return ({ request, response, url }) => {
    if (url.pathname !== "/sandbox/events" || request.method !== "GET") return false;
    response.writeHead(200, {
      "content-type": "text/event-stream",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "same-origin",
    });
    response.write(": the sandbox's changes\n\n");
    const unsubscribe = feed.subscribe((change) => send(response, `data: ${JSON.stringify(change)}\n\n`));
    const stop = heartbeat(response, after);
    response.on("close", () => {
      unsubscribe();
      stop();
    });
    return true;
  };
}

function send(response: ServerResponse, text: string): void {
  if (response.writableLength > LARGEST_BACKLOG_BYTES) response.destroy();
  else response.write(text);
}

function heartbeat(response: ServerResponse, after: After): () => void {
  let cancel: (() => void) | null = null;
  const beat = (): void => {
    cancel = after(HEARTBEAT_MS, () => {
      send(response, ": still here\n\n");
      beat();
    });
  };
  beat();
  return () => cancel?.();
}
