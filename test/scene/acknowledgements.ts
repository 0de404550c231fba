/** What goes to the app and how long it took to be acknowledged, as the sandbox's Traffic pane is told of it. */
import type { PageChange, TrafficEntry } from "../../src/sandbox/page-api.ts";

export interface Acknowledgements {
  /**
   * The last word on each. Where hundreds of others came before its answer, the pane has dropped it and its answer is never
   * told: it stands as waiting, and whoever pressed knows how it went.
   */
  toApp(name: string): TrafficEntry[];
  fromApp(name: string): TrafficEntry[];
  close(): void;
}

export async function watchAcknowledgements(url: string): Promise<Acknowledgements> {
  const controller = new AbortController();
  const response = await fetch(`${url}/sandbox/events`, { signal: controller.signal });
  const entries = new Map<number, TrafficEntry>();
  void (async () => {
    let text = "";
    for await (const chunk of response.body ?? []) {
      const lines = (text + Buffer.from(chunk).toString()).split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.startsWith("data: ")) note(JSON.parse(line.slice("data: ".length)));
    }
  })().catch(() => {});
  function note(change: PageChange): void {
    if (change.type === "traffic") entries.set(change.entry.seq, change.entry);
  }
  const of = (direction: TrafficEntry["direction"], name: string) =>
    [...entries.values()].filter((entry) => entry.direction === direction && entry.name === name);
  return {
    toApp: (name) => of("to_app", name),
    fromApp: (name) => of("from_app", name),
    close: () => controller.abort(),
  };
}

/** In milliseconds: the smallest that so many in a hundred don't exceed. */
export function percentile(times: readonly number[], percent: number): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? Number.NaN;
}
