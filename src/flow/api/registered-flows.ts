/** The flows that this program has registered, by which every engine of the process knows them. */
import { AsyncLocalStorage } from "node:async_hooks";

export interface RegisteredFlow {
  readonly flowId: string;
  readonly version: string;
  /** With the keys of a flow file. */
  document(): Record<string, unknown>;
}

class RegisteredFlows {
  readonly #flows = new Map<string, RegisteredFlow>();
  #revision = 0;
  /** Of the file that is being loaded, whatever it waits for: another's flows are never taken for its own. */
  readonly #collecting = new AsyncLocalStorage<RegisteredFlow[]>();

  add(flow: RegisteredFlow): void {
    const collected = this.#collecting.getStore();
    if (collected !== undefined) {
      collected.push(flow);
      return;
    }
    this.#flows.set(JSON.stringify([flow.flowId, flow.version]), flow);
    this.#revision += 1;
  }

  /** What `work` registers, which is not the program's then but whose `work` is. */
  async collect<T>(work: () => Promise<T>): Promise<{ result: T; flows: RegisteredFlow[] }> {
    const flows: RegisteredFlow[] = [];
    const result = await this.#collecting.run(flows, work);
    return { result, flows };
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
