/** What was held back for good, in the output of its step: so that the steps behind it can act on it. */
import type { StepEffect } from "../../flow/execution.ts";
import { peopleReached } from "../../flow/hold.ts";
import type { Json } from "../../flow/json.ts";

/** The output as it is where everything went out, and where it has no fields. */
export function withHeldBack(output: Json, effects: readonly StepEffect[]): Json {
  const held = effects.flatMap(({ planned, state }) =>
    state.status === "held"
      ? [{ kind: planned.effect.kind, to: peopleReached(planned.effect), ...reasonOf(state.hold) }]
      : [],
  );
  const hasFields = typeof output === "object" && output !== null && !Array.isArray(output);
  return held.length === 0 || !hasFields ? output : { ...output, held_back: held };
}

function reasonOf({ reason, cause }: { reason: string; cause: string }): { reason: string; cause: string } {
  return { reason, cause };
}
