/**
 * Simulations for the bot, each in a thread of its own: the app's event loop goes on, and what a simulation takes is given back.
 *
 * One at a time: each takes a processor and some hundred megabytes. The last few reports are kept in memory, for their lists.
 */
import { Worker } from "node:worker_threads";
import type { AskedSimulation, Simulations, StartedSimulation } from "../../bot/simulations.ts";
import type { Flows } from "../../engine/context.ts";
import { RequestError } from "../../engine/engine.ts";
import type { Clock, Randomness } from "../../flow/clock.ts";
import { newId } from "../../flow/execution-id.ts";
import type { SimulationReport } from "../../simulation/report.ts";
import type { CommonSettings } from "../settings.ts";
import type { SimulationRequest } from "./open-simulation.ts";
import type { WorkerMessage } from "./simulation-worker.ts";

const mostKept = 10;
/** Real time. */
const longestMs = 300_000;
const mostMegabytes = 2_048;

interface Parts {
  settings: CommonSettings;
  flows: Flows;
  clock: Clock;
  randomness: Randomness;
}

export class WorkerSimulations implements Simulations {
  readonly #parts: Parts;
  /** Oldest first. */
  readonly #reports = new Map<string, SimulationReport>();
  #running: string | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  start(asked: AskedSimulation): StartedSimulation {
    if (this.#running !== null)
      throw new RequestError(`A simulation of ${this.#running} is running: please ask again in a minute.`);
    const { settings, flows, clock, randomness } = this.#parts;
    const { definition, period, assumed, customer, signal, onProgress } = asked;
    const now = clock.now();
    const others = flows.all().map((flow) => flow.definition);
    const request = { settings, now, definition, flows: others, period, assumed, customer };
    const id = newId({ now, randomness });
    this.#running = definition.flow_id;
    const report = inThread({ request, signal, onProgress })
      .then((found) => this.#keep(id, found))
      .finally(() => (this.#running = null));
    return { id, report };
  }

  find({ id }: { id: string }): SimulationReport | null {
    return this.#reports.get(id) ?? null;
  }

  #keep(id: string, report: SimulationReport): SimulationReport {
    this.#reports.set(id, report);
    for (const oldest of [...this.#reports.keys()].slice(0, -mostKept)) this.#reports.delete(oldest);
    return report;
  }
}

function inThread(parameters: {
  request: SimulationRequest;
  signal: AbortSignal;
  onProgress: (done: number) => void;
}): Promise<SimulationReport> {
  const { request, signal, onProgress } = parameters;
  if (signal.aborted) return Promise.reject(givenUp());
  const worker = new Worker(new URL("./simulation-worker.ts", import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  const ended = new Promise<SimulationReport>((resolve, reject) => {
    worker.on("message", (message: WorkerMessage) => {
      if (message.kind === "progress") onProgress(message.done);
      else if (message.kind === "report") resolve(message.report);
      else reject(new RequestError(message.message, message.suggestion));
    });
    worker.once("error", (error: unknown) => reject(isOutOfMemory(error) ? tooLarge() : error));
    worker.once("exit", () => reject(givenUp()));
    const limit = AbortSignal.timeout(longestMs);
    limit.addEventListener("abort", () => reject(tooLarge()), { once: true });
    signal.addEventListener("abort", () => void worker.terminate(), { once: true });
  });
  return ended.finally(() => void worker.terminate());
}

function givenUp(): RequestError {
  return new RequestError("The simulation was given up: the app is stopping.");
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}

function tooLarge(): RequestError {
  return new RequestError(
    "This is too much for a simulation in Slack: take a shorter period, or npx revops simulate on a machine of your own.",
  );
}
