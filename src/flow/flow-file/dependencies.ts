/** Which steps a step comes after. Whether they exist is checked in `step-graph.ts`. */
import type { Dependency } from "../flow.ts";
import type { Reader } from "./reader.ts";
import type { SourceNode } from "./source.ts";

export type DependencySource = Dependency & { at: number };

export function readDependencies(node: SourceNode | null, reader: Reader): DependencySource[] {
  if (node === null) return [];
  return reader.list(node).flatMap((item) => {
    if (item.kind !== "map") {
      const step = reader.text(item, "depends_on");
      return step === null ? [] : [{ step, optional: false, at: item.at }];
    }
    const fields = reader.fields(item, { what: "a dependency", keys: ["step", "optional"] });
    const stepNode = fields?.get("step") ?? null;
    if (fields === null) return [];
    if (stepNode === null) {
      reader.report.error(item.at, "a dependency needs a step: { step: …, optional: true }");
      return [];
    }
    const step = reader.text(stepNode, "step");
    const optionalNode = fields.get("optional");
    const optional = optionalNode === null ? false : reader.flag(optionalNode, "optional") === true;
    return step === null ? [] : [{ step, optional, at: stepNode.at }];
  });
}
