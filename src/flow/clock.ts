/** Time, ids and randomness come from outside (D1), so that a test moves them and the sandbox's page may too. */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once when the clock reaches `atMs`, however it gets there; returns the cancel. Never keeps the process alive. */
  at(atMs: number, run: () => void): () => void;
}

export interface Randomness {
  /** 0 ≤ x < 1. */
  fraction(): number;
  /** Lower-case hexadecimal digits, two a byte. */
  hex(bytes: number): string;
}
