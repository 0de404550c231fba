/** What the parts of the contract work with: a fresh store for each test, and what it reported. */
import { afterEach, beforeEach } from "vitest";
import type { ExecutionHeader } from "../../../src/flow/record.ts";
import type { OnCorrupt } from "../../../src/state/readable.ts";
import type { CorruptRecordError, Page, StateStore } from "../../../src/state/state-store.ts";
import { sampleEntry, sampleHeader } from "../sample-records.ts";

export interface TestedStore {
  name: string;
  /** An empty store. */
  setup: (parameters: { onCorrupt: OnCorrupt }) => Promise<StateStore>;
  /** Closes it and removes what it left. */
  teardown: (store: StateStore) => Promise<void>;
  /** Awaited before lists are read, for stores whose lists lag (S3). */
  settled?: (store: StateStore) => Promise<void>;
}

export interface Contract {
  readonly store: StateStore;
  /** What the store reported through `onCorrupt`. */
  readonly corrupt: readonly CorruptRecordError[];
  /** Creates an execution with that header and a first entry. */
  add(changes: Partial<ExecutionHeader>): Promise<boolean>;
  settled(): Promise<void>;
  allPages<T>(page: (cursor: string | null) => Promise<Page<T>>): Promise<T[]>;
}

export function contractFor({ setup, teardown, settled = async () => {} }: TestedStore): Contract {
  let current: StateStore | null = null;
  let corrupt: CorruptRecordError[] = [];
  beforeEach(async () => {
    corrupt = [];
    current = await setup({ onCorrupt: (error) => corrupt.push(error) });
  });
  afterEach(() => teardown(store()));

  function store(): StateStore {
    if (current === null) throw new Error("The store is set up before each test.");
    return current;
  }
  return {
    get store() {
      return store();
    },
    get corrupt() {
      return corrupt;
    },
    add: (changes) => {
      const header = sampleHeader(changes);
      return store().create({ header, entry: sampleEntry({ execution_id: header.execution_id }) });
    },
    settled: () => settled(store()),
    allPages: async (page) => {
      await settled(store());
      return followPages(page);
    },
  };
}

async function followPages<T>(page: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const read: Page<T> = await page(cursor);
    items.push(...read.items);
    cursor = read.next;
  } while (cursor !== null);
  return items;
}

/** A record as another version might have written it. The port's own writes let it in: stores check when they read. */
export function damaged<T extends object>(record: T, damage: Record<string, unknown>): T {
  return { ...record, ...damage };
}

export function idsOf(headers: readonly ExecutionHeader[]): string[] {
  return headers.map((header) => header.execution_id);
}
