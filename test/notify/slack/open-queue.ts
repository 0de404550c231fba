import { ChannelQueue } from "../../../src/notify/slack/channel-queue.ts";

/** A queue whose pauses take no time: its clock goes forward by as much, and each is written down. */
export function openQueue(paused: number[] = [], pause: () => Promise<void> = () => Promise.resolve()): ChannelQueue {
  let now = 0;
  return new ChannelQueue({
    now: () => now,
    pause: async (ms) => {
      paused.push(ms);
      await pause();
      now += ms;
    },
  });
}
