import type { Place } from "./flow.ts";

/** What `child.ts` is told. */
export interface ChildOptions {
  place: Place;
  /** Null: what the server costs is not known. */
  serverPid: number | null;
  count: number;
  /** Every line that a killed process has written is there. */
  journal: string;
}
