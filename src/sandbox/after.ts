/** A timer in real time: runs once after `ms`, unless what it returns is called before. */
export type After = (ms: number, run: () => void) => () => void;
