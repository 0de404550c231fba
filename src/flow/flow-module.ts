/** A flow file in TypeScript: what it registers while it is loaded are its flows. */
import type { RegisteredFlow } from "./api/registered-flows.ts";
import type { Problem } from "./flow-file.ts";
import { isProblem, loadModule, type Within } from "./module-file.ts";

export async function loadFlowModule(asked: { file: string; text: string; within: Within | undefined }): Promise<{
  flows: RegisteredFlow[];
  problems: Problem[];
}> {
  const loaded = await loadModule(asked);
  if (isProblem(loaded)) return { flows: [], problems: [loaded] };
  return { flows: loaded.flows, problems: loaded.flows.length === 0 ? [registersNothing(asked.file)] : [] };
}

function registersNothing(file: string): Problem {
  const message = "this file registers no flow: call register() on one, or move it out of the folders of flows";
  return { file, line: 1, column: 1, message, severity: "warning" };
}
