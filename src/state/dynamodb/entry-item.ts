/** One append as an item: the entry, the header that it gave, and the audit event that became true with it. */
import { LogEntry } from "../../flow/event.ts";
import { CorruptRecordError } from "../state-store.ts";
import { decode } from "../record-codec.ts";
import { type Item, numberOf, text, textOf } from "./item.ts";
import { executionPk } from "./keys.ts";
import { type Parts, type PartsName, partsAttribute, partsIn } from "./parts.ts";

/** Beyond this an entry is cut into parts. */
const inlineBytes = 300_000;
/** Where its item is written again later: each time costs as much as the item is large. */
const inlineBytesRewritten = 8_000;

export interface EntryText {
  executionId: string;
  sequence: number;
  record: string;
}

/** `attributes` for the item, and `parts` to remove again should the entry lose its sequence. */
export async function entryAttributes(
  parts: Parts,
  { entry, beside, token, isRewritten }: { entry: EntryText; beside: number; token: string; isRewritten: boolean },
): Promise<{ attributes: Item; parts: PartsName | null }> {
  const bytes = Buffer.byteLength(entry.record);
  const fits = isRewritten ? bytes <= inlineBytesRewritten : bytes + beside <= inlineBytes;
  if (fits) return { attributes: { entry: text(entry.record) }, parts: null };
  const written = await parts.write({
    pk: executionPk(entry.executionId),
    name: `${entry.sequence}-${token}`,
    text: entry.record,
    what: `Entry ${entry.sequence} of execution ${entry.executionId}`,
  });
  return { attributes: { entry_parts: partsAttribute(written) }, parts: written };
}

/** Throws `CorruptRecordError`. */
export async function readEntry(
  parts: Parts,
  { executionId, item }: { executionId: string; item: Item },
): Promise<LogEntry> {
  const name = `entry ${sequenceOf(item)} of execution ${executionId}`;
  const cut = partsIn(item["entry_parts"]);
  const record = cut === null ? textOf(item, "entry") : await parts.read(executionPk(executionId), cut);
  if (record === null) throw new CorruptRecordError(`The store cannot read ${name}: a part of it is missing.`);
  return decode({ schema: LogEntry, text: record, name });
}

/** The first item may hold a header alone; an entry is what a conditional write has made. */
export function isEntry(item: Item): boolean {
  return numberOf(item, "sequence") !== null;
}

export function sequenceOf(item: Item): number {
  return numberOf(item, "sequence") ?? 0;
}
