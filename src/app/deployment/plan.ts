/** What a deployment would do, as deployment/main.ts tells it: the agreement between that process and the terminal. */
import { z } from "zod";

const Change = z.enum(["new", "changed", "unchanged", "gone"]);

export const Plan = z.strictObject({
  name: z.string(),
  engine: z.enum(["stepfunctions", "embedded"]),
  /** When what it is compared with was deployed from this folder, ISO 8601; null: never. */
  compared_with: z.string().nullable(),
  stacks: z.array(
    z.strictObject({
      stack: z.string(),
      change: Change,
      /** Logical ids in their template, with the resource's type. */
      added: z.array(z.string()),
      changed: z.array(z.string()),
      removed: z.array(z.string()),
    }),
  ),
  flows: z.array(
    z.strictObject({
      flow_id: z.string(),
      version: z.string(),
      machine: z.string(),
      change: Change,
      schedules: z.array(
        z.strictObject({ expression: z.string(), timezone: z.string(), starts: z.enum(["flow", "batch"]) }),
      ),
      added_waits: z.array(z.strictObject({ waits: z.string(), for: z.string() })),
      notes: z.array(z.strictObject({ step: z.string().nullable(), message: z.string() })),
      /** Of one execution in which every step runs once. */
      transitions: z.number(),
      events: z.number(),
      definition_bytes: z.number(),
      /** US dollars for a thousand executions' transitions. */
      cost_per_thousand: z.number(),
    }),
  ),
  /** US dollars a month for what stands there whether or not anything runs. */
  standing_cost: z.number(),
});
export type Plan = z.infer<typeof Plan>;

/** What the process writes on its standard output, as its only line. */
export const Told = z.discriminatedUnion("ok", [
  /** Null: nothing was planned, something was done. */
  z.strictObject({ ok: z.literal(true), plan: Plan.nullable() }),
  z.strictObject({ ok: z.literal(false), problems: z.array(z.string()).min(1) }),
]);
export type Told = z.infer<typeof Told>;
