/**
 * A store whose process dies at a chosen write: before it lands, or after it has landed and before the caller knows.
 * What a dead process asks for afterwards never happens, and its leases fall as the operating system would let them fall.
 * So a sweep over `number` stops an engine at each of its writes; a new engine on the bare store then finishes the work.
 */
import type { ExecutionHeader } from "../../src/flow/record.ts";
import type { Lease, StateStore } from "../../src/state/state-store.ts";

export const writeMethods = [
  "putDefinition",
  "create",
  "append",
  "putHeader",
  "createBatch",
  "updateBatch",
  "putCursor",
  "putSlots",
  "putFlowControl",
  "putCase",
  "claim",
  "recordAudit",
  "removeExpired",
] as const satisfies readonly (keyof StateStore)[];
export type WriteMethod = (typeof writeMethods)[number];

/** `number` counts the writes of this store from 1, whatever their method. */
export interface WriteCall {
  method: WriteMethod;
  number: number;
}
export type Fault = "before" | "after" | null;

export class CrashError extends Error {
  override readonly name = "CrashError";
}

export interface FaultyStore extends StateStore {
  /** Has a fault struck? From then on every call rejects with a `CrashError`. */
  crashed(): boolean;
  /** Resolves when a fault strikes, even where nobody awaits the write that it struck. */
  readonly death: Promise<void>;
  /** How many writes were asked for before the crash, the struck one included. */
  writes(): number;
}

export interface CountingStore extends StateStore {
  /** Writes so far by method; methods that were not called are missing. */
  counts(): Partial<Record<WriteMethod, number>>;
  /** All writes so far: what D6 bounds. */
  total(): number;
  reset(): void;
}

export function faultyStore({ store, fail }: { store: StateStore; fail: (call: WriteCall) => Fault }): FaultyStore {
  const leases = new Set<Lease>();
  let crash: CrashError | null = null;
  let writes = 0;
  const { promise: death, resolve: die } = Promise.withResolvers<void>();

  async function write<R>({ method, call }: { method: WriteMethod; call: () => Promise<R> }): Promise<R> {
    writes += 1;
    const fault = fail({ method, number: writes });
    if (fault === null) return call();
    const struck = new CrashError(`The process died ${fault} write ${writes}, ${method}.`);
    // Dead before the call is awaited: what the engine asks for meanwhile comes too late.
    crash = struck;
    // What the store says to it nobody hears any more.
    if (fault === "after") await Promise.allSettled([call()]);
    await Promise.all([...leases].map((lease) => lease.release()));
    die();
    throw struck;
  }

  const faulty = intercept(store, async ({ method, call }) => {
    if (crash !== null) throw crash;
    return isWrite(method) ? write({ method, call }) : call();
  });
  return {
    ...faulty,
    async openLease(parameters) {
      const lease = await faulty.openLease(parameters);
      leases.add(lease);
      return lease;
    },
    /** The bare store outlives a crash: the next engine opens it. */
    async close() {
      if (crash === null) await store.close();
    },
    crashed: () => crash !== null,
    death,
    writes: () => writes,
  };
}

/** A store that is away for a while: nothing lands, every write fails, and later it is back. */
export function outageStore({ store, isDown }: { store: StateStore; isDown: () => boolean }): StateStore {
  return intercept(store, async ({ method, call }) => {
    if (isDown() && isWrite(method)) throw new Error("database or disk is full");
    return call();
  });
}

/** Half of what is asked of it, say, is refused before it lands: reads and writes, but not the lease. */
export function throttledStore({ store, isThrottled }: { store: StateStore; isThrottled: () => boolean }): StateStore {
  return intercept(store, async ({ method, call }) => {
    if (method !== "openLease" && method !== "close" && isThrottled()) throw new Error(`too many requests: ${method}`);
    return call();
  });
}

/** A write lands, and its caller is told that it failed. */
export function deafStore({ store, isLost }: { store: StateStore; isLost: () => boolean }): StateStore {
  return intercept(store, async ({ method, call }) => {
    const answer = await call();
    if (isWrite(method) && isLost()) throw new Error(`no answer to ${method}`);
    return answer;
  });
}

/** Each call waits before it is sent, and its answer before it is heard: a slow store, or a process that stands still. */
export function slowStore({ store, pause }: { store: StateStore; pause: () => Promise<void> }): StateStore {
  return intercept(store, async ({ method, call }) => {
    if (method === "openLease" || method === "close") return call();
    await pause();
    const answer = await call();
    await pause();
    return answer;
  });
}

/** Lists, what is due and the next wake are as they were `lateMs` ago by `now` (S3); one record is read as it stands. */
export function lateStore(asked: {
  store: StateStore;
  /** Keeps the headers alone: an empty store. */
  index: StateStore;
  now: () => number;
  lateMs: number;
}): StateStore {
  const { store, index, now, lateMs } = asked;
  const coming: { at: number; header: ExecutionHeader }[] = [];
  const note = (header: ExecutionHeader | undefined) => {
    if (header !== undefined) coming.push({ at: now() + lateMs, header });
  };
  const catchUp = async () => {
    // In the order of the writes, whatever the clock has done meanwhile.
    while (coming[0] !== undefined && coming[0].at <= now()) {
      const first = coming.shift();
      if (first !== undefined) await index.putHeader({ header: first.header });
    }
  };
  return {
    ...intercept(store, ({ call }) => call()),
    async create(write) {
      const created = await store.create(write);
      if (created) note(write.header);
      return created;
    },
    async append(write) {
      const appended = await store.append(write);
      if (appended) note(write.header);
      return appended;
    },
    async putHeader(write) {
      await store.putHeader(write);
      note(write.header);
    },
    async list(query) {
      await catchUp();
      return index.list(query);
    },
    async due(query) {
      await catchUp();
      return index.due(query);
    },
    async nextWake() {
      await catchUp();
      return index.nextWake();
    },
  };
}

export function countingStore({ store }: { store: StateStore }): CountingStore {
  const counts = new Map<WriteMethod, number>();
  const counting = intercept(store, async ({ method, call }) => {
    if (isWrite(method)) counts.set(method, (counts.get(method) ?? 0) + 1);
    return call();
  });
  return {
    ...counting,
    counts: () => Object.fromEntries(counts),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
    reset: () => counts.clear(),
  };
}

function isWrite(method: keyof StateStore): method is WriteMethod {
  return writeMethods.some((write) => write === method);
}

type Interceptor = <R>(asked: { method: keyof StateStore; call: () => Promise<R> }) => Promise<R>;

/** The same port with every method going through `around`, which is told the method and holds the call. */
function intercept(store: StateStore, around: Interceptor): StateStore {
  return {
    putDefinition: (parameters) => around({ method: "putDefinition", call: () => store.putDefinition(parameters) }),
    getDefinition: (parameters) => around({ method: "getDefinition", call: () => store.getDefinition(parameters) }),
    listDefinitions: (parameters) =>
      around({ method: "listDefinitions", call: () => store.listDefinitions(parameters) }),
    create: (parameters) => around({ method: "create", call: () => store.create(parameters) }),
    append: (parameters) => around({ method: "append", call: () => store.append(parameters) }),
    putHeader: (parameters) => around({ method: "putHeader", call: () => store.putHeader(parameters) }),
    readLog: (parameters) => around({ method: "readLog", call: () => store.readLog(parameters) }),
    getHeader: (parameters) => around({ method: "getHeader", call: () => store.getHeader(parameters) }),
    list: (parameters) => around({ method: "list", call: () => store.list(parameters) }),
    due: (parameters) => around({ method: "due", call: () => store.due(parameters) }),
    nextWake: () => around({ method: "nextWake", call: () => store.nextWake() }),
    createBatch: (parameters) => around({ method: "createBatch", call: () => store.createBatch(parameters) }),
    updateBatch: (parameters) => around({ method: "updateBatch", call: () => store.updateBatch(parameters) }),
    getBatch: (parameters) => around({ method: "getBatch", call: () => store.getBatch(parameters) }),
    openBatches: () => around({ method: "openBatches", call: () => store.openBatches() }),
    getCursor: (parameters) => around({ method: "getCursor", call: () => store.getCursor(parameters) }),
    putCursor: (parameters) => around({ method: "putCursor", call: () => store.putCursor(parameters) }),
    getSlots: (parameters) => around({ method: "getSlots", call: () => store.getSlots(parameters) }),
    putSlots: (parameters) => around({ method: "putSlots", call: () => store.putSlots(parameters) }),
    flowControls: () => around({ method: "flowControls", call: () => store.flowControls() }),
    putFlowControl: (parameters) => around({ method: "putFlowControl", call: () => store.putFlowControl(parameters) }),
    getCase: (parameters) => around({ method: "getCase", call: () => store.getCase(parameters) }),
    putCase: (parameters) => around({ method: "putCase", call: () => store.putCase(parameters) }),
    listCases: (parameters) => around({ method: "listCases", call: () => store.listCases(parameters) }),
    claim: (parameters) => around({ method: "claim", call: () => store.claim(parameters) }),
    recordAudit: (parameters) => around({ method: "recordAudit", call: () => store.recordAudit(parameters) }),
    listAudit: (parameters) => around({ method: "listAudit", call: () => store.listAudit(parameters) }),
    removeExpired: (parameters) => around({ method: "removeExpired", call: () => store.removeExpired(parameters) }),
    openLease: (parameters) => around({ method: "openLease", call: () => store.openLease(parameters) }),
    isGone: (parameters) => around({ method: "isGone", call: () => store.isGone(parameters) }),
    close: () => around({ method: "close", call: () => store.close() }),
  };
}
