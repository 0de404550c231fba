/** Simulations that end when the test says so, with the report that it says. */
import { RequestError } from "../../src/engine/engine.ts";
import type { AskedSimulation, Simulations, StartedSimulation } from "../../src/bot/simulations.ts";
import type { SimulationReport } from "../../src/simulation/report.ts";

export class FakeSimulations implements Simulations {
  readonly asked: AskedSimulation[] = [];
  readonly kept = new Map<string, SimulationReport>();
  /** What comes of the next one. */
  next: () => Promise<SimulationReport> = () => Promise.reject(new RequestError("No report was set."));
  isBusy = false;

  start(asked: AskedSimulation): StartedSimulation {
    if (this.isBusy) throw new RequestError("A simulation of renewal_management is running.");
    this.asked.push(asked);
    const id = `simulation-${this.asked.length}`;
    const report = this.next().then((found) => {
      this.kept.set(id, found);
      return found;
    });
    return { id, report };
  }

  find({ id }: { id: string }): SimulationReport | null {
    return this.kept.get(id) ?? null;
  }
}
