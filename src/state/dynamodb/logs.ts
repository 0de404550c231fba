/**
 * Logs and headers of executions.
 *
 * Job: append by one condition on one item (D2), and keep each header at what its log says, whatever dies between the two.
 * Non-job: lists, timers, removal.
 *
 * - K1. The first entry and the header are one item, so an execution is there with both or not at all.
 * - K2. A later header is written behind its entry, which carries it too: at once where the execution is over, else within a
 *   second, and only the last of several. Headers know the sequence that they follow: an older one never replaces a newer one.
 *   Whoever reads a header looks at the newest entry beside it and finishes what a dead writer left.
 * - K3. A dead writer's execution must be looked at, by someone. Until the header is written the old one stands in the wake
 *   index; that is too late only if the entry moves the execution to wake sooner (a decision on one that waits for people).
 *   Such an entry stands in the wake index itself until its header is written.
 * - K4. An entry needs the one before it. What this process has read or written of a log is remembered, as logs only grow;
 *   otherwise it is asked for first. What is over may be removed by others, so it is forgotten.
 */
import type { LogEntry } from "../../flow/event.ts";
import type { AuditEvent, ExecutionHeader } from "../../flow/record.ts";
import { encode } from "../record-codec.ts";
import type { AuditItems } from "./audit-items.ts";
import { type EntryText, entryAttributes, isEntry, readEntry, sequenceOf } from "./entry-item.ts";
import { type HeaderAttributes, headerAttributes, markAttributes, readHeader } from "./header-item.ts";
import { type Item, keyItem, number, numberOf, text, textOf } from "./item.ts";
import { entryKey, executionPk, headKey, lastEntrySk } from "./keys.ts";
import { LogMemory, type Known } from "./log-memory.ts";
import type { Parts } from "./parts.ts";
import { type HeaderWrite, PendingHeaders } from "./pending-headers.ts";
import type { Requests } from "./requests.ts";
import type { Turns } from "./turns.ts";

interface LogWrite {
  entry: EntryText;
  header: HeaderWrite | null;
  audit: AuditEvent[];
}

export class Logs {
  readonly #requests: Requests;
  readonly #parts: Parts;
  readonly #audit: AuditItems;
  readonly #turns: Turns;
  readonly #memory = new LogMemory();
  readonly #pending = new PendingHeaders();

  constructor(options: { requests: Requests; parts: Parts; audit: AuditItems; turns: Turns }) {
    this.#requests = options.requests;
    this.#parts = options.parts;
    this.#audit = options.audit;
    this.#turns = options.turns;
  }

  create(write: { header: ExecutionHeader; entry: LogEntry; audit?: AuditEvent[] }): Promise<boolean> {
    const asked = logWrite(write);
    return this.#turns.run(executionPk(asked.entry.executionId), () => this.#create(asked));
  }

  async #create({ entry, header, audit }: LogWrite): Promise<boolean> {
    const { written } = await this.#put({
      entry,
      attributes: { ...header?.attributes.set, header_sequence: number(1), header_at: number(1) },
      audit,
      // A header alone is no execution.
      condition: "attribute_not_exists(#sequence)",
      isRewritten: true,
    });
    if (written) this.#remember({ executionId: entry.executionId, sequence: 1, headerAt: 1, header: header?.header });
    return written;
  }

  append(write: { entry: LogEntry; header?: ExecutionHeader; audit?: AuditEvent[] }): Promise<boolean> {
    const asked = logWrite(write);
    return this.#turns.run(executionPk(asked.entry.executionId), () => this.#append(asked));
  }

  async #append({ entry, header, audit }: LogWrite): Promise<boolean> {
    const { executionId, sequence } = entry;
    const known = await this.#known({ executionId, sequence: sequence - 1 });
    if (known === null || known.sequence >= sequence) return false;
    const isMarked = header !== null && wakesSooner({ known, header: header.header });
    const headerAt = header === null ? known.headerAt : sequence;
    const { written } = await this.#put({
      entry,
      attributes: {
        header_at: number(headerAt),
        ...(header === null ? {} : { header: text(encode(header.header)) }),
        ...(isMarked ? markAttributes(header.header) : {}),
      },
      audit,
      condition: "attribute_not_exists(#pk)",
      isRewritten: isMarked,
    });
    if (!written) {
      this.#memory.forget(executionId);
      return false;
    }
    this.#remember({ executionId, sequence, headerAt, header: header?.header ?? known });
    if (header !== null) {
      this.#pending.put({ executionId, write: header, mark: isMarked ? sequence : null });
      // What was over may be removed, and what is over now is remembered no longer.
      if (!header.header.open || known.open !== true) await this.#settle(executionId);
    }
    return true;
  }

  async #put(parameters: {
    entry: EntryText;
    attributes: Item;
    audit: AuditEvent[];
    condition: string;
    /** The header, or the end of a mark, will be written over it. */
    isRewritten: boolean;
  }): Promise<{ written: boolean }> {
    const { entry, attributes, condition, isRewritten } = parameters;
    const pk = executionPk(entry.executionId);
    const { inItem, others } = this.#audit.divide(parameters.audit, entry.executionId);
    const token = this.#requests.newToken();
    const beside = sizeOf({ ...attributes, ...inItem });
    const cut = await entryAttributes(this.#parts, { entry, beside, token, isRewritten });
    const item = {
      ...keyItem(entryKey(entry)),
      sequence: number(entry.sequence),
      ...cut.attributes,
      ...attributes,
      ...inItem,
    };
    const written = await this.#requests.put(item, { text: condition });
    if (written) await this.#audit.record(others);
    else if (cut.parts !== null) await this.#parts.remove(pk, cut.parts);
    return { written };
  }

  /** Writes what is pending; for a clock that strikes every second, and for the end. */
  async flush(): Promise<void> {
    await Promise.all(
      this.#pending
        .executionIds()
        .map((executionId) => this.#turns.run(executionPk(executionId), () => this.#settle(executionId))),
    );
  }

  /**
   * The entry is durable, so a header that can't be written now is no failed append: the wake index still has it looked at
   * (K3), and then it is written.
   */
  async #settle(executionId: string): Promise<void> {
    try {
      await this.#settleOrThrow(executionId);
    } catch {
      this.#memory.forget(executionId);
    }
  }

  async #settleOrThrow(executionId: string): Promise<void> {
    const { newest, marks } = this.#pending.all(executionId);
    try {
      if (newest !== null) await this.#putHead({ executionId, ...newest });
      await Promise.all(marks.map((sequence) => this.unmark({ executionId, sequence })));
    } finally {
      this.#pending.forget(executionId);
    }
  }

  /** As this process will write it; null: it is written. */
  pendingHeader(executionId: string): ExecutionHeader | null {
    return this.#pending.get(executionId)?.header ?? null;
  }

  /** Not over a newer one, and not over nothing: what was removed stays so. */
  async #putHead(parameters: { executionId: string; sequence: number; attributes: HeaderAttributes }): Promise<void> {
    const { executionId, sequence, attributes } = parameters;
    await this.#requests.update({
      key: headKey(executionId),
      set: { ...attributes.set, header_sequence: number(sequence) },
      remove: attributes.remove,
      condition: {
        text: "attribute_exists(#sequence) AND attribute_not_exists(#removing) AND #header_sequence <= :sequence",
        values: { ":sequence": number(sequence) },
      },
      marks: false,
    });
  }

  /** Its header is written: the entry leaves the wake index. */
  async unmark({ executionId, sequence }: { executionId: string; sequence: number }): Promise<void> {
    await this.#requests.update({
      key: entryKey({ executionId, sequence }),
      remove: ["time_pk", "time_sk"],
      condition: { text: "attribute_exists(#pk)" },
      marks: false,
    });
  }

  /** No event says this, so it follows the newest entry that this process knows. */
  putHeader({ header }: { header: ExecutionHeader }): Promise<void> {
    const attributes = headerAttributes(header);
    const executionId = header.execution_id;
    const given = { ...header };
    return this.#turns.run(executionPk(executionId), async () => {
      const known = this.#memory.get(executionId);
      if (known === null) {
        await this.#settleOrThrow(executionId);
        await this.#overwriteHead({ executionId, attributes });
      } else {
        this.#pending.put({ executionId, write: { header: given, attributes, sequence: known.sequence }, mark: null });
        this.#remember({ executionId, ...known, header: given });
        await this.#settleOrThrow(executionId);
      }
    });
  }

  async #overwriteHead({
    executionId,
    attributes,
  }: {
    executionId: string;
    attributes: HeaderAttributes;
  }): Promise<void> {
    await this.#requests.update({
      key: headKey(executionId),
      set: attributes.set,
      remove: attributes.remove,
      condition: { text: "attribute_not_exists(#removing)" },
      marks: false,
    });
  }

  async readLog({ executionId, after }: { executionId: string; after: number }): Promise<LogEntry[]> {
    const pk = executionPk(executionId);
    const { sk: from } = entryKey({ executionId, sequence: Math.max(0, after) + 1 });
    const items = (await this.#requests.query({ pk, range: { from, to: lastEntrySk } })).filter(isEntry);
    const entries = await Promise.all(items.map((item) => readEntry(this.#parts, { executionId, item })));
    const last = items.at(-1);
    if (last !== undefined) this.#noteRead(executionId, last);
    return entries;
  }

  /** K2. */
  async getHeader({ executionId }: { executionId: string }): Promise<ExecutionHeader | null> {
    const pk = executionPk(executionId);
    const [head, { items }] = await Promise.all([
      this.#requests.get(headKey(executionId), ["header", "header_sequence", "removing"]),
      this.#requests.queryPage({
        pk,
        range: { from: headKey(executionId).sk, to: lastEntrySk },
        descending: true,
        limit: 1,
        only: ["sequence", "header_at", "header"],
      }),
    ]);
    const record = textOf(head, "header");
    if (record === null || numberOf(head, "removing") !== null) return null;
    const newest = items[0] ?? null;
    const headerAt = numberOf(newest, "header_at") ?? 0;
    const isBehind = headerAt > (numberOf(head, "header_sequence") ?? 0);
    const ownPending = this.#pending.get(executionId);
    if (ownPending !== null && ownPending.sequence === headerAt) return { ...ownPending.header };
    const caughtUp = isBehind ? await this.#catchUp({ executionId, sequence: headerAt }) : null;
    const header = readHeader({ executionId, record: caughtUp ?? record });
    if (newest !== null && isEntry(newest))
      this.#remember({ executionId, sequence: sequenceOf(newest), headerAt, header });
    return header;
  }

  /** Writes the header that a dead writer's entry carries; null: there is none to be found. */
  async #catchUp({ executionId, sequence }: { executionId: string; sequence: number }): Promise<string | null> {
    const carrier = await this.#requests.get(entryKey({ executionId, sequence }), ["header"]);
    const record = textOf(carrier, "header");
    if (record === null) return null;
    const attributes = headerAttributes(readHeader({ executionId, record }));
    await this.#putHead({ executionId, sequence, attributes });
    return record;
  }

  forget(executionId: string): void {
    this.#memory.forget(executionId);
  }

  /** Null: there is no such entry. */
  async #known({ executionId, sequence }: { executionId: string; sequence: number }): Promise<Known | null> {
    if (sequence < 1) return null;
    const known = this.#memory.get(executionId);
    if (known !== null && known.sequence >= sequence) return known;
    const item = await this.#requests.get(entryKey({ executionId, sequence }), ["sequence", "header_at"]);
    if (item === null || !isEntry(item)) return null;
    return { sequence, headerAt: numberOf(item, "header_at") ?? 1, open: null, wake_at: null };
  }

  #noteRead(executionId: string, last: Item): void {
    const known = this.#memory.get(executionId);
    const sequence = sequenceOf(last);
    if (known !== null && known.sequence >= sequence) return;
    const headerAt = numberOf(last, "header_at") ?? 1;
    const header = known?.headerAt === headerAt ? known : { open: null, wake_at: null };
    this.#memory.set(executionId, { open: header.open, wake_at: header.wake_at, sequence, headerAt });
  }

  /** K4. */
  #remember(parameters: {
    executionId: string;
    sequence: number;
    headerAt: number;
    header: Pick<Known, "open" | "wake_at"> | undefined;
  }): void {
    const { executionId, sequence, headerAt, header } = parameters;
    if (header?.open === false) this.#memory.forget(executionId);
    else
      this.#memory.set(executionId, {
        sequence,
        headerAt,
        open: header?.open ?? null,
        wake_at: header?.wake_at ?? null,
      });
  }
}

/** K3. What isn't known is taken for waiting for nobody. */
function wakesSooner({ known, header }: { known: Known; header: ExecutionHeader }): boolean {
  if (!header.open || header.wake_at === null) return false;
  return known.open !== true || known.wake_at === null || header.wake_at < known.wake_at;
}

/** At once, so that the caller may change its objects. */
function logWrite(write: { entry: LogEntry; header?: ExecutionHeader; audit?: AuditEvent[] }): LogWrite {
  const { entry, header, audit = [] } = write;
  const { execution_id: executionId, sequence } = entry;
  return {
    entry: { executionId, sequence, record: encode(entry) },
    header: header === undefined ? null : { header: { ...header }, attributes: headerAttributes(header), sequence },
    audit: audit.map((event) => ({ ...event })),
  };
}

function sizeOf(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, { S = "", N = "" }]) => sum + name.length + Buffer.byteLength(S + N),
    0,
  );
}
