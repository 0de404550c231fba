/** SQLite's refusals in words that say what to do: a `StoreUnavailableError` for all that a person can put right. */
import { StoreUnavailableError } from "../state-store.ts";

const busy = 5;
const locked = 6;
const permission = 3;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;

/** SQLite's primary result code; null for an error that is not SQLite's. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return null;
  return error.errcode & 0xff;
}

/** Another process holds the lock; trying again is all that is needed. */
export function isBusy(error: unknown): boolean {
  const code = resultCode(error);
  return code === busy || code === locked;
}

/** The error to throw: `StoreUnavailableError` where the file or its place is to blame, else the error as it came. */
export function explain({ error, path }: { error: unknown; path: string }): unknown {
  const code = resultCode(error);
  const sentence = code === null ? null : sentenceFor({ code, path });
  return sentence === null ? error : new StoreUnavailableError(sentence, { cause: error });
}

function sentenceFor({ code, path }: { code: number; path: string }): string | null {
  switch (code) {
    case busy:
    case locked:
      return `Another process keeps ${path} locked. Close what holds it open (a database browser, a backup), then try again.`;
    case permission:
    case readOnly:
    case cannotOpen:
      return `${path} cannot be opened for writing. Check that its folder exists and that this user may write there, or set REVOPS_STATE to another place.`;
    case ioError:
      return `The disk refused to read or write ${path}. Check the disk and the rights on its folder, then start again.`;
    case full:
      return `The disk that holds ${path} is full. Free some space; nothing that was recorded is lost.`;
    case corrupt:
      return `${path} is damaged. Restore it from a backup, or recover it with "sqlite3 ${path} .recover", then start again.`;
    case notADatabase:
      return `${path} is not a database. Set REVOPS_STATE to another place, or move that file away.`;
    default:
      return null;
  }
}
