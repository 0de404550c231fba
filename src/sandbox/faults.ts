/**
 * Faults that somebody armed at the page, each for the next time that it fits. In memory: a restart disarms them.
 * Non-job: what each does; whoever serves the request takes it and does it.
 */
import type { FaultName } from "./page-api.ts";
import type { PageFeed } from "./page-server/page-feed.ts";

/** Those that wait for something; the others happen at once. */
export type ArmedFault = Exclude<FaultName, "socket_refresh" | "redelivery">;

export class Faults {
  readonly #armed = new Set<ArmedFault>();
  readonly #feed: PageFeed;

  constructor({ feed }: { feed: PageFeed }) {
    this.#feed = feed;
  }

  arm(name: ArmedFault): void {
    this.#armed.add(name);
    this.#tell();
  }

  clear(name: FaultName): void {
    if (this.#drop(name)) this.#tell();
  }

  /** True once for each time that it was armed. */
  take(name: ArmedFault): boolean {
    const taken = this.#armed.delete(name);
    if (taken) this.#tell();
    return taken;
  }

  armed(): FaultName[] {
    return [...this.#armed];
  }

  #drop(name: FaultName): boolean {
    return name !== "socket_refresh" && name !== "redelivery" && this.#armed.delete(name);
  }

  #tell(): void {
    this.#feed.publish({ type: "faults", armed: this.armed() });
  }
}
