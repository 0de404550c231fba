/** Random moments: drawn from a seed, counted in what the page is told. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

export interface Draw {
  /** 0 ≤ x < 1. */
  fraction(): number;
  /** From `least` to `most`, both possible. */
  integer(least: number, most: number): number;
  shuffled<T>(items: readonly T[]): T[];
}

/** Mulberry32: the same seed, the same moments. */
export function drawFrom(seed: number): Draw {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (least: number, most: number): number => least + Math.floor(fraction() * (most - least + 1));
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => ({ item, place: fraction() }))
      .toSorted((one, other) => one.place - other.place)
      .map(({ item }) => item);
  return { fraction, integer, shuffled };
}

export interface Changes {
  /** Resolves at the n-th change from the start of watching, or when that doesn't come within the time. */
  reach(count: number, withinMs: number): Promise<"reached" | "quiet">;
  close(): void;
}

/** What is counted: everything, or mails alone. */
export type Counted = "change" | "mail";

/** Of the sandbox's page: each message, mail, event, envelope and call. Watches from when it resolves. */
export async function watchChanges(url: string, counted: Counted = "change"): Promise<Changes> {
  const closing = new AbortController();
  const response = await fetch(`${url}/sandbox/events`, { signal: closing.signal });
  if (response.body === null) throw new Error("the page's feed is empty");
  const lines = createInterface({ input: Readable.from(untilCut(response.body)) });
  let seen = 0;
  const changed = new EventTarget();
  lines.on("line", (line) => {
    if (!line.startsWith(counted === "mail" ? 'data: {"type":"mail"' : "data:")) return;
    seen += 1;
    changed.dispatchEvent(new Event("change"));
  });
  return {
    reach: async (count, withinMs) => {
      const reached = new Promise<"reached">((resolve) => {
        const look = () => seen >= count && resolve("reached");
        changed.addEventListener("change", look);
        look();
      });
      return Promise.race([reached, passed(withinMs).then(() => "quiet" as const)]);
    },
    close: () => closing.abort(),
  };
}

/** The end of a killed server's answer is an end, not an error. */
async function* untilCut(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) yield chunk;
  } catch {
    // Killed, or watched no longer.
  }
}

export function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
