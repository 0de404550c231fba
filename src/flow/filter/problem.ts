/** What is wrong, or odd, in a filter and where. */

export interface FilterProblem {
  /** Index in the list of predicates. */
  predicate: number;
  /** Character within that predicate, from 0. */
  offset: number;
  message: string;
}

/** Takes one problem of the predicate in hand; checking goes on, so that all are reported at once. */
export type Report = (offset: number, message: string) => void;
