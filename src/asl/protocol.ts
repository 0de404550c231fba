/**
 * What a compiled state machine says to the two Lambda functions and what they answer: the one agreement between the compiler,
 * the handlers and the engine over Step Functions.
 *
 * The machine decides what runs next (run rules, retries, catch, waits, joins). A handler makes one attempt of one thing and
 * records it in the execution's event log under the same keys as the embedded engine, so that cards, history, effects and
 * audit come from the same store by the same code. A request that was answered before gets the recorded answer (E2).
 */
import { z } from "zod";
import { Json, JsonObject } from "../flow/json.ts";
import { Identifier } from "../flow/flow.ts";

/** Stand for ARNs in what the compiler writes; the deployment fills them in. `StateMachine_` is followed by a flow_id. */
export const placeholders = {
  actions: "${ActionsFunction}",
  effects: "${EffectsFunction}",
  stateMachine: (flowId: string): string => `\${StateMachine_${flowId}}`,
} as const;

/** In the input of a sub-flow's execution: who has started it. The service's console links the two by the same field. */
export const startedByField = "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID";

/** In every request. */
const about = {
  /** The execution's name, which is our execution id wherever we started it. */
  execution_id: z.string().min(1).max(80),
  /** Of the definition that the machine was compiled from (D4). */
  flow_id: Identifier,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
};

const ofStep = { ...about, step_id: Identifier };

/** Of finished steps that the asking step depends on, directly or not; nearest predecessor first. */
const Outputs = z.array(z.strictObject({ step_id: Identifier, action: z.string().nullable(), output: Json }));

/** One attempt; `index`: its place in `for_each`, else null. */
export const StepRequest = z.strictObject({
  kind: z.literal("step"),
  ...ofStep,
  index: z.number().int().nonnegative().nullable(),
  /** From 1. */
  attempt: z.number().int().positive(),
  parameters: JsonObject,
  outputs: Outputs,
});
export type StepRequest = z.infer<typeof StepRequest>;

/** To the actions function: what agents do, and reading. */
export const ActionsRequest = z.discriminatedUnion("kind", [
  /** The first state: checks the input, reads the customer once, records the start. `input` is the execution's, as given. */
  z.strictObject({ kind: z.literal("begin"), ...about, input: JsonObject, started_at: z.string() }),
  /** Of a data or decision agent's step. */
  StepRequest,
  /** By task token: waits until the execution has its places (`concurrency`, `overlap: queue`). */
  z.strictObject({ kind: z.literal("turn"), ...about, task_token: z.string() }),
  /** One page of the customers whom a trigger's filter matches, with the id of the execution that each gets. */
  z.strictObject({
    kind: z.literal("find_customers"),
    flow_id: Identifier,
    hash: about.hash,
    trigger: z.number().int().nonnegative(),
    /** The instant of the firing, ISO 8601. */
    scheduled_at: z.string(),
    /** Null: the first page. */
    after: z.string().nullable(),
  }),
  /** Everything has ended: records what the machine knows better than the log (skips, the end itself). */
  z.strictObject({
    kind: z.literal("end"),
    ...about,
    status: z.enum(["succeeded", "failed"]),
    outcome: z.enum(["completed", "rejected", "expired", "nothing_to_do"]).nullable(),
    steps: z.record(
      Identifier,
      z.lazy(() => StepResult),
    ),
  }),
]);
export type ActionsRequest = z.infer<typeof ActionsRequest>;

/** To the effects function: whatever people or the outside world notice. */
export const EffectsRequest = z.discriminatedUnion("kind", [
  /** Of the execution agent's step: plans, or takes the stored plan (A3), and performs. */
  StepRequest,
  /** By task token: waits until a person has answered the doubt about this step's effects. */
  z.strictObject({
    kind: z.literal("doubt"),
    ...ofStep,
    index: z.number().int().nonnegative().nullable(),
    task_token: z.string(),
  }),
  /** By task token: asks, stores the token (it never leaves the server) and the plan of what follows. */
  z.strictObject({
    kind: z.literal("approval"),
    ...ofStep,
    /** References, null ones dropped. */
    approvers: z.array(z.string()),
    outputs: Outputs,
    /** The second asking, after `on_timeout: escalate`. */
    escalated: z.boolean(),
    task_token: z.string(),
  }),
  /** The approval's time is over: records it, unless a decision came first; answers with what is recorded. */
  z.strictObject({ kind: z.literal("approval_timeout"), ...ofStep, escalated: z.boolean() }),
  /** The first free instant for `late: shift`. */
  z.strictObject({ kind: z.literal("shift"), ...ofStep, parameters: JsonObject, outputs: Outputs }),
  /** One step taken back, `on_error: compensate`; `output` is the step's own. */
  z.strictObject({
    kind: z.literal("compensate"),
    ...ofStep,
    parameters: JsonObject,
    output: Json,
  }),
  /** The flow's `failure_notification`, and the card that offers Redrive. */
  z.strictObject({
    kind: z.literal("failure"),
    ...about,
    to: z.string().nullable(),
    failures: z.array(z.strictObject({ step_id: Identifier, error: z.string(), cause: z.string() })),
  }),
]);
export type EffectsRequest = z.infer<typeof EffectsRequest>;

/** How a step stands in the machine's own books, in the variable `steps`, by step id. */
export const StepResult = z.discriminatedUnion("status", [
  z.strictObject({
    status: z.literal("succeeded"),
    output: Json,
    /** Effects that were performed, for `nothing_to_do`. */
    effects: z.number().int().nonnegative(),
  }),
  z.strictObject({ status: z.literal("failed"), error: z.string(), cause: z.string() }),
  z.strictObject({ status: z.literal("skipped"), reason: z.enum(["condition", "upstream", "late"]) }),
]);
export type StepResult = z.infer<typeof StepResult>;

/** Answers, by the request's kind. A failure is thrown: `errorType` is one of `errorNames`, `errorMessage` the sentence. */
export const answers = {
  /** The roots of expressions but for the steps: `customer`, `input`, `execution`, `flow`, `batch` and the variables. */
  begin: z.strictObject({
    roots: JsonObject,
    /** Others have the places that it needs: it is to wait for its turn. */
    queued: z.boolean(),
  }),
  /** Sent with the token. */
  turn: z.strictObject({}),
  step: z.discriminatedUnion("state", [
    z.strictObject({ state: z.literal("done"), output: Json, effects: z.number().int().nonnegative() }),
    /** Nobody can know whether an effect arrived; the machine goes to the step's doubt, which waits by task token. */
    z.strictObject({ state: z.literal("doubt") }),
  ]),
  /** Sent with the token once answered. */
  doubt: z.strictObject({ output: Json, effects: z.number().int().nonnegative() }),
  /** Sent with the token, or answered by `approval_timeout`: the decision is the step's output (DESIGN §5). */
  approval: z.strictObject({
    output: z.looseObject({ decision: z.enum(["approved", "rejected", "expired"]) }),
    /** Whole new outputs of the steps that the approvers edited, by step id: downstream sees these. */
    edited: z.record(Identifier, Json),
  }),
  shift: z.strictObject({ until: z.string() }),
  find_customers: z.strictObject({
    customers: z.array(z.strictObject({ customer_id: z.string(), execution_id: z.string() })),
    /** Null: this was the last page. */
    after: z.string().nullable(),
  }),
  compensate: z.strictObject({ compensated: z.boolean(), cause: z.string().nullable() }),
  failure: z.strictObject({}),
  end: z.strictObject({}),
} as const;
