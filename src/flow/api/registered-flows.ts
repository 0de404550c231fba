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

  add(flow: RegisteredFlow): void {
    this.#flows.set(JSON.stringify([flow.flowId, flow.version]), flow);
    this.#revision += 1;
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
