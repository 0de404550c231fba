/** The customer filter of a trigger, as a flow that is loaded has it. */
import { compileFilter, type Filter } from "../flow/filter.ts";
import type { FlowDefinition } from "../flow/flow.ts";

/** Null: every customer. A flow was checked when it was loaded, so what it says compiles. */
export function triggerFilter(definition: FlowDefinition, predicates: string[] | null): Filter | null {
  if (predicates === null) return null;
  const compiled = compileFilter({ predicates });
  if (compiled.ok) return compiled.filter;
  throw new Error(`The filter of ${definition.flow_id}: ${compiled.problems[0]?.message ?? "unreadable"}`);
}
