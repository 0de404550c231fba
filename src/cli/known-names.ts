/** Flows by their names, and what a wrong name is told. */
import type { Problem } from "../flow/flow-file.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import { nearest } from "../flow/nearest.ts";
import type { FlowRegistry, LoadedFlow } from "../flow/registry.ts";
import { CommandError } from "./errors.ts";

interface Known {
  registry: FlowRegistry;
  problems: readonly Problem[];
}

/** Throws `CommandError`. */
export function knownFlow(known: Known, flowId: string): FlowDefinition {
  return loadedFlow(known, flowId).definition;
}

/** Throws `CommandError`. */
export function loadedFlow({ registry, problems }: Known, flowId: string): LoadedFlow {
  const flow = registry.get({ flowId });
  if (flow !== null) return flow;
  const known = registry.all().map(({ definition }) => definition.flow_id);
  throw new CommandError([`There is no flow ${flowId}.${brokenFiles(problems)}`], nearest(flowId, known));
}

/** A flow whose file has problems isn't loaded, which is the likeliest reason. */
function brokenFiles(problems: readonly Problem[]): string {
  const count = new Set(problems.filter(({ severity }) => severity === "error").map(({ file }) => file)).size;
  if (count === 0) return "";
  return ` ${count === 1 ? "A file has" : `${count} files have`} problems: see npx revops validate.`;
}
