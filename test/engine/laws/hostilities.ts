/** What may be wrong with the world, each by its question: how the store and the services behave, and what happens to processes. */
import { MemoryStateStore } from "../../../src/state/memory.ts";
import { deafStore, lateStore, slowStore, throttledStore } from "../../state/faulty-store.ts";
import type { Chances } from "./cases.ts";
import { turns, type Hostility } from "./life.ts";

const minute = 60_000;

export const hostilities = {
  none: {},
  deaf: {
    store: ({ store, draw, isHealed }) => deafStore({ store, isLost: () => !isHealed() && draw() < 0.15 }),
  },
  throttled: {
    store: ({ store, draw, isHealed }) => throttledStore({ store, isThrottled: () => !isHealed() && draw() < 0.5 }),
  },
  late: {
    processes: 2,
    shared: ({ store, clock }) =>
      lateStore({ store, index: new MemoryStateStore(), now: () => clock.now(), lateMs: 3 * minute }),
  },
  /** Two that drive at their own pace: what each asks of the store takes a while. */
  racing: {
    processes: 2,
    leasesRunOut: true,
    store: ({ store, draw }) => slowStore({ store, pause: () => turns(Math.floor(draw() * 4)) }),
  },
  frozen: { processes: 2, leasesRunOut: true },
  slow: { isLate: true },
} satisfies Record<string, Hostility>;

/** Of at most forty letters: so much of it a report shows. */
export const questions: { question: string; name: keyof typeof hostilities; chances: Chances }[] = [
  { question: "answers to writes are lost", name: "deaf", chances: { deaths: true } },
  { question: "two drive, one takes the other for gone", name: "racing", chances: { parts: true } },
  { question: "a process stands still and wakes up", name: "frozen", chances: { freezes: true } },
  { question: "the clock jumps forward and back", name: "none", chances: { back: true, deaths: true } },
  { question: "half of all calls are throttled", name: "throttled", chances: {} },
  { question: "lists are minutes late", name: "late", chances: { deaths: true } },
  { question: "answers come after their timeout", name: "slow", chances: { deaths: true } },
];
