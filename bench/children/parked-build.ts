/**
 * Child: a store full of executions that wait, half for an approval, half for a time. The engine makes one of each kind; the
 * others are its writes with other ids and instants, written through the store's own port.
 */
import { z } from "zod";
import { systemRandomness } from "../../src/app/app-clock.ts";
import { newId } from "../../src/flow/execution-id.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine } from "../engine.ts";
import { waitsForApproval, waitsForTime } from "../flows.ts";
import { recordWrites } from "../recorded-writes.ts";

/** In one transaction, as the engine's own writes are. */
const atOnce = 1_000;
/** Between one's waking and the next one's. */
const apartMs = 60_000;

const { path, flows } = optionsOf(z.strictObject({ path: z.string(), flows: z.number() }));
const kinds = [await patternOf(waitsForApproval.flow_id), await patternOf(waitsForTime.flow_id)];
const store = await openSqliteStateStore({ path });
for (let first = kinds.length; first < flows; first += atOnce) {
  const writes = Array.from({ length: Math.min(atOnce, flows - first) }, (_, index) => copyOf(first + index));
  await Promise.all(writes.flat().map((write) => replay(store, write)));
}
const { items: waiting } = await store.list({ filter: { status: "running" }, limit: flows + 1 });
await store.close();
if (waiting.length !== flows) throw new Error(`${waiting.length} of ${flows} executions wait`);
console.log(JSON.stringify({ waiting: waiting.length }));

interface Write {
  method: string;
  /** Its argument as JSON. */
  text: string;
}

interface Pattern {
  executionId: string;
  /** The instant that it waits for; it stands in its events and its header. */
  wakeAt: number;
  writes: Write[];
}

/** As the engine wrote it. */
async function patternOf(flowId: string): Promise<Pattern> {
  const writes: Write[] = [];
  const recorded = recordWrites(await openSqliteStateStore({ path }), ({ method, argument }) =>
    writes.push({ method, text: JSON.stringify(argument) }),
  );
  const flows = [waitsForApproval, waitsForTime];
  const { engine, close } = await startBenchEngine({ store: recorded, flows });
  const { executionId } = await engine.start({ flowId, input: {}, person: null });
  await engine.idle();
  const header = await recorded.getHeader({ executionId });
  await close();
  const own = writes.filter(({ text }) => text.includes(executionId));
  if (header?.wake_at == null || own.length === 0) throw new Error(`an execution of ${flowId} does not wait`);
  return { executionId, wakeAt: header.wake_at, writes: own };
}

function copyOf(index: number): Write[] {
  const pattern = kinds[index % kinds.length];
  if (pattern === undefined) return [];
  const { executionId, wakeAt, writes } = pattern;
  const copiedId = newId({ now: wakeAt, randomness: systemRandomness });
  return writes.map(({ method, text }) => ({
    method,
    text: text
      .replaceAll(executionId, copiedId)
      .replaceAll(String(wakeAt), String(wakeAt + index * apartMs))
      .replaceAll(/"audit_id":"[^"]+"/g, () => `"audit_id":"${newId({ now: wakeAt, randomness: systemRandomness })}"`),
  }));
}

async function replay(store: StateStore, { method, text }: Write): Promise<void> {
  const argument: unknown = JSON.parse(text);
  const call: unknown = Reflect.get(store, method);
  if (typeof call !== "function") throw new Error(`the store has no ${method}`);
  const answer: unknown = await Reflect.apply(call, store, [argument]);
  if (answer === false) throw new Error(`${method} of a copy was refused`);
}
