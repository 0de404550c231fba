/**
 * Which part of the history each renewal is kept out with.
 *
 * 1. All renewals of a customer are in one part, or a model would be tested on customers that it has seen.
 * 2. Lost renewals are spread evenly over the parts, and so are kept ones: whatever is left has both.
 * 3. The parts follow from the seed and the customers' names, not from the order of rows.
 */
import { createHash } from "node:crypto";

interface Group {
  customer: string;
  renewals: number;
  lost: number;
}

export function foldsOf(parameters: {
  customers: readonly string[];
  lost: readonly boolean[];
  folds: number;
  seed: number;
}): number[] {
  const { customers, lost, folds, seed } = parameters;
  const groups = new Map<string, Group>();
  for (const [row, customer] of customers.entries()) {
    const group = groups.get(customer) ?? { customer, renewals: 0, lost: 0 };
    groups.set(customer, group);
    group.renewals++;
    if (lost[row] === true) group.lost++;
  }
  const order = [...groups.values()]
    .map((group) => ({ ...group, draw: drawOf(group.customer, seed) }))
    .toSorted((one, other) => other.lost - one.lost || (one.draw < other.draw ? -1 : 1));
  const filled = Array.from({ length: folds }, (_, fold) => ({ fold, renewals: 0, lost: 0 }));
  const foldOf = new Map<string, number>();
  for (const group of order) {
    const emptiest = filled.reduce((least, one) => (isEmptier(one, least, group) ? one : least));
    emptiest.renewals += group.renewals;
    emptiest.lost += group.lost;
    foldOf.set(group.customer, emptiest.fold);
  }
  return customers.map((customer) => foldOf.get(customer) ?? 0);
}

function isEmptier(one: Omit<Group, "customer">, least: Omit<Group, "customer">, group: Group): boolean {
  if (group.lost > 0 && one.lost !== least.lost) return one.lost < least.lost;
  return one.renewals - one.lost < least.renewals - least.lost;
}

function drawOf(customer: string, seed: number): string {
  return createHash("sha256")
    .update(JSON.stringify([seed, customer]))
    .digest("hex");
}
