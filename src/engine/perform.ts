/**
 * Performing one effect: what may be said of it afterwards (E2).
 *
 * - P1. A service that takes the key (`native`) may be called again after any doubt.
 * - P2. One that can be asked (`lookup`) is asked; "not there" is believed where the request that sent it has settled, or its
 *   process is gone for sure.
 * - P3. Of the others (`none`) a doubt stays a doubt.
 * - P4. Whoever holds it back is asked once it is known that it hasn't been sent, and nothing is sent then.
 */
import type { Effect } from "../flow/effect.ts";
import type { StepEffect } from "../flow/execution.ts";
import { FailureError, type Failure } from "../flow/failure.ts";
import { DoubtError, type Notifier } from "../notify/notifier.ts";
import type { EffectResult } from "./command.ts";
import { notifierFor, type RunningContext } from "./context.ts";

const effectDeadlineMs = 30_000;
/** E2: an effect is begun only where the lease outlives its request, and is cut off with it. */
const leastDeadlineMs = 3_000;

type Performing = Pick<RunningContext, "notifiers" | "lease" | "realTime" | "clock" | "logger">;

export async function performEffect(
  context: Performing,
  {
    effect,
    attempt,
    isSenderLost,
    holds = () => Promise.resolve(null),
  }: {
    effect: StepEffect;
    attempt: number;
    /** The attempt that began it died with its process, or seems to have. */
    isSenderLost: boolean;
    /** Null: it may go out. Never throws. */
    holds?: () => Promise<EffectResult | null>;
  },
): Promise<EffectResult> {
  const notifier = notifierFor(context, effect.planned.effect.kind);
  if (notifier === undefined) return refused(`Nothing is set up to send a ${effect.planned.effect.kind}.`);
  const begunEarlier = effect.state.status === "begun" && effect.begunAttempt < attempt;
  if (begunEarlier && notifier.find !== undefined) {
    const fate = await fateOf(context, { find: notifier.find.bind(notifier), effect, isSenderLost });
    if (fate !== null) return fate;
  }
  // Only now: what may have been sent before is no failure that is tried again unasked.
  const leftMs = context.lease.expiresAt() - context.realTime.now();
  if (leftMs < leastDeadlineMs) return unavailable("This process's lease on the store is running out.");
  const { signal, clear } = context.realTime.deadline(Math.min(effectDeadlineMs, leftMs));
  const call = { key: effect.key, effect: effect.planned.effect, signal };
  try {
    const held = await holds();
    if (held !== null) return held;
    return { kind: "performed", receipt: await notifier.perform({ ...call, now: context.clock.now() }) };
  } catch (error) {
    return await afterError(context, { notifier, error, call, since: effect.begunAt ?? context.clock.now() });
  } finally {
    clear();
  }
}

/** P2, of one that was begun before. Null: it isn't there, and nobody can be sending it any more. */
async function fateOf(
  context: Performing,
  { find, effect, isSenderLost }: { find: NonNullable<Notifier["find"]>; effect: StepEffect; isSenderLost: boolean },
): Promise<EffectResult | null> {
  const { signal, clear } = context.realTime.deadline(effectDeadlineMs);
  try {
    const about = { key: effect.key, effect: effect.planned.effect, since: effect.begunAt ?? 0 };
    const receipt = await find({ ...about, signal });
    if (receipt !== null) return { kind: "performed", receipt };
    if (!isSenderLost || isGoneForSure(context)) return null;
    return { kind: "doubtful", cause: "The process that was sending it stopped answering; it may still arrive." };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { kind: "doubtful", cause: `It may have been sent, and could not be looked for: ${cause}` };
  } finally {
    clear();
  }
}

/** E2: a lease that the operating system holds falls with its process; one that runs out by time may have a sender left. */
function isGoneForSure({ lease }: Performing): boolean {
  return lease.expiresAt() === Infinity;
}

async function afterError(
  context: Performing,
  parameters: {
    notifier: Notifier;
    error: unknown;
    call: { key: string; effect: Effect; signal: AbortSignal };
    since: number;
  },
): Promise<EffectResult> {
  const { notifier, error, call, since } = parameters;
  if (error instanceof FailureError)
    return { kind: "failed", failure: error.failure, retryAfterMs: error.retryAfterMs };
  const cause = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DoubtError))
    context.logger.error({ err: error, key: call.key }, "an effect ended in an unknown way");
  if (notifier.idempotency === "native") return unavailable(cause);
  if (notifier.find === undefined) return { kind: "doubtful", cause };
  const { signal, clear } = context.realTime.deadline(effectDeadlineMs);
  try {
    const receipt = await notifier.find({ ...call, since, signal });
    return receipt === null ? unavailable(cause) : { kind: "performed", receipt };
  } catch {
    return { kind: "doubtful", cause };
  } finally {
    clear();
  }
}

function refused(cause: string): EffectResult {
  return failed({ error: "Effect.Refused", cause });
}

function unavailable(cause: string): EffectResult {
  return failed({ error: "Agent.Unavailable", cause });
}

function failed(failure: Failure): EffectResult {
  return { kind: "failed", failure, retryAfterMs: null };
}
