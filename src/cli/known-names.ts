/** What a wrong name is told. */
import type { Problem } from "../flow/flow-file.ts";
import { nearest } from "../flow/nearest.ts";
import { CommandError } from "./errors.ts";

/** A flow whose file has problems isn't loaded, which is the likeliest reason. */
export function unknownFlow(parameters: {
  flowId: string;
  known: readonly string[];
  problems: readonly Problem[];
}): CommandError {
  const { flowId, known, problems } = parameters;
  const files = new Set(problems.filter(({ severity }) => severity === "error").map(({ file }) => file));
  const hint =
    files.size === 0
      ? ""
      : ` ${files.size === 1 ? "A file has" : `${files.size} files have`} problems: npx revops validate.`;
  return new CommandError([`There is no flow ${flowId}.${hint}`], nearest(flowId, known));
}
