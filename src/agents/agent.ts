/**
 * The agent port: named, schema-checked units of work.
 *
 * Job: answer an action. Non-job: no sending. The execution agent returns planned effects; the engine has them performed
 * by notifiers, so an approval can show and hash them and no model ever holds a send button.
 */
import type { ActionDescription } from "../flow/action.ts";
import type { Case, Finding } from "../flow/case.ts";
import type { Customer } from "../flow/customer.ts";
import type { Observation } from "../flow/decide-case.ts";
import type { PlannedEffect } from "../flow/effect.ts";
import type { Filter } from "../flow/filter.ts";
import type { AgentName } from "../flow/flow.ts";
import type { Json, JsonObject } from "../flow/json.ts";
import type { Usage } from "../flow/usage.ts";

/** One finished step that the asking step depends on, directly or not; nearest predecessor first. */
export interface StepOutput {
  stepId: string;
  action: string | null;
  output: Json;
}

export interface ActionRequest {
  action: string;
  parameters: JsonObject;
  customer: Customer | null;
  outputs: StepOutput[];
  context: {
    executionId: string;
    stepId: string;
    /** From 1. */
    attempt: number;
    /** `executionId/stepId`, the same over all attempts. */
    idempotencyKey: string;
    /** The recorded clock, milliseconds. */
    now: number;
    /** The flow's zone. */
    timezone: string;
    variables: JsonObject;
  };
  signal: AbortSignal;
}

export interface ActionAnswer {
  output: Json;
  /** Only the execution agent's; empty elsewhere. */
  effects: PlannedEffect[];
  /** Left out: no model was asked. */
  usage?: Usage;
}

export interface Agent {
  readonly name: AgentName;
  readonly actions: readonly ActionDescription[];
  /** Throws `FailureError`, with the usage until then; the answer's output fits the action's output schema. */
  invoke(request: ActionRequest): Promise<ActionAnswer>;
}

/** What flows are checked against and the engine calls: all three agents. */
export type Agents = Readonly<Record<AgentName, Agent>>;

/**
 * Customers for filters, the command line and Slack; the data agent's own view of the customer source.
 * `retrieve_customer_data` and the rest go through `invoke`.
 */
export interface CustomerDirectory {
  get(parameters: { customerId: string; signal?: AbortSignal }): Promise<Customer | null>;
  /** By id or by name, case and outer spaces aside; several where a name is shared. */
  find(parameters: { text: string; signal?: AbortSignal }): Promise<Customer[]>;
  /**
   * All, in the order of their ids; pages of at most 1,000. With a hint the source may leave out who can't match; whoever asks
   * evaluates the filter on the rest.
   */
  all(parameters?: { hint?: FilterHint | undefined; signal?: AbortSignal | undefined }): AsyncIterable<Customer[]>;
  /** How many `all` gives without a hint; a source that makes no use of hints needs none. */
  count?(parameters?: { signal?: AbortSignal | undefined }): Promise<number>;
}

/** The book knows by itself what became of the question that was asked last. */
export type Assessment = Omit<Observation, "type" | "isUnanswered">;

/** Where actions keep what is open about customers; src/flow/decide-case.ts has the rules. */
export interface CaseBook {
  /** The same key is told the same again. Null: there is no case. */
  observe(assessment: Assessment): Promise<Finding | null>;
  /** Opened last first; `open`: all but the closed ones. */
  all(parameters: { open: boolean }): AsyncIterable<Case[]>;
  /** Closes it where its customer has churned, renewed or gone (null); says whether it did. */
  review(parameters: {
    record: Case;
    now: Pick<Observation, "customer" | "hasChurned"> | null;
    at: number;
  }): Promise<boolean>;
}

/** The filter, and the clock and zone that it is evaluated with. */
export interface FilterHint {
  filter: Filter;
  now: number;
  timezone: string;
}
