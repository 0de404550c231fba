/** A wait: of so long, or until an instant; one that is past takes no time. */
import type { WaitStep } from "../../flow/flow.ts";
import { catchAll } from "./failures.ts";
import { jsonata, type Fragment, type State } from "./machine.ts";
import { recorded } from "./scope.ts";
import { named, type Place } from "./place.ts";
import { instantOf, plainInstant, seconds } from "./times.ts";

export function waitWork(place: Place, step: WaitStep): Fragment {
  const { compilation, scope, sight, next, failed } = place;
  const { id: stepId } = step;
  const waited = (until: string) =>
    recorded(scope, {
      stepId,
      result: `{ "status": "succeeded", "output": { "waited_until": ${until} }, "effects": 0 }`,
      next,
    });
  if (step.until === null) {
    const note = (message: string) => compilation.notes.push({ step: stepId, message });
    const Seconds = seconds(step.duration_ms ?? 0, note, 0);
    return { entry: stepId, states: [[stepId, { Type: "Wait", Seconds, ...waited("$now()") }]] };
  }
  const at = plainInstant(step.until);
  if (at !== null) {
    const until = new Date(at).toISOString();
    return { entry: stepId, states: [[stepId, { Type: "Wait", Timestamp: until, ...waited(`"${until}"`) }]] };
  }
  const look = named(stepId, "until");
  const found = named(stepId, "until when");
  const looking: State = {
    Type: "Parallel",
    Comment: "Only here can a failing expression be caught",
    Arguments: { until: jsonata(`$fromMillis(${instantOf(step.until, stepId, sight.reading, null)})`) },
    Branches: [{ StartAt: found, States: { [found]: { Type: "Pass", End: true } } }],
    Output: jsonata("$states.result[0]"),
    Catch: catchAll("Step.Lost", failed),
    Next: stepId,
  };
  const wait: State = { Type: "Wait", Timestamp: jsonata("$states.input.until"), ...waited("$states.input.until") };
  return {
    entry: look,
    states: [
      [look, looking],
      [stepId, wait],
    ],
  };
}
