/** The thread behind `simulations.ts`: one simulation, then it ends, and all its memory with it. */
import { parentPort, workerData } from "node:worker_threads";
import { RequestError } from "../../engine/engine.ts";
import type { SimulationReport } from "../../simulation/report.ts";
import { systemTime } from "../app-clock.ts";
import { runSimulation, type SimulationRequest } from "./open-simulation.ts";

export type WorkerMessage =
  | { kind: "progress"; done: number }
  | { kind: "report"; report: SimulationReport }
  /** Of a `RequestError`: for the one who asked. */
  | { kind: "refused"; message: string; suggestion: string | null };

const paceMs = 250;

const request: SimulationRequest = workerData;
let told = 0;

try {
  const onProgress = (done: number) => {
    const now = systemTime.now();
    if (now - told < paceMs) return;
    told = now;
    say({ kind: "progress", done });
  };
  say({ kind: "report", report: await runSimulation(request, { onProgress }) });
} catch (error) {
  // Anything else is the thread's own end, with its stack.
  if (!(error instanceof RequestError)) throw error;
  say({ kind: "refused", message: error.message, suggestion: error.suggestion });
}

function say(message: WorkerMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window's
  parentPort?.postMessage(message);
}
