/**
 * What one execution takes on Step Functions, if every step runs once, and which steps that repeat its history has room for.
 *
 * A list that stands in the flow is counted; of one that is only known later the report says what each item takes.
 */
import { mostItems, type Repetition } from "./repetitions.ts";
import type { Remark } from "./compilation.ts";
import { longestWay } from "./longest-way.ts";
import type { Branch, Machine, State } from "./machine.ts";
import { mostEvents } from "./quotas.ts";

export interface Estimate {
  /** State transitions, which are what Standard executions cost by. */
  transitions: number;
  /** Events in the history, of 25,000. */
  events: number;
  /** To the two functions. */
  requests: number;
  /** Of each step that repeats, what an item takes; `items`: null where the list is only known later; `fits`: into the history. */
  perItem: {
    step: string;
    transitions: number;
    events: number;
    requests: number;
    items: number | null;
    fits: number;
  }[];
  /** UTF-8, as it is sent. */
  definitionBytes: number;
  /** Dollars in us-east-1, of the transitions alone. */
  cost: number;
  /** Dollars of the requests, of 0.4 seconds on 512 MiB each. */
  functionsCost: number;
}

const perTransition = 0.000025;
const perRequest = 0.0000002 + 0.4 * 0.5 * 0.0000133334;
/** The start and the end of the execution. */
const ofExecution = 2;
/** MapIterationStarted, MapIterationSucceeded. */
const ofIteration = 2;

interface Measure {
  of: (state: State) => number;
  /** Of a Map's item, besides its states. */
  ofItem: number;
}

const transitionsOf: Measure = { of: () => 1, ofItem: 0 };
const eventsOf: Measure = { of: ownEvents, ofItem: ofIteration };
const requestsOf: Measure = { of: (state) => Number(callsFunction(state)), ofItem: 0 };

/** `repetitions`: of the steps that repeat. */
export function estimate(machine: Machine, repetitions: readonly Repetition[]): Estimate {
  const counts = new Map(repetitions.map(({ step, items }) => [step, items]));
  const total = (measure: Measure) => measured(machine, measure, counts);
  const [transitions, requests] = [total(transitionsOf), total(requestsOf)];
  const events = total(eventsOf) + ofExecution;
  const perItem = mapsIn(machine.States).map(([step, { ItemProcessor }]) => {
    const ofOne = (measure: Measure) => measured(ItemProcessor, measure, counts) + measure.ofItem;
    const items = counts.get(step) ?? null;
    const each = ofOne(eventsOf);
    const fits = Math.max(0, Math.floor((mostEvents - (events - (items ?? 0) * each)) / each));
    return { step, transitions: ofOne(transitionsOf), events: each, requests: ofOne(requestsOf), items, fits };
  });
  return {
    transitions,
    events,
    requests,
    perItem,
    definitionBytes: Buffer.byteLength(JSON.stringify(machine)),
    cost: dollars(transitions * perTransition),
    functionsCost: dollars(requests * perRequest),
  };
}

const dollars = (amount: number): number => Number(amount.toPrecision(3));

function measured(branch: Branch, measure: Measure, counts: ReadonlyMap<string, number | null>): number {
  return longestWay(branch, (state, name) => {
    const own = measure.of(state);
    if (state.Type === "Parallel")
      return own + state.Branches.reduce((all, part) => all + measured(part, measure, counts), 0);
    if (state.Type !== "Map") return own;
    const items = counts.get(name) ?? 0;
    return own + items * (measured(state.ItemProcessor, measure, counts) + measure.ofItem);
  });
}

/** Entered, exited, and what is told in between. */
function ownEvents(state: State): number {
  switch (state.Type) {
    case "Task":
      return waits(state.Resource) ? 6 : 5;
    case "Parallel":
    case "Map":
      return 4;
    case "Fail":
      return 1;
    case "Choice":
    case "Pass":
    case "Wait":
    case "Succeed":
      return 2;
    default:
      return state satisfies never;
  }
}

/** For a token, or for the end of what it started: that is submitted first. */
function waits(resource: string): boolean {
  return resource.endsWith(".waitForTaskToken") || resource.includes(".sync");
}

function callsFunction(state: State): boolean {
  return state.Type === "Task" && state.Resource.includes(":lambda:invoke");
}

type Repeating = Extract<State, { Type: "Map" }>;

function mapsIn(states: Record<string, State>): [string, Repeating][] {
  return Object.entries(states).flatMap(([name, state]): [string, Repeating][] => {
    if (state.Type === "Parallel") return state.Branches.flatMap((part) => mapsIn(part.States));
    return state.Type === "Map" ? [[name, state]] : [];
  });
}

/** A list of the flow's own that the history has no room for, or a graph. */
export function overHistory({ events, perItem }: Estimate): Remark[] {
  if (events <= mostEvents) return [];
  const [most] = perItem
    .filter(({ items }) => items !== null)
    .toSorted((one, other) => (other.items ?? 0) * other.events - (one.items ?? 0) * one.events);
  if (most === undefined || most.items === null) {
    const message = `an execution would write ${number(events)} events, and Step Functions keeps ${number(mostEvents)}; split it into sub-flows`;
    return [{ step: null, message }];
  }
  const message = `for_each: ${number(most.items)} items of ${most.events} events each, and ${roomFor(most.fits)}; split the list, or repeat a sub-flow, whose steps have a history of their own`;
  return [{ step: most.step, path: ["for_each"], message }];
}

/** Of lists that are only known later: nothing can catch it when the history is full. */
export function historyWarnings({ events, perItem }: Estimate): Remark[] {
  const later = perItem.filter(({ items }) => items === null);
  const alone = later.filter(({ fits }) => fits < mostItems);
  if (alone.length > 0)
    return alone.map(({ step, fits, events: each }) => ({
      step,
      message: `each item writes ${each} events, and ${roomFor(fits)}; above that the execution ends`,
    }));
  const all = events + later.reduce((total, one) => total + one.events * mostItems, 0);
  if (all <= mostEvents) return [];
  const names = later.map(({ step }) => step).join(", ");
  const message = `${names} would write ${number(all)} events with ${number(mostItems)} items each, and Step Functions keeps ${number(mostEvents)}; above that the execution ends`;
  return [{ step: null, message }];
}

const roomFor = (items: number): string =>
  `the history of an execution, ${number(mostEvents)} events, has room for ${number(items)}`;

const number = (count: number): string => count.toLocaleString("en");
