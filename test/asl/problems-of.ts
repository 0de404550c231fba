/** What the interpreter's own rules say against a machine: quick. The whole gate is asked about the golden ones. */
import { admit, InvalidDefinition } from "../stepfunctions/interpreter/machine-rules.ts";

export function problemsOf(machine: unknown): string[] {
  try {
    admit(JSON.parse(JSON.stringify(machine)));
    return [];
  } catch (error) {
    if (error instanceof InvalidDefinition) return [...error.problems];
    throw error;
  }
}
