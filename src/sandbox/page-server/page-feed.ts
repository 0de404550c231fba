/** What changed, to whoever watches. Published only after the change is stored. */
import type { PageChange } from "../page-api.ts";

export class PageFeed {
  readonly #listeners = new Set<(change: PageChange) => void>();

  publish(change: PageChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  subscribe(listener: (change: PageChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
