/**
 * What went over the wires between the app and the stand-ins, for the page: each request with its answer, its time and the
 * fault that was put into it. The last ones only, in memory: it is a view, no record.
 */
import type { FaultName, TrafficEntry } from "./page-api.ts";
import type { PageFeed } from "./page-server/page-feed.ts";
import { readable } from "./redact.ts";

const MOST_ENTRIES = 500;

export interface Passage {
  /** Once. `status` is "ok", a word or a number, as `TrafficEntry` says. */
  end(parameters: { status: string; answer?: unknown; fault?: FaultName | null }): void;
}

export class Traffic {
  /** A ring: an entry's place is its number's remainder. */
  readonly #entries: (TrafficEntry | undefined)[] = [];
  readonly #feed: PageFeed;
  readonly #realNow: () => number;
  readonly #secrets: () => readonly string[];
  #lastSeq = 0;

  /** `secrets`: values that stand in no entry, whatever their names. */
  constructor(parameters: { feed: PageFeed; realNow: () => number; secrets: () => readonly string[] }) {
    this.#feed = parameters.feed;
    this.#realNow = parameters.realNow;
    this.#secrets = parameters.secrets;
  }

  /** To the app, it is shown at once as waiting; from the app, with its answer. */
  begin(parameters: Pick<TrafficEntry, "direction" | "via" | "name"> & { request: unknown }): Passage {
    const { direction, via, name, request } = parameters;
    const at = this.#realNow();
    this.#lastSeq += 1;
    const begun = { seq: this.#lastSeq, at, direction, via, name };
    if (direction === "to_app") {
      this.#put({ ...begun, status: "waiting", ms: null, fault: null, detail: this.#detail({ request }) });
    }
    return {
      end: ({ status, answer, fault = null }) => {
        this.#put({ ...begun, status, ms: this.#realNow() - at, fault, detail: this.#detail({ request, answer }) });
      },
    };
  }

  /** Oldest first. */
  list(): TrafficEntry[] {
    return this.#entries.filter((entry) => entry !== undefined).toSorted((a, b) => a.seq - b.seq);
  }

  #put(entry: TrafficEntry): void {
    const place = entry.seq % MOST_ENTRIES;
    // A late answer to what has been dropped meanwhile is too old to show.
    if ((this.#entries[place]?.seq ?? 0) > entry.seq) return;
    this.#entries[place] = entry;
    this.#feed.publish({ type: "traffic", entry });
  }

  #detail(exchange: { request: unknown; answer?: unknown }): string {
    return readable(exchange, this.#secrets());
  }
}
