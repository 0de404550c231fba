/** The definitions that executions start with and keep (D4), each written once and read once by this process. */
import { definitionHash, type FlowDefinition } from "../flow/flow.ts";
import type { EngineContext } from "./context.ts";

export class Definitions {
  readonly #context: Pick<EngineContext, "store" | "clock">;
  readonly #kept = new Set<string>();
  readonly #read = new Map<string, FlowDefinition>();

  constructor(context: Pick<EngineContext, "store" | "clock">) {
    this.#context = context;
  }

  /** Before an execution or a batch is recorded with it. */
  async keep(definition: FlowDefinition): Promise<void> {
    const hash = definitionHash(definition);
    if (this.#kept.has(hash)) return;
    await this.#context.store.putDefinition({ hash, definition, at: this.#context.clock.now() });
    this.#kept.add(hash);
  }

  async of(hash: string): Promise<FlowDefinition> {
    const known = this.#read.get(hash) ?? (await this.#context.store.getDefinition({ hash }));
    if (known === null) throw new Error(`The definition ${hash} is not in the store.`);
    this.#read.set(hash, known);
    return known;
  }
}
