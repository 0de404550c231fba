/**
 * Lists live with what cannot be read (S4): a corrupt record is left out of a list and reported, once for each record,
 * because a list is read again at every tick. Reading that one record alone still throws.
 */
import { CorruptRecordError } from "./state-store.ts";

export type OnCorrupt = (error: CorruptRecordError) => void;

export class ReadableRecords {
  readonly #onCorrupt: OnCorrupt;
  readonly #reported = new Set<string>();

  constructor(onCorrupt: OnCorrupt | undefined) {
    this.#onCorrupt = onCorrupt ?? (() => {});
  }

  /** The first `limit` readable ones of `rows`; no further row is asked for. */
  take<Row, T>({ rows, limit, read }: { rows: Iterable<Row>; limit: number; read: (row: Row) => T }): T[] {
    const readable: T[] = [];
    if (limit < 1) return readable;
    for (const row of rows) {
      const record = this.#read({ row, read });
      if (record !== null) readable.push(record.value);
      if (readable.length >= limit) break;
    }
    return readable;
  }

  #read<Row, T>({ row, read }: { row: Row; read: (row: Row) => T }): { value: T } | null {
    try {
      return { value: read(row) };
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      this.#report(error);
      return null;
    }
  }

  #report(error: CorruptRecordError): void {
    if (this.#reported.has(error.message)) return;
    this.#reported.add(error.message);
    this.#onCorrupt(error);
  }
}
