/** Real time for a program's engine: a pause that nobody waits for any more must not keep the program from ending. */
import type { RealTime } from "../engine/context.ts";
import { systemRealTime } from "./app-clock.ts";

export function programTime(): { realTime: RealTime; letGo: () => void } {
  const pauses = new Set<NodeJS.Timeout>();
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const timeout = setTimeout(() => {
        pauses.delete(timeout);
        resolve();
      }, ms);
      pauses.add(timeout);
    });
  return { realTime: { ...systemRealTime, pause }, letGo: () => pauses.forEach((timeout) => clearTimeout(timeout)) };
}
