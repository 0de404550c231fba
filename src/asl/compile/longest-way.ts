/** The dearest way through states that lead to each other without loops, by whatever is counted. */
import { targetsOf, type Branch, type State } from "./machine.ts";

export function longestWay({ StartAt, States }: Branch, weightOf: (state: State, name: string) => number): number {
  const known = new Map<string, number>();
  for (const name of lastFirst(StartAt, States)) {
    const state = States[name];
    if (state === undefined) continue;
    const onward = targetsOf(state).map((next) => known.get(next) ?? 0);
    known.set(name, weightOf(state, name) + Math.max(0, ...onward));
  }
  return known.get(StartAt) ?? 0;
}

/** Each after all that it leads to; a loop, as a sequence may be long. */
function lastFirst(start: string, states: Record<string, State>): string[] {
  const order: string[] = [];
  const entered = new Set<string>();
  const pending: { name: string; isLeft: boolean }[] = [{ name: start, isLeft: false }];
  for (let visit = pending.pop(); visit !== undefined; visit = pending.pop()) {
    const { name, isLeft } = visit;
    const state = states[name];
    if (isLeft) order.push(name);
    if (isLeft || state === undefined || entered.has(name)) continue;
    entered.add(name);
    pending.push({ name, isLeft: true }, ...targetsOf(state).map((next) => ({ name: next, isLeft: false })));
  }
  return order;
}
