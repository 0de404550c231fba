/** What a step of type `flow` says: which other flow, and what that one is given. Whether it fits is known beside the other flows (`sub-flows.ts`). */
import type { FlowStep } from "../flow.ts";
import type { Fields, Reader } from "./reader.ts";
import { asMap, kindOf } from "./reader.ts";
import type { SourceNode } from "./source.ts";
import { toJson } from "./source.ts";

/** Where a flow step says what, for the problems that show beside the other flows. */
export interface SubFlowPlaces {
  flowId: number;
  inputs: ReadonlyMap<string, number>;
}

/** A flow step's `flow_id`, or one of its inputs. */
export interface SubFlowPlace {
  step: string;
  input: string | null;
}

interface Asked {
  fields: Fields;
  /** The flow's own id, null where it can't be read. */
  flowId: string | null;
  reader: Reader;
}

interface Read {
  call: Pick<FlowStep, "flow_id" | "input"> | null;
  places: SubFlowPlaces;
}

export function readFlowCall({ fields, flowId, reader }: Asked): Read {
  const idNode = fields.get("flow_id");
  const inputNode = fields.get("input");
  if (idNode === null) reader.report.error(fields.at, "a step of type flow needs a flow_id, the flow that it starts");
  const flow_id = idNode === null ? null : reader.id(idNode, "flow_id");
  if (idNode !== null && flow_id !== null && flow_id === flowId) {
    reader.report.error(idNode.at, `${flow_id} can't start itself: it would never end`);
  }
  const input = readInput(inputNode, reader);
  const entries = asMap(inputNode)?.entries ?? [];
  return {
    call: flow_id === null || input === null ? null : { flow_id, input },
    places: { flowId: idNode?.at ?? fields.at, inputs: new Map(entries.map(({ key, keyAt }) => [key, keyAt])) },
  };
}

/** An input without a value isn't given. */
function readInput(node: SourceNode | null, reader: Reader): FlowStep["input"] | null {
  if (node === null) return {};
  if (node.kind !== "map") {
    reader.report.error(node.at, `input must be a mapping of names to values, not ${kindOf(node)}`);
    return null;
  }
  const values = node.entries.flatMap(({ key, keyAt, value }) => {
    const name = reader.id(
      { kind: "scalar", at: keyAt, value: key, written: key, place: () => keyAt },
      "an input's name",
    );
    return name === null ? [] : [[name, toJson(value)] as const];
  });
  return Object.fromEntries(values);
}
