/** Numbers that look random and are the same for the same seed: an interval that is computed twice is one interval. */

/** From 0 up to 1. */
export type Random = () => number;

/** Mulberry32: good enough to draw samples, not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fisher and Yates; a new list. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  const drawn = [...items];
  for (let index = drawn.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [here, there] = [drawn[index], drawn[other]];
    if (here !== undefined) drawn[other] = here;
    if (there !== undefined) drawn[index] = there;
  }
  return drawn;
}
