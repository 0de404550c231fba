/**
 * Intervals of any figure by drawing the history again. Whole customers are drawn, not single renewals: two renewals of one
 * customer are no two independent observations.
 */
import { type Interval, middleOf } from "./interval.ts";
import type { Random } from "./random.ts";

/** A figure of the history in which each renewal is there as often as its weight says. Null: it can't be worked out. */
export type Figure = (weights: readonly number[]) => number | null;

/** Each figure's interval, of the same draws: figures of two models are compared on the same customers. */
export function bootstrapIntervals<Name extends string>(parameters: {
  /** Of each renewal. */
  customers: readonly string[];
  figures: Readonly<Record<Name, Figure>>;
  draws: number;
  random: Random;
}): Map<Name, Interval | null> {
  const { customers, figures, draws, random } = parameters;
  const drawn = new Map(namesOf(figures).map((name) => [name, [] as number[]]));
  for (const weights of drawnWeights({ customers, draws, random })) {
    for (const [name, values] of drawn) {
      const value = figures[name](weights);
      if (value !== null) values.push(value);
    }
  }
  return new Map([...drawn].map(([name, values]) => [name, middleOf(values)]));
}

/** How often each renewal is there, draw by draw. */
export function* drawnWeights(parameters: {
  customers: readonly string[];
  draws: number;
  random: Random;
}): Generator<number[]> {
  const { customers, draws, random } = parameters;
  const numbers = new Map([...new Set(customers)].map((customer, number) => [customer, number]));
  const customerOf = customers.map((customer) => numbers.get(customer) ?? 0);
  for (let draw = 0; draw < draws; draw++) {
    const times = Array.from({ length: numbers.size }, () => 0);
    for (let picked = 0; picked < numbers.size; picked++) {
      const number = Math.floor(random() * numbers.size);
      times[number] = (times[number] ?? 0) + 1;
    }
    yield customerOf.map((number) => times[number] ?? 0);
  }
}

function namesOf<Name extends string>(figures: Readonly<Record<Name, Figure>>): Name[] {
  const isName = (name: string): name is Name => Object.hasOwn(figures, name);
  return Object.keys(figures).filter(isName);
}
