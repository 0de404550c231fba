/**
 * Child: executions that are killed at half. `begin` starts them and says "half" when half of the steps have begun; `finish`
 * is the next process: it ends them, and then looks into a copy of the file as the killed one left it.
 */
import { z } from "zod";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine, startMany } from "../engine.ts";
import { stepsPerFlow } from "../flows.ts";

const Options = z.discriminatedUnion("part", [
  z.strictObject({ part: z.literal("begin"), path: z.string(), flows: z.number() }),
  z.strictObject({ part: z.literal("finish"), path: z.string(), flows: z.number(), copy: z.string() }),
]);
const options = optionsOf(Options);
const { path, flows } = options;
const begun: string[] = [];
const opening = performance.now();
const store = await openSqliteStateStore({ path });
const onAttempt = (of: { executionId: string; stepId: string }) => begun.push(keyOf(of));
const bench = await startBenchEngine({ store, onAttempt });

switch (options.part) {
  case "begin": {
    const watch = setInterval(() => {
      if (begun.length < (flows * stepsPerFlow) / 2) return;
      clearInterval(watch);
      console.log("half");
    }, 1);
    await startMany(bench, flows);
    await bench.engine.idle();
    // Whoever was to kill it came too late.
    await bench.close();
    break;
  }
  case "finish": {
    await bench.engine.idle();
    const seconds = (performance.now() - opening) / 1000;
    const { length: ended } = await bench.engine.list({ status: "succeeded", limit: 2 * flows });
    await bench.close();
    const left = await leftIn(options.copy);
    const repeated = begun.filter((key) => left.completed.has(key));
    const figures = {
      seconds,
      ended,
      started: left.executions,
      completed: left.completed.size,
      completed_repeated: repeated.length,
      in_flight: left.started.size - left.completed.size,
    };
    console.log(JSON.stringify(figures));
    break;
  }
  default:
    options satisfies never;
}

function keyOf({ executionId, stepId }: { executionId: string; stepId: string }): string {
  return `${executionId}/${stepId}`;
}

/** The steps whose result, or whose start at least, was durable when the process was killed. */
async function leftIn(copy: string) {
  const store = await openSqliteStateStore({ path: copy });
  const left = { executions: 0, started: new Set<string>(), completed: new Set<string>() };
  for await (const executionId of executionIds(store)) {
    left.executions += 1;
    const events = (await store.readLog({ executionId, after: 0 })).flatMap((entry) => entry.events);
    for (const event of events) {
      if (event.type === "step_started") left.started.add(keyOf({ executionId, stepId: event.step_id }));
      if (event.type === "step_succeeded") left.completed.add(keyOf({ executionId, stepId: event.step_id }));
    }
  }
  await store.close();
  return left;
}

async function* executionIds(store: StateStore): AsyncGenerator<string> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<StateStore["list"]>> = await store.list({ filter: {}, limit: 1_000, cursor });
    for (const { execution_id } of page.items) yield execution_id;
    cursor = page.next;
  } while (cursor !== null);
}
