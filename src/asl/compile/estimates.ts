/** What one execution takes on Step Functions, if every step runs once; and which of the service's limits that breaks. */
import { targetsOf, type Machine, type State } from "./machine.ts";
import type { Remark } from "./compilation.ts";

export interface Estimate {
  /** State transitions, which are what Standard executions cost by. */
  transitions: number;
  /** Events in the history, of 25,000. */
  events: number;
  /** More for each item of a step that repeats. */
  perItem: { step: string; transitions: number; events: number }[];
  /** UTF-8, as it is sent. */
  definitionBytes: number;
  /** Dollars in us-east-1, without Lambda and items. */
  cost: number;
}

const perTransition = 0.000025;
const mostEvents = 25_000;
const mostBytes = 1_048_576;

export function estimate(machine: Machine): Estimate {
  const perItem: Estimate["perItem"] = [];
  const { transitions, events } = longestWay(machine.StartAt, machine.States, perItem);
  return {
    // The start and the end of the execution are events too.
    transitions,
    events: events + 2,
    perItem,
    definitionBytes: Buffer.byteLength(JSON.stringify(machine)),
    cost: Number((transitions * perTransition).toPrecision(3)),
  };
}

export function overLimits(found: Estimate): Remark[] {
  const refusals: Remark[] = [];
  if (found.definitionBytes > mostBytes) {
    const message = `the state machine would have ${found.definitionBytes} bytes, and Step Functions takes ${mostBytes}; split it into sub-flows`;
    refusals.push({ step: null, message });
  }
  if (found.events > mostEvents) {
    const message = `an execution would write ${found.events} events, and Step Functions keeps ${mostEvents}; split it into sub-flows`;
    refusals.push({ step: null, message });
  }
  return refusals;
}

interface Weight {
  transitions: number;
  events: number;
}

/** The dearest way through; machines have no loops but for the batch's. */
function longestWay(start: string, states: Record<string, State>, perItem: Estimate["perItem"]): Weight {
  const known = new Map<string, Weight>();
  const order: string[] = [];
  const pending: { name: string; isLeft: boolean }[] = [{ name: start, isLeft: false }];
  const entered = new Set<string>();
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const state = states[visit.name];
    if (state === undefined) continue;
    if (visit.isLeft) {
      order.push(visit.name);
      continue;
    }
    if (entered.has(visit.name)) continue;
    entered.add(visit.name);
    pending.push({ name: visit.name, isLeft: true }, ...targetsOf(state).map((name) => ({ name, isLeft: false })));
  }
  for (const name of order) {
    const state = states[name];
    if (state === undefined) continue;
    const own = weightOf(name, state, perItem);
    const best = targetsOf(state)
      .map((next) => known.get(next) ?? { transitions: 0, events: 0 })
      .toSorted((one, other) => other.transitions - one.transitions)[0] ?? { transitions: 0, events: 0 };
    known.set(name, { transitions: own.transitions + best.transitions, events: own.events + best.events });
  }
  return known.get(start) ?? { transitions: 0, events: 0 };
}

function weightOf(name: string, state: State, perItem: Estimate["perItem"]): Weight {
  const events = state.Type === "Task" ? 5 : state.Type === "Parallel" || state.Type === "Map" ? 4 : 2;
  const own = { transitions: 1, events };
  if (state.Type === "Map") {
    const { StartAt, States } = state.ItemProcessor;
    const item = longestWay(StartAt, States, perItem);
    if (state.ItemProcessor.ProcessorConfig.Mode === "INLINE")
      perItem.push({ step: name, transitions: item.transitions, events: item.events + 2 });
    return own;
  }
  if (state.Type !== "Parallel") return own;
  return state.Branches.map(({ StartAt, States }) => longestWay(StartAt, States, perItem)).reduce(
    (sum, branch) => ({ transitions: sum.transitions + branch.transitions, events: sum.events + branch.events }),
    own,
  );
}
