/** Keeps a list in order while items come one by one, most of them at its end. Pure. */

/** Puts the item in its place; one that compares as equal is replaced. */
export function putSorted<T>(items: T[], item: T, compare: (a: T, b: T) => number): void {
  const last = items.at(-1);
  if (last === undefined || compare(last, item) < 0) {
    items.push(item);
    return;
  }
  const index = placeOf(items, (other) => compare(other, item) < 0);
  const there = items[index];
  const replaced = there !== undefined && compare(there, item) === 0 ? 1 : 0;
  items.splice(index, replaced, item);
}

/** How many items, from the first one on, are `before`. */
export function placeOf<T>(items: readonly T[], before: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && before(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
