/** The flows that this program has registered, by which every engine of the process knows them. */

export interface RegisteredFlow {
  readonly flowId: string;
  readonly version: string;
  /** With the keys of a flow file. */
  document(): Record<string, unknown>;
}

class RegisteredFlows {
  readonly #flows = new Map<string, RegisteredFlow>();
  #revision = 0;
  #collecting: RegisteredFlow[] | null = null;
  #collected: Promise<unknown> = Promise.resolve();

  add(flow: RegisteredFlow): void {
    if (this.#collecting !== null) {
      this.#collecting.push(flow);
      return;
    }
    this.#flows.set(JSON.stringify([flow.flowId, flow.version]), flow);
    this.#revision += 1;
  }

  /** What `work` registers, which is not the program's then but whose `work` is: one at a time. */
  collect(work: () => Promise<unknown>): Promise<RegisteredFlow[]> {
    const collected = this.#collected.then(async () => {
      const flows: RegisteredFlow[] = [];
      this.#collecting = flows;
      try {
        await work();
      } finally {
        this.#collecting = null;
      }
      return flows;
    });
    this.#collected = collected.catch(() => {});
    return collected;
  }

  /** In the order in which they were first registered. */
  all(): RegisteredFlow[] {
    return [...this.#flows.values()];
  }

  /** Grows by one with each registration, so that a reader need not compare. */
  get revision(): number {
    return this.#revision;
  }
}

export const registeredFlows = new RegisteredFlows();
