/** Whatever a flow and people do: each moment of the log can be explained, its history is in order, nothing secret shows. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { explain } from "../../src/engine/explain.ts";
import { MetricsTally } from "../../src/engine/metrics.ts";
import { timeline } from "../../src/engine/timeline.ts";
import type { LogEntry } from "../../src/flow/event.ts";
import { fold, type ExecutionState, type StepState } from "../../src/flow/execution.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { afterMoves, moves, randomFlows, secret } from "./random-executions.ts";

interface Log {
  definition: FlowDefinition;
  entries: LogEntry[];
}

const ended = new Set(["succeeded", "failed", "skipped", "aborted"]);
const isOpen = ({ status, compensation }: StepState) =>
  !ended.has(status) || (compensation !== null && !ended.has(compensation.status));

async function logs(definition: FlowDefinition, played: Parameters<typeof afterMoves>[1]): Promise<Log[]> {
  const { store } = await afterMoves(definition, played);
  const { items } = await store.list({ filter: {}, limit: 100 });
  const all = items.map(async ({ execution_id, definition_hash }): Promise<Log[]> => {
    const own = await store.getDefinition({ hash: definition_hash });
    const entries = await store.readLog({ executionId: execution_id, after: 0 });
    return own === null ? [] : [{ definition: own, entries }];
  });
  return (await Promise.all(all)).flat();
}

/** As it stood after each append. */
function moments({ definition, entries }: Log): ExecutionState[] {
  return entries.flatMap((_, index) => fold({ definition, entries: entries.slice(0, index + 1) }) ?? []);
}

function heldUpBy(state: ExecutionState, stepId: string): string[] {
  const { depends_on = [] } = state.definition.steps.find(({ id }) => id === stepId) ?? {};
  return depends_on.map(({ step }) => step).filter((id) => !ended.has(state.steps[id]?.status ?? "pending"));
}

/** By what the state says, independently of how it is explained. */
function checkMoment(state: ExecutionState): void {
  const explanation = explain(state);
  const isRunning = state.status === "running";
  const open = Object.values(state.steps).filter((step) => isRunning && isOpen(step));
  expect(explanation.steps.map(({ step_id }) => step_id).toSorted()).toEqual(open.map(({ id }) => id).toSorted());
  expect(explanation.reasons.length > 0).toBe(!isRunning);
  for (const { step_id, status, waits_for } of explanation.steps) {
    expect(waits_for.length).toBeGreaterThan(0);
    const named = waits_for.flatMap(({ kind, steps }) => (kind === "dependency" ? steps : []));
    expect(named).toEqual(status === "pending" ? heldUpBy(state, step_id) : []);
  }
  expect(JSON.stringify(explanation)).not.toContain(secret);
}

function checkHistory(log: Log): void {
  const history = timeline(log);
  const times = history?.lines.map(({ at }) => at) ?? [];
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  const told = log.entries.flatMap(({ events }) => events).filter(({ type }) => type !== "card_posted");
  expect(history?.lines.map(({ kind }) => kind)).toEqual(told.map(({ type }) => type));
  expect(JSON.stringify(history)).not.toContain(secret);
}

test("every moment of any execution", { timeout: 60_000 }, async () => {
  const seen = new Set<string>();
  let secrets = 0;
  await fc.assert(
    fc.asyncProperty(randomFlows, fc.array(moves, { maxLength: 10 }), async (definition, played) => {
      const all = await logs(definition, played);
      expect(all.length).toBeGreaterThan(0);
      const tally = new MetricsTally({ now: Number.MAX_SAFE_INTEGER });
      for (const log of all) {
        for (const state of moments(log)) {
          checkMoment(state);
          for (const { waits_for } of explain(state).steps) for (const { kind } of waits_for) seen.add(kind);
        }
        checkHistory(log);
        tally.add(log);
        secrets += JSON.stringify(log.entries).split(secret).length - 1;
      }
      const counted = tally.result().reduce((sum, { count }) => sum + count, 0);
      expect(counted).toBe(all.length);
      expect(JSON.stringify(tally.result())).not.toMatch(/NaN|-\d/);
    }),
    { numRuns: 60, seed: 5 },
  );
  // Or nothing would have been asked.
  expect(secrets).toBeGreaterThan(100);
  expect([...seen].toSorted()).toEqual([
    "approval",
    "attempt",
    "compensation",
    "dependency",
    "doubt",
    "flow",
    "item",
    "queue",
    "retry",
    "start",
    "wait",
  ]);
});
