/**
 * The live changes. Not its job: what a change means, and how it goes together with what is loaded (loader).
 * A dead server (kill -9 included) is asked again until it is back; after each connection the caller loads anew.
 */
import type { PageChange } from "../page-api.ts";

const RETRY_MS = 400;

export interface Feed {
  /** Called on each connection; if it fails, the connection is given up and made anew. */
  load: () => Promise<void>;
  apply: (change: PageChange) => void;
  setConnected: (connected: boolean) => void;
  later: (action: () => void, ms: number) => void;
}

export function follow(feed: Feed): void {
  const source = new EventSource("/sandbox/events");
  let given = false;
  const giveUp = (): void => {
    if (given) return;
    given = true;
    source.close();
    feed.setConnected(false);
    feed.later(() => follow(feed), RETRY_MS);
  };
  const load = async (): Promise<void> => {
    await feed.load();
    if (!given) feed.setConnected(true);
  };
  source.addEventListener("open", () => void load().catch(giveUp));
  source.addEventListener("error", giveUp);
  source.addEventListener("message", (event: MessageEvent<string>) => {
    const change = readChange(event.data);
    if (change !== null) feed.apply(change);
  });
}

/** A line that isn't JSON is left out rather than ending the feed. */
function readChange(data: string): PageChange | null {
  try {
    const change: PageChange = JSON.parse(data);
    return change;
  } catch {
    return null;
  }
}
