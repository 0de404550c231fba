/**
 * The sandbox's clock: real time plus an offset that is stored, so that it outlives a kill.
 *
 * Job: hold the offset and tell it. Non-job: visiting what falls due on the way; the composition root's `advance` does that
 * and calls `set` for each instant. It never goes back: what has been seen as past stays past.
 */
import type { PageFeed } from "./page-server/page-feed.ts";
import type { SettingsStore } from "./store/settings-store.ts";

export const offsetSetting = "clock_offset_ms";

export class SandboxClock {
  readonly #realNow: () => number;
  readonly #settings: SettingsStore;
  readonly #feed: PageFeed;
  #offsetMs: number;
  #moving = false;

  constructor(parameters: { realNow: () => number; settings: SettingsStore; feed: PageFeed }) {
    this.#realNow = parameters.realNow;
    this.#settings = parameters.settings;
    this.#feed = parameters.feed;
    this.#offsetMs = Number(parameters.settings.get(offsetSetting) ?? 0);
  }

  now(): number {
    return this.#realNow() + this.#offsetMs;
  }

  offsetMs(): number {
    return this.#offsetMs;
  }

  /** Makes it `at` now; an instant that is already past changes nothing. */
  set(at: number): void {
    const offsetMs = at - this.#realNow();
    if (offsetMs <= this.#offsetMs) return;
    this.#settings.set(offsetSetting, String(offsetMs));
    this.#offsetMs = offsetMs;
    this.#tell();
  }

  isMoving(): boolean {
    return this.#moving;
  }

  /** While a move is under way the page says so. */
  setMoving(moving: boolean): void {
    this.#moving = moving;
    this.#tell();
  }

  state(): { now: string; offsetMs: number; moving: boolean } {
    return { now: new Date(this.now()).toISOString(), offsetMs: this.#offsetMs, moving: this.#moving };
  }

  #tell(): void {
    this.#feed.publish({ type: "clock", ...this.state() });
  }
}
