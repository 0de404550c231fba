/** Child: one firing of a schedule over the customers of a folder, who all match; each is asked about. */
import { z } from "zod";
import { openCsvSource } from "../../src/agents/crm/csv/csv-source.ts";
import { AppClock, systemTime } from "../../src/app/app-clock.ts";
import type { Card } from "../../src/flow/card.ts";
import type { Presenter } from "../../src/notify/notifier.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import { optionsOf } from "../child.ts";
import { startBenchEngine } from "../engine.ts";
import { firing } from "../flows.ts";
import { bytesOf, recordWrites } from "../recorded-writes.ts";

const dayMs = 86_400_000;
const nineMs = 9 * 3_600_000;

const Options = z.strictObject({
  path: z.string(),
  crm: z.string(),
  customers: z.number(),
  /** Are the writes weighed? That takes time of its own. */
  weighs: z.boolean(),
});
const { path, crm, customers, weighs } = optionsOf(Options);
const moved = { ms: 0 };
const clock = new AppClock({ now: () => systemTime.now() + moved.ms });
/** Milliseconds from the firing. */
const first = new Map<Card["kind"], number>();
let begin = 0;
let created = 0;
let written = { requests: 0, bytes: 0 };
const allStarted = Promise.withResolvers<number>();

const recorded = recordWrites(await openSqliteStateStore({ path }), (write) => {
  written = { requests: written.requests + 1, bytes: written.bytes + (weighs ? bytesOf(write) : 0) };
  if (write.method !== "create") return;
  created += 1;
  if (created === customers) allStarted.resolve(performance.now() - begin);
});
const presenter: Presenter = {
  postCard: ({ card, channel }) => {
    if (!first.has(card.kind)) first.set(card.kind, performance.now() - begin);
    return Promise.resolve({ channel, ts: String(created) });
  },
  updateCard: () => Promise.resolve(),
  findCard: () => Promise.resolve(null),
};
const source = await openCsvSource({ folder: crm });
const { engine, close } = await startBenchEngine({
  store: recorded,
  flows: [firing],
  customers: source,
  clock,
  presenter,
});
// A schedule counts from its first sight.
await engine.tick();
await engine.idle();

moved.ms = dayMs - (systemTime.now() % dayMs) + nineMs;
begin = performance.now();
clock.ring();
await engine.tick();
const startedMs = await allStarted.promise;
const untilStarted = written;
await engine.idle();
const parkedMs = performance.now() - begin;
await close();
console.log(
  JSON.stringify({
    first_card: (first.get("approval") ?? NaN) / 1_000,
    batch_card: (first.get("batch") ?? NaN) / 1_000,
    all_started: startedMs / 1_000,
    all_parked: parkedMs / 1_000,
    peak_memory: process.resourceUsage().maxRSS / 1024,
    requests_each: untilStarted.requests / customers,
    bytes_each: untilStarted.bytes / customers,
  }),
);
