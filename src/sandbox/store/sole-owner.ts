/**
 * One sandbox at a time on a file: two of them would show one workspace with two clocks. The lock is the operating system's, so that it
 * falls with its process. Non-job: readers, such as the terminal, which need no lock.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Another sandbox runs there. */
export class SandboxTakenError extends Error {
  override readonly name = "SandboxTakenError";
}

/** SQLite's code for a lock that another connection holds. */
const busy = 5;

/** Gives what lets go of it. */
export function ownAlone(path: string): () => void {
  if (path === ":memory:") return () => {};
  mkdirSync(dirname(path), { recursive: true });
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    lock.exec("PRAGMA busy_timeout = 100; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    lock.close();
    if (error instanceof Error && "errcode" in error && error.errcode === busy)
      throw new SandboxTakenError(`another sandbox runs on ${path}`, { cause: error });
    throw error;
  }
  return () => {
    if (lock.isOpen) lock.close();
  };
}
