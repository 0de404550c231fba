/**
 * What has become of executions and why: the explanation and the history of one, the newest of a flow, figures over a span.
 * Job: reads the store; what is made of it is pure (explain.ts, timeline.ts, metrics.ts).
 */
import { nearest } from "../flow/nearest.ts";
import type { ExecutionFilter } from "../state/state-store.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { WaitingFor } from "../flow/record.ts";
import { allWorks } from "../flow/step-state.ts";
import type { RunningContext } from "./context.ts";
import { RequestError } from "./engine.ts";
import { explain, type Explanation } from "./explain.ts";
import type { QueuePlace } from "./explain-waiting.ts";
import type { Lookups } from "./lookups.ts";
import type { Metrics } from "./metrics.ts";
import { readMetrics } from "./metrics-reading.ts";
import { timeline } from "./timeline.ts";
import type { History, RecentExecution } from "./timeline-line.ts";

/** Of those that hold a place, and of sub-flows: nobody reads of more. */
const mostRead = 20;

export class Histories {
  readonly #context: RunningContext;
  readonly #lookups: Lookups;

  constructor(context: RunningContext, lookups: Lookups) {
    this.#context = context;
    this.#lookups = lookups;
  }

  async explain({ executionId }: { executionId: string }): Promise<Explanation> {
    const state = await this.#lookups.execution({ executionId });
    const places = await Promise.all((state.queued?.keys ?? []).map((key) => this.#place(key, executionId)));
    return explain(state, { places, children: await this.#children(state) });
  }

  /** From the index, which may lag a little. */
  async #children(state: ExecutionState): Promise<Map<string, WaitingFor[]>> {
    const works = Object.values(state.steps).flatMap((step) => allWorks(step).map(({ work }) => work));
    const open = works.flatMap(({ child }) => (child === null || child.hasEnded ? [] : [child.executionId]));
    const { store } = this.#context;
    const headers = open.slice(0, mostRead).map((executionId) => store.getHeader({ executionId }));
    const found = (await Promise.all(headers)).filter((header) => header !== null);
    return new Map(found.map(({ execution_id, waiting_for }) => [execution_id, waiting_for]));
  }

  /** Of those that hold it, the ones that run: an ended one holds nothing (slots.ts, P1). */
  async #place(key: string, executionId: string): Promise<QueuePlace> {
    const { store } = this.#context;
    const slots = await store.getSlots({ key });
    const holding = (slots?.holders ?? []).slice(0, mostRead);
    const headers = await Promise.all(holding.map((one) => store.getHeader({ executionId: one.execution_id })));
    const running = headers.flatMap((header) => (header?.status === "running" ? [header] : []));
    const holders = running.map(({ execution_id, customer_name }) => ({ execution_id, customer_name }));
    return { key, holders, ahead: Math.max(0, slots?.queue.indexOf(executionId) ?? 0) };
  }

  async history({ executionId }: { executionId: string }): Promise<History> {
    const { definition } = await this.#lookups.execution({ executionId });
    const entries = await this.#context.store.readLog({ executionId, after: 0 });
    const history = timeline({ definition, entries });
    if (history === null) throw new RequestError(`The history of ${executionId} has been removed.`);
    return history;
  }

  async recent({ flowId, limit }: { flowId?: string; limit: number }): Promise<RecentExecution[]> {
    const filter = await this.#filter(flowId);
    const { items } = await this.#context.store.list({ filter, limit });
    const now = this.#context.clock.now();
    return items.map((header) => ({
      execution_id: header.execution_id,
      flow_id: header.flow_id,
      flow_version: header.flow_version,
      customer_id: header.customer_id,
      customer_name: header.customer_name,
      status: header.status,
      outcome: header.outcome,
      started_at: header.started_at,
      ended_at: header.ended_at,
      duration_ms: (header.ended_at ?? Math.max(now, header.started_at)) - header.started_at,
    }));
  }

  /** A flow that is gone may still have executions. */
  async #filter(flowId: string | undefined): Promise<ExecutionFilter> {
    const { flows, store } = this.#context;
    if (flowId === undefined) return {};
    const { items } =
      flows.get({ flowId }) === null ? await store.list({ filter: { flowId }, limit: 1 }) : { items: [null] };
    if (items.length > 0) return { flowId };
    const known = flows.all().map(({ definition }) => definition.flow_id);
    const words = `There is no flow ${flowId}, and there never was an execution of it.`;
    throw new RequestError(words, nearest(flowId, known));
  }

  async metrics({ flowId, since }: { flowId?: string; since?: number }): Promise<Metrics> {
    return readMetrics(this.#context, { filter: await this.#filter(flowId), since: since ?? null });
  }
}
