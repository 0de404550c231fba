/**
 * The live changes. Not its job: what a change means.
 *
 * 1. After every (re)connection the caller loads anew what it shows; changes that arrive meanwhile wait and are applied
 *    behind it, so an older snapshot never covers a newer change.
 * 2. A dead server (kill -9 included) is asked again until it is back.
 */
import type { PageChange } from "../page-api.ts";

const RETRY_MS = 400;

export interface Feed {
  /** Called on each connection. */
  reload: () => Promise<void>;
  apply: (change: PageChange) => void;
  connected: (connected: boolean) => void;
  later: (action: () => void, ms: number) => void;
}

export function follow(feed: Feed): void {
  const source = new EventSource("/sandbox/events");
  let waiting: PageChange[] | null = [];
  let closed = false;

  const retry = (): void => {
    if (closed) return;
    closed = true;
    source.close();
    feed.connected(false);
    feed.later(() => follow(feed), RETRY_MS);
  };
  const load = async (): Promise<void> => {
    await feed.reload();
    if (closed) return;
    for (const change of waiting ?? []) feed.apply(change);
    waiting = null;
    feed.connected(true);
  };

  source.addEventListener("open", () => void load().catch(retry));
  source.addEventListener("error", retry);
  source.addEventListener("message", (event: MessageEvent<string>) => {
    const change = readChange(event.data);
    if (change === null) return;
    if (waiting === null) feed.apply(change);
    else waiting.push(change);
  });
}

/** A line that isn't JSON (a proxy's comment, a torn line) is left out: the next reload has what it said. */
function readChange(data: string): PageChange | null {
  try {
    const change: PageChange = JSON.parse(data);
    return change;
  } catch {
    return null;
  }
}
