/** Real time as leases need it: how much has passed since a mark, by clocks that disagree when a machine sleeps. */
export interface Elapsed {
  /** Milliseconds, by the clock that stands still while the machine is suspended. */
  least(): number;
  /** Milliseconds, by the clock that has gone furthest. */
  most(): number;
}

export interface LeaseTime {
  /** Milliseconds since the epoch. */
  now(): number;
  mark(): Elapsed;
  /** Until what it gives is called. Never keeps the process alive. */
  every(ms: number, run: () => void): () => void;
}
