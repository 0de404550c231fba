/** What this process knows of the logs that it works on; of others it asks. Logs only grow, so it is never wrong, only old. */
export interface Known {
  /** Of the newest entry. */
  sequence: number;
  /** Of the newest entry that gave a header. */
  headerAt: number;
  /** Of that header; null: not known. */
  open: boolean | null;
  wake_at: number | null;
}

/** Executions; a few hundred bytes each. */
const mostRemembered = 20_000;

export class LogMemory {
  readonly #known = new Map<string, Known>();

  get(executionId: string): Known | null {
    return this.#known.get(executionId) ?? null;
  }

  /** What was touched longest ago is forgotten first. */
  set(executionId: string, known: Known): void {
    this.#known.delete(executionId);
    this.#known.set(executionId, known);
    if (this.#known.size <= mostRemembered) return;
    const [oldest] = this.#known.keys();
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  forget(executionId: string): void {
    this.#known.delete(executionId);
  }
}
