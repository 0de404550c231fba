/**
 * Several partitions of an index as one list in the order of their places: first of the index, first here. Pages are read
 * for all partitions at once and as far as they are asked for.
 */
import type { Index } from "./indexes.ts";
import type { Item } from "./item.ts";
import { textOf } from "./item.ts";
import type { Range, Requests } from "./requests.ts";

interface InOrder {
  requests: Requests;
  index: Index;
  partitions: readonly string[];
  descending: boolean;
  range?: Range;
  pageSize: number;
}

interface Run {
  partition: string;
  items: Item[];
  after: Item | undefined;
  ended: boolean;
}

/** Gives what is known to be next, some items at a time. */
export async function* inOrder(options: InOrder): AsyncGenerator<Item[]> {
  const runs = options.partitions.map((partition): Run => ({ partition, items: [], after: undefined, ended: false }));
  const placeOf = (item: Item) => textOf(item, options.index.sk) ?? "";
  const isBefore = (one: string, other: string) => (options.descending ? one > other : one < other);
  for (;;) {
    await Promise.all(runs.filter(({ items, ended }) => items.length === 0 && !ended).map((run) => read(options, run)));
    const chunk: Item[] = [];
    while (runs.every(({ items, ended }) => items.length > 0 || ended)) {
      const next = firstRun({ runs, placeOf, isBefore });
      const item = next?.items.shift();
      if (item === undefined) break;
      chunk.push(item);
    }
    if (chunk.length > 0) yield chunk;
    if (runs.every(({ items, ended }) => items.length === 0 && ended)) return;
  }
}

function firstRun(parameters: {
  runs: readonly Run[];
  placeOf: (item: Item) => string;
  isBefore: (one: string, other: string) => boolean;
}): Run | null {
  let first: { run: Run; place: string } | null = null;
  for (const run of parameters.runs) {
    const item = run.items[0];
    if (item === undefined) continue;
    const place = parameters.placeOf(item);
    if (first === null || parameters.isBefore(place, first.place)) first = { run, place };
  }
  return first?.run ?? null;
}

async function read({ requests, index, descending, range, pageSize }: InOrder, run: Run): Promise<void> {
  const page = await requests.queryPage({
    pk: run.partition,
    index,
    descending,
    limit: pageSize,
    after: run.after,
    ...(range === undefined ? {} : { range }),
  });
  run.items = page.items;
  run.after = page.next;
  run.ended = page.next === undefined;
}
