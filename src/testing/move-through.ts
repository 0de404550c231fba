/** Moves a clock through whatever is due, instant by instant, as the sandbox does. */
import type { Engine } from "../engine/engine.ts";
import type { VirtualClock } from "./virtual-clock.ts";

/** `to`: milliseconds. Resolves when nothing is under way any more. */
export async function moveThrough(parameters: {
  engine: Pick<Engine, "idle" | "nextDue" | "tick">;
  clock: VirtualClock;
  to: number;
}): Promise<void> {
  const { engine, clock, to } = parameters;
  await engine.idle();
  for (let next = await engine.nextDue(); next !== null && next <= to; next = await engine.nextDue()) {
    clock.moveTo(next);
    await engine.tick();
    await engine.idle();
  }
  clock.moveTo(to);
  await engine.tick();
  await engine.idle();
}
