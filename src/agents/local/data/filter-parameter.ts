/** A filter as a parameter: one predicate or several, checked with the rest of the parameters, so already when a flow is loaded. */
import { z } from "zod";
import { compileFilter, type Filter } from "../../../flow/filter.ts";

/** The list that a single predicate stands for. */
export const FilterParameter = z
  .union([z.array(z.string().min(1)).min(1), z.string().min(1)])
  .superRefine((given, context) => {
    const compiled = compileFilter({ predicates: predicatesOf(given) });
    if (compiled.ok) return;
    for (const { predicate, message } of compiled.problems) {
      const path = typeof given === "string" ? [] : [predicate];
      context.addIssue({ code: "custom", message, path });
    }
  });

/** Of a parameter that was checked. */
export function filterOf(given: z.infer<typeof FilterParameter>): Filter {
  const compiled = compileFilter({ predicates: predicatesOf(given) });
  if (compiled.ok) return compiled.filter;
  throw new Error(`A filter that was checked can't be read: ${compiled.problems[0]?.message ?? ""}`);
}

function predicatesOf(given: string | readonly string[]): string[] {
  return typeof given === "string" ? [given] : [...given];
}
