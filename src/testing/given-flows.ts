/** The flows that a test is given: files, folders, or flows that a program has put together. */
import { stat } from "node:fs/promises";
import type { Flows } from "../engine/context.ts";
import type { ActionCatalogue } from "../flow/action.ts";
import { registeredFlows, type RegisteredFlow } from "../flow/api/registered-flows.ts";
import type { FlowDefinition } from "../flow/flow.ts";
import { FlowRegistry, loadFlowFolders, type LoadedFlow, type OwnCatalogue } from "../flow/registry.ts";

/** A file's or a folder's path, or a `Flow`. */
export type GivenFlow = string | RegisteredFlow;

/** Throws with every problem, each at its place. */
export async function loadGivenFlows(parameters: {
  /** Null: the folder `flows`, and what this process has registered. */
  given: readonly GivenFlow[] | null;
  catalogue: ActionCatalogue;
  ownActions?: OwnCatalogue;
  variables: Record<string, string>;
}): Promise<{ registry: FlowRegistry; loaded: LoadedFlow[] }> {
  const { catalogue, ownActions, variables } = parameters;
  const given = parameters.given ?? ["flows", ...registeredFlows.all()];
  const paths = given.filter((flow) => typeof flow === "string");
  const made = given.filter((flow) => typeof flow !== "string");
  const areFolders = await Promise.all(paths.map(isFolder));
  const { flows, problems } = await loadFlowFolders({
    folders: paths.filter((_path, index) => areFolders[index] === true),
    files: paths.filter((_path, index) => areFolders[index] === false),
    catalogue,
    ...(ownActions === undefined ? {} : { ownActions }),
    variables,
    registered: { all: () => made, revision: 0 },
  });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length > 0)
    throw new Error(errors.map((one) => `${one.file}:${one.line}:${one.column}: ${one.message}`).join("\n"));
  const registry = new FlowRegistry();
  for (const flow of flows) registry.add(flow);
  return { registry, loaded: flows };
}

/** `fire`: their schedules start executions when the clock comes by. */
export function engineFlows(registry: FlowRegistry, { fire }: { fire: boolean }): Flows {
  const all = () => registry.all();
  const get = ({ flowId }: { flowId: string }): FlowDefinition | null => registry.get({ flowId })?.definition ?? null;
  return { all, get, firing: () => (fire ? all() : []) };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
