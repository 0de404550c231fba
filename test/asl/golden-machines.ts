/** The state machines that are kept as files, so that a change of the compiler shows as a difference that can be read. */
import { join } from "node:path";
import { compile, type Machine } from "../../src/asl/compile.ts";
import { actionCatalogue } from "../../src/cli/known-flows.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { sweptFlows } from "../engine/crash-flows.ts";

const root = join(import.meta.dirname, "../..");

export async function flowsIn(...folders: string[]): Promise<FlowDefinition[]> {
  const { flows, problems } = await loadFlowFolders({
    folders: folders.map((folder) => join(root, folder)),
    catalogue: await actionCatalogue({ writable: ["champion_status"], refusal: null }),
    variables: { admin_email: "revops@example.com" },
  });
  if (flows.length === 0) throw new Error(problems.map(({ message }) => message).join("\n"));
  return flows.map(({ definition }) => definition);
}

/** The flow that has everything the language has. */
export function withEverything(): FlowDefinition {
  const found = sweptFlows.find(({ name }) => name === "with everything")?.flows[0];
  if (found === undefined) throw new Error("The swept flows have changed.");
  return { ...found, flow_id: "everything" };
}

export async function goldenMachines(): Promise<{ file: string; machine: Machine }[]> {
  const definitions = [...(await flowsIn("flows/standard")), withEverything()];
  return definitions.flatMap((definition) => {
    const compiled = compile(definition);
    if (!compiled.ok) throw new Error(compiled.refusals.map(({ message }) => message).join("\n"));
    const { machine, batch } = compiled;
    const name = definition.flow_id;
    const batches =
      batch === null || name !== "renewal_management" ? [] : [{ file: `${name}_batch.asl.json`, machine: batch }];
    return [{ file: `${name}.asl.json`, machine }, ...batches];
  });
}
