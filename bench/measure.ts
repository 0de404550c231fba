/** A measure: a name, the figures that it takes, and one run of it in processes of its own. */
import type { Sizes } from "./sizes.ts";

/** What a figure is to reach; DESIGN §7's goals are the only ones. */
export type Goal = { atLeast: number } | { atMost: number };

export interface FigureKind {
  name: string;
  unit: string;
  goal?: Goal;
  /** Name of what the bare writes gave in the same run, in the same unit. */
  floor?: string;
}

/** Figures by name, floors included. */
export type Taken = Readonly<Record<string, number>>;

export interface Surroundings {
  sizes: Sizes;
  /** Of this run alone. */
  folder: string;
  /** Of all runs of this measure: what `prepare` has left. */
  prepared: string;
}

export interface Measure {
  name: string;
  /** What is measured, and how. */
  about: string;
  figures: readonly FigureKind[];
  /** Once, before the first run. */
  prepare?(surroundings: Omit<Surroundings, "folder">): Promise<void>;
  run(surroundings: Surroundings): Promise<Taken>;
}
