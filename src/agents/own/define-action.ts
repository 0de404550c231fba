/**
 * An action of one's own, as a file of the folder `actions` exports it (docs/library.md).
 *
 * Job: hold what the author says, and check each call on the way in and out as the product's actions are. Non-job: sending: an
 * action of the execution agent plans effects, and no other agent's may (DESIGN §3).
 */
import { z } from "zod";
import { PlannedEffect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import { AgentName, identifier } from "../../flow/flow.ts";
import type { ActionRequest } from "../agent.ts";
import { checked } from "../local/checked.ts";
import { defineAction as localAction, type LocalAction } from "../local/local-agent.ts";

/** `Given`: what a step writes; `Parameters`: the same with its defaults. */
export interface OwnActionDefinition<Agent extends AgentName, Name extends string, Given, Parameters, Output> {
  agent: Agent;
  /** Small letters, digits and `_`; no action of the product has it. */
  action: Name;
  /** One line: what it is for. */
  description: string;
  /** A `z.strictObject`: what a step may give it. */
  parameters: z.ZodType<Parameters, Given>;
  output: z.ZodType<Output>;
  /** Actions whose outputs it looks for among the steps before it, the nearest first; `required`: a flow without one is refused. */
  reads?: readonly { action: string; required: boolean }[];
  /** It needs the execution's customer, so that its flow gets the input `customer_id` (false). */
  readsCustomer?: boolean;
  /** Throws `FailureError`; anything else thrown counts as `Agent.Unavailable` and is tried again. */
  run: (parameters: Parameters, request: ActionRequest) => OwnAnswer<Output> | Promise<OwnAnswer<Output>>;
}

export interface OwnAnswer<Output> {
  output: Output;
  /** Of the execution agent alone: what the engine has performed, once it may. */
  effects?: readonly PlannedEffect[];
}

/** The types are what `ActionTypesOf` reads. */
export class OwnAction<
  Agent extends AgentName = AgentName,
  Name extends string = string,
  Given = unknown,
  Output = unknown,
> {
  readonly agent: Agent;
  readonly action: Name;
  readonly parameters: z.ZodType<unknown, Given>;
  readonly output: z.ZodType<Output>;
  readonly local: LocalAction;

  constructor(named: {
    agent: Agent;
    action: Name;
    parameters: z.ZodType<unknown, Given>;
    output: z.ZodType<Output>;
    local: LocalAction;
  }) {
    this.agent = named.agent;
    this.action = named.action;
    this.parameters = named.parameters;
    this.output = named.output;
    this.local = named.local;
  }
}

/** Of what a file exports, the actions. */
export function ownActionsIn(exports: Readonly<Record<string, unknown>>): OwnAction[] {
  return Object.values(exports).filter((value) => value instanceof OwnAction);
}

/** What a program's `interface ActionTypes` says of it: `score_health: ActionTypesOf<typeof scoreHealth>`. */
export type ActionTypesOf<Action> =
  Action extends OwnAction<infer Agent, string, infer Given, infer Output>
    ? { agent: Agent; parameters: Plain<Given>; output: Plain<Output> }
    : never;

/** As JSON has it: what is left out is not there, rather than undefined. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T;

/** Throws where the definition can't be used, with what is wrong in it. */
export function defineAction<const Agent extends AgentName, const Name extends string, Given, Parameters, Output>(
  named: OwnActionDefinition<Agent, Name, Given, Parameters, Output>,
): OwnAction<Agent, Name, Given, Output> {
  const problem = problemOf(named);
  if (problem !== null) throw new Error(problem);
  const { agent, action, description, output, reads = [], readsCustomer = false } = named;
  const parameters = named.parameters.describe(description);
  const local = localAction({
    agent,
    action,
    parameters,
    output,
    reads: reads.map((read) => ({ ...read })),
    plansEffects: agent === "execution_agent",
    readsCustomer,
    run: async (given, request) => {
      const answer = await named.run(given, request);
      return { output: answer.output, effects: plannedBy(named, answer.effects ?? []) };
    },
  });
  return new OwnAction({ agent, action, parameters, output, local });
}

/** As a file without types might have it, too. */
function problemOf(
  named: Record<"agent" | "action" | "description" | "parameters" | "output" | "run", unknown>,
): string | null {
  const { agent, action, description, parameters, output, run } = named;
  const shown = JSON.stringify(action);
  if (typeof action !== "string" || !identifier.test(action))
    return `an action is named in small letters, digits and _, such as score_health, not ${shown}`;
  if (!AgentName.safeParse(agent).success)
    return `${action} belongs to one of ${AgentName.options.join(", ")}, not to ${JSON.stringify(agent)}`;
  if (typeof description !== "string" || description.trim() === "")
    return `${action} needs a description: one line that says what it is for`;
  if (!(parameters instanceof z.ZodObject) || !(parameters.def.catchall instanceof z.ZodNever))
    return `the parameters of ${action} are a z.strictObject, so that a misspelt one is told when a flow is loaded`;
  if (!(output instanceof z.ZodType)) return `the output of ${action} is a zod schema`;
  return typeof run === "function" ? null : `${action} needs a function, run`;
}

function plannedBy(
  { agent, action }: { agent: AgentName; action: string },
  effects: readonly PlannedEffect[],
): PlannedEffect[] {
  if (effects.length > 0 && agent !== "execution_agent")
    throw invalid(`${action} is an action of ${agent} and plans effects; only those of execution_agent may.`);
  if (new Set(effects.map(({ target }) => target)).size < effects.length)
    throw invalid(`${action} plans two effects with one target: they could not be told apart.`);
  const what = `An effect that ${action} plans is not right`;
  return effects.map((value) => checked(PlannedEffect, { value, error: "Agent.InvalidOutput", what }));
}

function invalid(cause: string): FailureError {
  return new FailureError({ error: "Agent.InvalidOutput", cause });
}
