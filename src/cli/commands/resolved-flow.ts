/** `flows FLOW --resolved`: a flow that extends another, as it comes out. */
import { stringify } from "yaml";
import type { Extension } from "../../flow/flow-extends.ts";
import type { Answer } from "../command.ts";
import { CommandError } from "../errors.ts";
import { loadedFlow } from "../known-names.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";

export async function resolvedFlow(session: Session, flowId: string): Promise<Answer> {
  const { definition, file, extension = null } = loadedFlow(session, flowId);
  if (extension === null)
    throw new CommandError([`${flowId} extends no other flow: ${plain(file ?? "a program")} is all there is to it.`]);
  const { document, flowId: from, ...changes } = extension;
  return {
    document: { flow_id: flowId, version: definition.version, file, extends: { flow_id: from, ...changes }, document },
    text: (paper) => [...headLines(extension).map((line) => paper.mark("dim", line)), stringify(document)].join("\n"),
  };
}

/** Comments of YAML, so that what is printed is a flow file. */
function headLines({ flowId, version, source, ...changes }: Extension): string[] {
  const words = (["replaced", "added", "removed"] as const).flatMap((kind) => {
    const ids = changes[kind];
    return ids.length === 0 ? [] : [`# ${kind}: ${ids.join(", ")}`];
  });
  return [`# From ${flowId} ${version} (${plain(source)})`, ...words];
}
