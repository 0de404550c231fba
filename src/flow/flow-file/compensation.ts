/** How a step is taken back: an action that runs once, after all others, if the flow is given up. */
import type { ActionCatalogue, ActionDescription } from "../action.ts";
import type { Compensation } from "../flow.ts";
import { actionWith, readAction, readParameters } from "./action.ts";
import type { Fields, Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

export interface CompensationRead {
  /** Null: none, or one that can't be used. */
  compensation: Compensation | null;
  action: ActionDescription | null;
  /** Null where the step says nothing of it. */
  at: number | null;
  parameters: SourceNode | null;
}

interface Asked {
  fields: Fields;
  catalogue: ActionCatalogue;
  reader: Reader;
}

export function readCompensation({ fields: step, catalogue, reader }: Asked): CompensationRead {
  const node = step.get("compensate");
  const none = { compensation: null, action: null, at: node?.at ?? null, parameters: null };
  const names = { what: "compensate", keys: ["agent", "action", "parameters"], emptyable: ["parameters"] };
  const fields = node === null ? null : reader.fields(node, names);
  if (fields === null) return none;
  const { name, action } = readAction({ fields, what: "compensate", catalogue, reader });
  const parametersNode = fields.get("parameters");
  const parameters = readParameters({ node: parametersNode, at: fields.at, action, reader });
  const isWhole = name !== null && action !== null && parameters !== null;
  return {
    ...none,
    compensation: isWhole ? { agent: name, action: action.action, parameters } : null,
    action: actionWith(action, parameters),
    parameters: parametersNode,
  };
}
