/**
 * How things stand now, per flow, from the index alone: what a monitor asks for every few seconds.
 * What runs is counted at each reading; what has ended only grows slowly and is counted at most once a minute, and where there
 * is so much of it that this takes long, or costs money, more rarely.
 */
import type { ExecutionHeader, ExecutionStatus, WaitingFor } from "../flow/record.ts";
import type { EngineContext } from "./context.ts";
import { headers } from "./header-pages.ts";

export interface FlowGauges {
  flow_id: string;
  /** Of those that the store still holds. */
  executions: Record<ExecutionStatus, number>;
  approvals_waiting: number;
  /** Milliseconds since the oldest of them was asked; 0: none waits. */
  oldest_approval_ms: number;
  doubts: number;
  /** Executions that wait for their turn. */
  queued: number;
  /** Milliseconds that something has been due in an execution without a result: a start that isn't taken, a step that hangs. */
  longest_overdue_ms: number;
}

const ended = ["succeeded", "failed", "timed_out", "aborted"] as const;
type Ended = Record<(typeof ended)[number], number>;

const recountMs = 60_000;
/** Counting takes no more than this share of the time. */
const recountShare = 1 / 200;
/** Headers in a row: some ten milliseconds. */
const perTurn = 200;

export class Gauges {
  readonly #context: Pick<EngineContext, "store" | "flows" | "clock" | "realTime">;
  #ended: { counts: Promise<Map<string, Ended>>; validUntil: number } | null = null;
  #reading: Promise<FlowGauges[]> | null = null;

  constructor(context: Pick<EngineContext, "store" | "flows" | "clock" | "realTime">) {
    this.#context = context;
  }

  /** By flow_id; those that ask at the same time get the same answer. */
  read(): Promise<FlowGauges[]> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<FlowGauges[]> {
    const now = this.#context.clock.now();
    const endedCounts = await this.#endedCounts();
    const flows = new Map<string, FlowGauges>();
    const of = (flowId: string): FlowGauges => {
      const known = flows.get(flowId) ?? nothing(flowId);
      flows.set(flowId, known);
      return known;
    };
    for (const { definition } of this.#context.flows.all()) of(definition.flow_id);
    for (const [flowId, counts] of endedCounts) Object.assign(of(flowId).executions, counts);
    for await (const header of this.#headers("running")) countRunning(of(header.flow_id), header, now);
    return [...flows.values()].toSorted((one, other) => (one.flow_id < other.flow_id ? -1 : 1));
  }

  #endedCounts(): Promise<Map<string, Ended>> {
    const { realTime } = this.#context;
    const from = realTime.now();
    if (this.#ended !== null && from < this.#ended.validUntil) return this.#ended.counts;
    const counted = { counts: this.#countEnded(), validUntil: Infinity };
    this.#ended = counted;
    counted.counts.then(
      () => {
        const took = realTime.now() - from;
        counted.validUntil = from + Math.max(recountMs, took / recountShare);
      },
      // A store that can't be read now is asked again at the next reading.
      () => (this.#ended = null),
    );
    return counted.counts;
  }

  async #countEnded(): Promise<Map<string, Ended>> {
    const counts = new Map<string, Ended>();
    for (const status of ended) {
      for await (const { flow_id } of this.#headers(status)) {
        const own = counts.get(flow_id) ?? { succeeded: 0, failed: 0, timed_out: 0, aborted: 0 };
        own[status] += 1;
        counts.set(flow_id, own);
      }
    }
    return counts;
  }

  async *#headers(status: ExecutionStatus): AsyncGenerator<ExecutionHeader> {
    let seen = 0;
    for await (const header of headers(this.#context.store, { status }, perTurn)) {
      yield header;
      seen += 1;
      if (seen % perTurn === 0) await this.#context.realTime.pause(0);
    }
  }
}

function nothing(flow_id: string): FlowGauges {
  const executions = { running: 0, succeeded: 0, failed: 0, timed_out: 0, aborted: 0 };
  return {
    flow_id,
    executions,
    approvals_waiting: 0,
    oldest_approval_ms: 0,
    doubts: 0,
    queued: 0,
    longest_overdue_ms: 0,
  };
}

function countRunning(flow: FlowGauges, { waiting_for, wake_at }: ExecutionHeader, now: number): void {
  flow.executions.running += 1;
  const of = (kind: WaitingFor["kind"]) => waiting_for.filter((wait) => wait.kind === kind);
  const approvals = of("approval");
  flow.approvals_waiting += approvals.length;
  flow.oldest_approval_ms = Math.max(flow.oldest_approval_ms, ...approvals.map(({ since }) => now - since));
  flow.doubts += of("doubt").length;
  flow.queued += of("queue").length === 0 ? 0 : 1;
  flow.longest_overdue_ms = Math.max(flow.longest_overdue_ms, now - (wake_at ?? now));
}
