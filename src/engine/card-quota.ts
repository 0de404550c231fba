/**
 * How many cards of one batch an owner gets in the channel; the rest stands in the batch's list, so that a large firing
 * floods nobody. Counted in memory: after a restart from the headers, so that at worst a few cards more are posted.
 */
export class CardQuota {
  readonly #most: number;
  readonly #taken = new Map<string, Map<string, number>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** True: a card of its own. `owner`: whom the flow asks first. */
  take({ batchId, owner }: { batchId: string; owner: string }): boolean {
    const owners = this.#taken.get(batchId) ?? new Map<string, number>();
    this.#taken.set(batchId, owners);
    const taken = owners.get(owner) ?? 0;
    if (taken >= this.#most) return false;
    owners.set(owner, taken + 1);
    return true;
  }

  forget(batchId: string): void {
    this.#taken.delete(batchId);
  }
}
