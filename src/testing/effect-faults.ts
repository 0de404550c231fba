/** Which effects go wrong on their way, as a test says; the newest that fits counts. */
import type { EffectKind } from "../flow/effect.ts";
import type { Fault, World } from "./world.ts";

export interface EffectFault {
  fault: Fault;
  /** Left out: of any kind. */
  kind?: EffectKind;
  /** Left out: of any step. */
  stepId?: string;
  /** How often one effect goes wrong before it goes well; left out: always. */
  times?: number;
}

export class EffectFaults {
  readonly #faults: EffectFault[] = [];

  add(fault: EffectFault): void {
    this.#faults.unshift(fault);
  }

  of({ key, effect, times }: Parameters<World["fault"]>[0]): Fault | null {
    const [, stepId = ""] = key.split("/");
    const fault = this.#faults.find(
      (one) =>
        (one.kind === undefined || one.kind === effect.kind) &&
        (one.stepId === undefined || one.stepId === stepId) &&
        times <= (one.times ?? Infinity),
    );
    return fault?.fault ?? null;
  }
}
