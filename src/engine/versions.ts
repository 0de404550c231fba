/**
 * The versions of flows (D4): each definition that was ever loaded is kept by its content hash, for the executions that began
 * with it and for whoever asks what has changed since.
 */
import { definitionHash, type FlowDefinition } from "../flow/flow.ts";
import { nearest } from "../flow/nearest.ts";
import type { StateStore } from "../state/state-store.ts";
import type { EngineContext } from "./context.ts";
import { RequestError, type FlowVersion } from "./engine.ts";
import { headers } from "./header-pages.ts";

export class Versions {
  readonly #context: Pick<EngineContext, "store" | "flows" | "clock">;

  constructor(context: Pick<EngineContext, "store" | "flows" | "clock">) {
    this.#context = context;
  }

  /** Those that were loaded last first. Throws `RequestError` for a flow that there has never been. */
  async list({ flowId }: { flowId: string }): Promise<FlowVersion[]> {
    const { store, flows, clock } = this.#context;
    const current = flows.get({ flowId });
    if (current !== null) await keepDefinitions({ store, definitions: [current], now: clock.now() });
    const stored = await store.listDefinitions({ flowId });
    if (stored.length === 0) throw this.#unknown(flowId);
    const currentHash = current === null ? null : definitionHash(current);
    const running = await this.#running(flowId);
    const changes = await changesOf(store, flowId);
    return stored.map(({ hash, definition, storedAt }) => ({
      hash,
      version: definition.version,
      storedAt,
      running: running.get(hash) ?? 0,
      isCurrent: hash === currentHash,
      ...changes.get(changeId(hash)),
    }));
  }

  definition({ hash }: { hash: string }): Promise<FlowDefinition | null> {
    return this.#context.store.getDefinition({ hash });
  }

  async #running(flowId: string): Promise<Map<string, number>> {
    const counts = new Map<string, number>();
    for await (const { definition_hash } of headers(this.#context.store, { flowId, status: "running" }))
      counts.set(definition_hash, (counts.get(definition_hash) ?? 0) + 1);
    return counts;
  }

  #unknown(flowId: string): RequestError {
    const known = this.#context.flows.all().map(({ definition }) => definition.flow_id);
    return new RequestError(`There is no flow ${flowId}, and never was.`, nearest(flowId, known));
  }
}

export interface NewDefinition {
  definition: FlowDefinition;
  hash: string;
  before: FlowDefinition | null;
}

/** Of the audit event that says who changed a flow: the same in each process that loads it. */
export function changeId(hash: string): string {
  return `define/${hash}`;
}

/** Newest first; what is older is told without its author. */
const mostPages = 20;

async function changesOf(
  store: Pick<StateStore, "listAudit">,
  flowId: string,
): Promise<Map<string, Pick<FlowVersion, "change">>> {
  const changes = new Map<string, Pick<FlowVersion, "change">>();
  let cursor: string | null = null;
  for (let page = 0; page < mostPages; page += 1) {
    const found: Awaited<ReturnType<StateStore["listAudit"]>> = await store.listAudit({ limit: 500, cursor });
    for (const { audit_id, action, flow_id, person, detail } of found.items)
      if (action === "define" && flow_id === flowId) changes.set(audit_id, { change: { by: person, detail } });
    cursor = found.next;
    if (cursor === null) break;
  }
  return changes;
}

/** Says which of them are new although a definition of the same flow and version is known: content without a new version. */
export async function keepDefinitions(parameters: {
  store: Pick<StateStore, "putDefinition" | "listDefinitions">;
  definitions: readonly FlowDefinition[];
  now: number;
  /** Hears of each that has never been seen, with the one that was loaded last before it. */
  onNew?: (found: NewDefinition) => void;
}): Promise<FlowDefinition[]> {
  const { store, definitions, now, onNew } = parameters;
  const changed: FlowDefinition[] = [];
  for (const definition of definitions) {
    const hash = definitionHash(definition);
    const known = await store.listDefinitions({ flowId: definition.flow_id });
    if (known.some((one) => one.hash === hash)) continue;
    await store.putDefinition({ hash, definition, at: now });
    // Stored by an older app, the same content may have another hash: keys that came since have their defaults now.
    const isKnown = known.some((one) => definitionHash(one.definition) === hash);
    const isOfKnownVersion = known.some((one) => one.definition.version === definition.version);
    if (!isKnown) onNew?.({ definition, hash, before: known[0]?.definition ?? null });
    if (!isKnown && isOfKnownVersion) changed.push(definition);
  }
  return changed;
}
