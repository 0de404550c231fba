/** Every place of a flow where an expression may stand, each checked against the roots that it sees. */
import type { Json } from "../json.ts";
import type { Inputs } from "./input.ts";
import type { Report } from "./problem.ts";
import { checkExpressions, commonScope, startScope, stepScopes } from "./roots.ts";
import type { SourceNode } from "./source.ts";
import type { StepSource } from "./step.ts";

interface Places {
  sources: readonly StepSource[];
  inputs: Inputs;
  variables: Record<string, Json>;
  failureNotification: SourceNode | null;
  concurrencyKey: SourceNode | null;
}

/** Says whether any expression reads the customer. */
export function checkPlaces(places: Places, report: Report): boolean {
  const { sources: steps, variables, failureNotification, concurrencyKey } = places;
  const common = commonScope(places);
  const ofSteps = steps.flatMap((step) => {
    const scopes = stepScopes({ step, steps, common });
    return step.values.map(({ node, sees }) => checkExpressions({ node, scope: scopes[sees], steps, step, report }));
  });
  const ofFlow = [
    { node: failureNotification, scope: common },
    { node: concurrencyKey, scope: startScope(places) },
  ].map(({ node, scope }) => node !== null && checkExpressions({ node, scope, steps, step: null, report }));
  warnOfShadows({ steps, variables, report });
  return [...ofSteps, ...ofFlow].includes(true);
}

interface Shadows {
  steps: readonly StepSource[];
  variables: Record<string, Json>;
  report: Report;
}

function warnOfShadows({ steps, variables, report }: Shadows): void {
  for (const { id, idAt } of steps) {
    if (id === null || !Object.hasOwn(variables, id)) continue;
    report.warning(idAt, `"${id}" is a variable too; after this step it means the step's output`);
  }
}
