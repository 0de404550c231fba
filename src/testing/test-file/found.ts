/** How an execution stands in the words of a test file, to be compared with what was expected. Pure. */
import type { Problem } from "../../flow/flow-file/problem.ts";
import { Json, JsonObject } from "../../flow/json.ts";
import { differences } from "../difference.ts";
import type { FlowResult, ResultEffect } from "../flow-result.ts";
import type { Path } from "./read.ts";
import type { Expectation } from "./schema.ts";

/** Each difference at the place of the expectation; `path` leads to it. */
export function unmet(parameters: {
  expectation: Expectation;
  result: FlowResult;
  path: Path;
  problemAt: (path: Path, message: string) => Problem;
}): Problem[] {
  const { expectation, result, path, problemAt } = parameters;
  const { completed = [], ...compared } = expectation;
  const missing = completed.flatMap((id, index) =>
    result.completedSteps.includes(id)
      ? []
      : [problemAt([...path, "completed", index], `${id} isn't completed; it is ${standing(id, result)}`)],
  );
  const others = Object.keys(expectation.skipped === undefined ? {} : result.skippedSteps)
    .filter((id) => expectation.skipped?.[id] === undefined)
    .map((id) => problemAt([...path, "skipped"], `${id} is skipped too: ${result.skippedSteps[id] ?? ""}`));
  const found = differences(plain(compared), inWords(result)).map((one) =>
    problemAt([...path, ...one.path], one.message),
  );
  return [...missing, ...others, ...found];
}

function standing(stepId: string, result: FlowResult): string {
  const skipped = result.skippedSteps[stepId];
  if (skipped !== undefined) return `skipped (${skipped})`;
  if (result.failedSteps.includes(stepId)) {
    const { failure } = result;
    return failure === null ? "failed" : `failed: ${failure.error}: ${failure.cause}`;
  }
  if (result.waitingFor.some(({ step_id }) => step_id === stepId)) return "waiting";
  return "not reached, or no step of this flow";
}

function inWords(result: FlowResult): JsonObject {
  return {
    status: result.status,
    outcome: result.outcome,
    skipped: { ...result.skippedSteps },
    failed: result.failedSteps,
    waiting_for: result.waitingFor.map(({ step_id }) => step_id),
    outputs: plain(result.stepOutputs),
    failure: plain(result.failure),
    planned: result.plannedEffects.map(effectInWords),
    held: result.heldEffects.map(effectInWords),
    performed: result.performedEffects.map(effectInWords),
  };
}

/** Flat, as people speak of it: a message to a person or a channel has them as its `to`. */
function effectInWords({ stepId, ...effect }: ResultEffect): JsonObject {
  const fields = { ...JsonObject.parse(plain(effect)), step: stepId };
  if (effect.kind !== "slack_message") return fields;
  return { ...fields, to: effect.to.kind === "person" ? effect.to.email : effect.to.channel };
}

/** Without what is undefined. */
function plain(value: unknown): Json {
  return Json.parse(JSON.parse(JSON.stringify(value)));
}
