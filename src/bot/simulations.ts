/** The port through which the bot has flows simulated: elsewhere, so that nothing here stands still meanwhile. */
import type { FlowDefinition } from "../flow/flow.ts";
import type { Period } from "../simulation/period.ts";
import type { AssumedDecision, SimulationReport } from "../simulation/report.ts";

export interface AskedSimulation {
  definition: FlowDefinition;
  period: Period;
  assumed: AssumedDecision;
  /** Name or id, of one execution in place of the schedules; null: the schedules fire. */
  customer: string | null;
  signal: AbortSignal;
  /** From 0 to 1. */
  onProgress: (done: number) => void;
}

export interface StartedSimulation {
  id: string;
  /** Rejects with a `RequestError` for what can't be simulated. */
  report: Promise<SimulationReport>;
}

export interface Simulations {
  /** Throws `RequestError` while another one runs: each takes a processor. */
  start(asked: AskedSimulation): StartedSimulation;
  /** Null: it was too long ago, or before the app was started. */
  find(parameters: { id: string }): SimulationReport | null;
}
