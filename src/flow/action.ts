/** Actions as flows see them: what a flow file is checked against when it is loaded. */
import type { z } from "zod";
import type { AgentName } from "./flow.ts";
import type { JsonObject } from "./json.ts";

/** What is known of an action before it runs: flows are checked against it when they are loaded. */
export interface ActionDescription {
  agent: AgentName;
  action: string;
  /** Of `parameters`, after expressions are evaluated. */
  parameters: z.ZodType;
  output: z.ZodType;
  /** Finds what it needs among the outputs of these actions, the nearest predecessor first; `or` does as well. */
  reads: { action: string; or?: string; required: boolean; why?: string }[];
  plansEffects: boolean;
  readsCustomer: boolean;
  /** What it needs, and reads of the customer, with these parameters besides; left out: nothing more. */
  given?: (parameters: JsonObject) => Pick<ActionDescription, "reads" | "readsCustomer">;
  /** Why no flow can use it here, as the app is set up; left out: it can be used. */
  unavailable?: string | undefined;
}

export type ActionCatalogue = readonly ActionDescription[];
