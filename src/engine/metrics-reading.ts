/**
 * Reads what the figures are made of: the newest executions of a span, one log at a time. It lets others have their turn
 * in between, so that a question about a month delays no click.
 */
import type { ExecutionFilter } from "../state/state-store.ts";
import type { RunningContext } from "./context.ts";
import { headers } from "./header-pages.ts";
import { MetricsTally, type Metrics } from "./metrics.ts";

/** The newest say most about today. */
export const mostExecutions = 2_000;
export const spanMs = 30 * 86_400_000;
/** Logs in a row: a few milliseconds. */
const logsPerTurn = 5;
const headersPerTurn = 100;

/** `since`: milliseconds; null: the last 30 days. */
export async function readMetrics(
  context: Pick<RunningContext, "store" | "clock" | "realTime" | "logger" | "definitions">,
  { filter, since }: { filter: ExecutionFilter; since: number | null },
): Promise<Metrics> {
  const { store, clock, realTime, logger, definitions } = context;
  const until = clock.now();
  const from = since ?? until - spanMs;
  const tally = new MetricsTally({ now: until });
  const unreadable: string[] = [];
  let read = 0;
  let cut = false;
  for await (const { execution_id, definition_hash, started_at } of headers(store, filter, headersPerTurn)) {
    if (started_at < from) break;
    cut = read === mostExecutions;
    if (cut) break;
    read += 1;
    try {
      const definition = await definitions.of(definition_hash);
      tally.add({ definition, entries: await store.readLog({ executionId: execution_id, after: 0 }) });
    } catch (error) {
      logger.warn({ err: error, execution_id }, "an execution is left out of the figures");
      unreadable.push(execution_id);
    }
    if (read % logsPerTurn === 0) await realTime.pause(0);
  }
  return { since: from, until, executions: read - unreadable.length, cut, unreadable, flows: tally.result() };
}
