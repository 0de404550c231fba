/** The clock's buttons. Who visits what falls due is the composition root's `advance`; here only one move at a time. */
import { z } from "zod";
import { HttpError } from "../http/reply.ts";
import type { SandboxClock } from "../sandbox-clock.ts";
import type { Fields } from "../slack/problems.ts";

/** Moves the clock through every due instant and gives the instant it then shows; throws a sentence for people. */
export type Advance = (parameters: { to: number | "next" }) => Promise<number>;

const MOST_MS = 366 * 86_400_000;

const move = z.union([
  z.strictObject({ advanceMs: z.number().int().positive().max(MOST_MS) }),
  z.strictObject({ to: z.literal("next") }),
]);

interface Answered {
  status: number;
  answer: { now: string } | { ok: false; error: string };
}

export async function moveClock(
  body: Fields,
  { clock, advance }: { clock: SandboxClock; advance: Advance },
): Promise<Answered> {
  const parsed = move.safeParse(body);
  if (!parsed.success) throw new HttpError(400, 'Say { advanceMs } (at most a year) or { to: "next" }.');
  if (clock.isMoving()) return { status: 409, answer: { ok: false, error: "The clock is moving already." } };
  clock.setMoving(true);
  try {
    const to = "to" in parsed.data ? parsed.data.to : clock.now() + parsed.data.advanceMs;
    return { status: 200, answer: { now: new Date(await advance({ to })).toISOString() } };
  } catch (error) {
    return { status: 500, answer: { ok: false, error: error instanceof Error ? error.message : String(error) } };
  } finally {
    clock.setMoving(false);
  }
}
