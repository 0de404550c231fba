/** An execution as a picture shows it: as it stands at an instant. */
import type { ExecutionState } from "../../../flow/execution.ts";

export interface Shown {
  execution: ExecutionState;
  now: number;
}
