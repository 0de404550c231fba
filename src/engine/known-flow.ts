/** A flow by the id that a person or a program gave. */
import type { FlowDefinition } from "../flow/flow.ts";
import { nearest } from "../flow/nearest.ts";
import type { EngineContext } from "./context.ts";
import { RequestError } from "./engine.ts";

/** Throws `RequestError` with the nearest flow id. */
export function knownFlow({ flows }: Pick<EngineContext, "flows">, flowId: string): FlowDefinition {
  const definition = flows.get({ flowId });
  if (definition !== null) return definition;
  const known = flows.all().map((flow) => flow.definition.flow_id);
  throw new RequestError(`There is no flow ${flowId}.`, nearest(flowId, known));
}
