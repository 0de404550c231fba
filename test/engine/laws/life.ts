/**
 * A case lived through by the real engine: one or two processes on one store and one world, each of which may die, stand still
 * or be cut off. What stands afterwards is for the laws to judge.
 */
import { fold, type ExecutionState } from "../../../src/flow/execution.ts";
import { FailureError } from "../../../src/flow/failure.ts";
import type { Agents } from "../../../src/agents/agent.ts";
import { RequestError } from "../../../src/engine/engine.ts";
import type { StateStore } from "../../../src/state/state-store.ts";
import { seededRandomness, VirtualClock } from "../virtual-clock.ts";
import { customer, scriptedAgents, scripts, answer, type Script } from "../scripted-agents.ts";
import { dana, lead, second, World, type Fault } from "../world.ts";
import { beginning, children, definitionOf, idOf, type Case, type Move, type Shape } from "./case.ts";
import { LawProcess } from "./law-process.ts";
import { WatchedStore } from "./watched-store.ts";

/** What is wrong with the world besides what the case says. */
export interface Hostility {
  processes?: 1 | 2;
  /** Between the engine and the store, of each process; from `heal` on it must do no more harm. */
  store?: (given: {
    store: StateStore;
    clock: VirtualClock;
    draw: () => number;
    isHealed: () => boolean;
  }) => StateStore;
  /** The same for all processes: an index that lags. */
  shared?: (given: { store: StateStore; clock: VirtualClock }) => StateStore;
  /** Answers of agents and of services come late, by so many moves. */
  isLate?: boolean;
  /** Leases run out by time, as DynamoDB's do, rather than with the process. */
  leasesRunOut?: boolean;
  seed?: number;
}

export interface Observation {
  executionId: string;
  live: ExecutionState;
}

const customers = ["acme", "beta", "gamma"].map((id) => customer(id));
const voters = [lead, dana, second];
const minute = 60_000;
const day = 24 * 60 * minute;
/** Afterwards the clock goes on until so many jumps have moved nothing. */
const jumpMs = 4 * day;
const stillEnough = 2;
const mostJumps = 60;
/** Of what is due within one move: one that queues is due every hour. */
const mostRounds = 60;
const mostTries = 200;

export class Life {
  readonly store: WatchedStore;
  readonly world = new World();
  readonly clock = new VirtualClock(beginning);
  readonly observed: Observation[] = [];
  /** What of an effect was not on record when it left. */
  readonly unrecorded: string[] = [];
  readonly processes: LawProcess[] = [];
  deaths = 0;
  readonly #case: Case;
  readonly #hostility: Hostility;
  readonly #shared: StateStore;
  readonly #draw: () => number;
  readonly #calls = new Map<string, number>();
  readonly #sent = new Map<string, number>();
  #late: (() => void)[] = [];
  #isHealed = false;
  #isLate: boolean;
  #next = 0;

  constructor(lived: Case, hostility: Hostility = {}) {
    this.#case = lived;
    this.#hostility = hostility;
    this.#isLate = hostility.isLate === true;
    this.store = new WatchedStore({ leasesRunOut: hostility.leasesRunOut === true, now: () => this.clock.now() });
    this.#shared = hostility.shared?.({ store: this.store, clock: this.clock }) ?? this.store;
    const randomness = seededRandomness(hostility.seed ?? 7);
    this.#draw = () => randomness.fraction();
    this.world.fault = ({ key }) => this.#faultOf(key);
    this.world.hold = () => this.#comesLate();
  }

  async live(): Promise<void> {
    for (let count = 0; count < (this.#hostility.processes ?? 1); count += 1) await this.#begin(count);
    await this.#safely(0, { move: "start", customer: 0 });
    for (const [index, move] of this.#case.moves.entries()) await this.#safely(index, move);
    await this.settle();
  }

  async #begin(place: number): Promise<void> {
    const seed = (this.#next += 1);
    const { store: around } = this.#hostility;
    let isStarting = true;
    // One that can't start is started again until it can: told from its first working moment on.
    const isHealed = () => this.#isHealed || isStarting;
    const shared = this.#shared;
    const store = around?.({ store: shared, clock: this.clock, draw: this.#draw, isHealed }) ?? shared;
    const flows = [definitionOf(this.#case.flow), ...children];
    const common = { flows, customers, agents: this.#agents(), world: this.world, clock: this.clock, seed };
    this.processes[place] = await LawProcess.start({ ...common, store });
    isStarting = false;
  }

  /** Played at one process; dead, it is followed by the next. */
  async #safely(index: number, move: Move): Promise<void> {
    const place = index % this.processes.length;
    const process = this.processes[place];
    if (process === undefined) throw new Error("There is always one.");
    await process.untilDeath(() => this.#play(process, index, move));
    for (const release of this.#late.splice(0)) release();
    await this.#quiet();
    await this.#replaceDead();
  }

  /** As a supervisor does; who is new has enough to do to die of, but nothing to die by. */
  async #replaceDead(): Promise<void> {
    for (const [place, process] of this.processes.entries()) {
      if (!process.isDead && !(this.#isHealed && this.store.isTakenForGone(process.owner))) continue;
      if (process.isDead) this.deaths += 1;
      await process.bury();
      await this.#begin(place);
    }
    await this.#quiet();
  }

  /** Where answers come late nothing is ever idle, so others get their turns instead. */
  async #quiet(): Promise<void> {
    for (const process of this.processes) {
      if (this.#isLate || process.isFrozen) await turns(60);
      else await process.idle();
    }
  }

  /** Who gets no answer asks again. */
  async #play(process: LawProcess, index: number, move: Move): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        return await this.#do(process, process.engine, index, move);
      } catch (error) {
        // Refusals are words for people; whatever else a hostile store says reaches the one who asked.
        if (error instanceof RequestError) return;
        if (this.#hostility.store === undefined || process.isDead) throw error;
        if (tried >= mostTries) return;
      }
    }
  }

  async #do(process: LawProcess, engine: LawProcess["engine"], index: number, move: Move): Promise<void> {
    switch (move.move) {
      case "start": {
        const customer_id = customers[move.customer % customers.length]?.id ?? "acme";
        await engine.start({ flowId: "renewal", input: { customer_id }, person: null, startKey: `k${index}` });
        return;
      }
      case "vote":
        return this.#vote(engine, move);
      case "answer":
        return this.#answer(engine, move);
      case "pass":
        return this.#pass(this.clock.now() + move.ms);
      case "next":
        return this.#pass((await this.#nextDue()) ?? this.clock.now() + minute);
      case "jump":
        if (move.ms < 0) this.clock.putBack(this.clock.now() + move.ms);
        else this.clock.moveTo(this.clock.now() + move.ms);
        return this.#tick();
      case "abort":
      case "redrive": {
        const executionId = await this.#nth(move.nth);
        if (executionId === null) return;
        if (move.move === "abort") await engine.abort({ executionId, person: null, compensate: move.compensate });
        else {
          const steps = this.#case.flow.steps.length;
          const from = move.from === null ? {} : { from: idOf(move.from % steps) };
          await engine.redrive({ executionId, person: null, ...from });
        }
        return;
      }
      case "restart":
        return process.die();
      case "die":
        return process.dieAt(move);
      case "freeze":
      case "part":
        if (move.move === "freeze") process.freeze();
        this.store.takeForGone(process.owner);
        return;
      case "thaw":
        for (const each of this.processes) each.thaw();
        return;
      default:
        return move satisfies never;
    }
  }

  async #nth(nth: number): Promise<string | null> {
    const { items } = await this.store.list({ filter: { flowId: "renewal" }, limit: 50 });
    return items[nth % Math.max(1, items.length)]?.execution_id ?? null;
  }

  async #vote(engine: LawProcess["engine"], move: Extract<Move, { move: "vote" }>): Promise<void> {
    const { items } = await engine.waiting({ person: null, offset: 0, limit: 50 });
    const chosen = items[move.nth % Math.max(1, items.length)];
    const person = voters[move.who % voters.length];
    if (chosen === undefined || person === undefined) return;
    const { execution_id: executionId } = chosen.header;
    const { step_id: stepId } = chosen.waiting;
    const version = (await engine.approval({ executionId, stepId }))?.version ?? 1;
    await engine.decide({ executionId, stepId, version, person, decision: move.decision, reason: "so" });
  }

  async #answer(engine: LawProcess["engine"], move: Extract<Move, { move: "answer" }>): Promise<void> {
    const open = this.world.card("doubt").filter(({ resolved }) => resolved === null);
    const chosen = open[move.nth % Math.max(1, open.length)];
    if (chosen === undefined) return;
    const { effectKey } = chosen;
    const truth = this.world.count(effectKey) > 0 ? ("arrived" as const) : ("send_again" as const);
    await engine.resolveDoubt({ effectKey, person: lead, answer: move.say === "truth" ? truth : move.say });
  }

  async #nextDue(): Promise<number | null> {
    const all = await Promise.all(this.#awake.map(({ engine }) => engine.nextDue()));
    const known = all.filter((at) => at !== null);
    return known.length === 0 ? null : Math.min(...known);
  }

  get #awake(): LawProcess[] {
    return this.processes.filter(({ isFrozen, isDead }) => !isFrozen && !isDead);
  }

  async #tick(): Promise<void> {
    for (const process of this.#awake) await process.tick();
    await this.#quiet();
  }

  /** Through all that is due until then. */
  async #pass(until: number): Promise<void> {
    await this.#quiet();
    for (let round = 0; round < mostRounds; round += 1) {
      const next = await this.#nextDue();
      if (next === null || next > until) break;
      const before = this.clock.now();
      this.clock.moveTo(next);
      await this.#tick();
      // What is due and stays so is told by the law of rest.
      if (next <= before && round > 20) break;
    }
    this.clock.moveTo(until);
    await this.#tick();
  }

  /** All harm ends; who was cut off is replaced; the clock passes everything. */
  async settle(): Promise<void> {
    this.#isHealed = true;
    this.#isLate = false;
    for (const process of this.processes) process.thaw();
    for (const release of this.#late.splice(0)) release();
    await this.#quiet();
    for (const process of this.processes) process.disarm();
    await this.#replaceDead();
    await this.#pass(this.clock.now() + 10 * minute);
    for (let still = 0, jumps = 0; still < stillEnough && jumps < mostJumps; jumps += 1) {
      const before = this.store.entries.length;
      this.clock.moveTo(this.clock.now() + jumpMs);
      await this.#tick();
      await this.#pass(this.clock.now() + 10 * minute);
      still = this.store.entries.length === before ? still + 1 : 0;
    }
  }

  #comesLate(): Promise<void> | null {
    if (!this.#isLate || this.#draw() < 0.5) return null;
    return new Promise((resolve) => this.#late.push(resolve));
  }

  #faultOf(key: string): Fault | null {
    this.#checkRecorded(key);
    const shape = this.#shapeOf(key.split("/")[0] ?? "", stepIn(key));
    // Counted over all processes, and over the generations.
    const plain = key.replace(/#\d+$/, "");
    const count = this.#sent.get(plain) ?? 0;
    this.#sent.set(plain, count + 1);
    const kind = shape?.faults?.[count] ?? "fine";
    return kind === "fine" ? null : { kind };
  }

  /** V1: what leaves is on record, begun. */
  #checkRecorded(key: string): void {
    const executionId = key.split(/[/#]/)[0] ?? "";
    const events = this.store.eventsOf(executionId);
    const planned = events.some(({ type }) => type === "effects_planned");
    if (!planned) this.unrecorded.push(`${key} left before its plan was on record`);
  }

  #shapeOf(executionId: string, stepId: string): Shape | null {
    const started = this.store.eventsOf(executionId)[0];
    if (started?.type !== "execution_started" || started.flow_id !== "renewal") return null;
    return this.#case.flow.steps[Number(stepId.slice(1))] ?? null;
  }

  #agents(): Agents {
    const trial =
      (given: Script): Script =>
      async (request) => {
        await this.#comesLate();
        const { executionId, stepId, idempotencyKey } = request.context;
        await this.#observe(executionId);
        const isUndoing = idempotencyKey.endsWith("#compensation");
        const count = this.#calls.get(idempotencyKey) ?? 0;
        this.#calls.set(idempotencyKey, count + 1);
        const outcome = isUndoing ? "ok" : (this.#shapeOf(executionId, stepId)?.outcomes?.[count] ?? "ok");
        if (outcome === "throttled") throw new FailureError({ error: "Agent.Throttled", cause: "too fast" });
        if (outcome === "invalid") throw new FailureError({ error: "Input.Invalid", cause: "no such thing" });
        const answered = await given(request);
        return { ...answered, output: { ok: outcome !== "no" } };
      };
    const { notify = plain, book = plain } = scripts;
    return scriptedAgents({ act: trial(plain), notify: trial(notify), book: trial(book), breaks });
  }

  /** The state of a driver in the middle of its work. */
  async #observe(executionId: string): Promise<void> {
    for (const { engine, isFrozen, isDead } of this.processes) {
      if (isFrozen || isDead || this.#hostility.store !== undefined) continue;
      const live = await engine.execution({ executionId }).catch(() => null);
      if (live !== null) this.observed.push({ executionId, live });
    }
  }

  /** Every execution, as its log tells it. */
  async states(): Promise<ExecutionState[]> {
    const { items } = await this.store.list({ filter: {}, limit: 200 });
    const all = items.map(async ({ execution_id: executionId, definition_hash }) => {
      const definition = await this.store.getDefinition({ hash: definition_hash });
      const entries = await this.store.readLog({ executionId, after: 0 });
      return definition === null ? null : fold({ definition, entries });
    });
    return (await Promise.all(all)).filter((state) => state !== null);
  }
}

const plain: Script = () => answer(null);
const breaks: Script = () => {
  throw new FailureError({ error: "Input.Invalid", cause: "it breaks" });
};

/** Of a key `execution/step…`; empty: it belongs to no step. */
function stepIn(key: string): string {
  return /^[^/]+\/(s\d+)/.exec(key)?.[1] ?? "";
}

export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
