/** Moving the sandbox's clock visits every due instant in its order: to the app it is no downtime (DESIGN §8). */
import { setImmediate } from "node:timers/promises";
import type { Engine } from "../engine/engine.ts";

export interface Moved {
  now(): number;
  /** Forward only. */
  set(at: number): void;
  /** Runs the timers that have become due. */
  ring(): void;
}

/**
 * Resolves with the instant reached, once everything that fell due on the way has settled. `stopping` ends it on the way with
 * its reason: an engine that stops works nothing off, so what is due would stay due for ever.
 */
export async function advanceClock(parameters: {
  engine: Engine;
  clock: Moved;
  to: number | "next";
  stopping: AbortSignal;
}): Promise<number> {
  const { engine, clock, stopping } = parameters;
  await engine.idle();
  const target = parameters.to === "next" ? await nextFiring(engine) : parameters.to;
  if (target === null) return clock.now();
  for (let due = await engine.nextDue(); due !== null && due <= target; due = await engine.nextDue()) {
    await visit(engine, clock, due);
    // A month of a busy schedule takes a while: the page and a signal get their turn.
    await setImmediate();
    stopping.throwIfAborted();
  }
  await visit(engine, clock, target);
  return clock.now();
}

async function visit(engine: Engine, clock: Moved, at: number): Promise<void> {
  clock.set(at);
  clock.ring();
  await engine.tick();
  await engine.idle();
}

/** Null: no flow has a schedule. */
async function nextFiring(engine: Engine): Promise<number | null> {
  const instants = (await engine.flows()).flatMap(({ nextFiring }) => nextFiring ?? []);
  return instants.length === 0 ? null : Math.min(...instants);
}
