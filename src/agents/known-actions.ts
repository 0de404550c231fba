/**
 * What is known of each action as a type: what it takes, what it gives. The product's come from their schemas; one's own are
 * added to `ActionTypes` by declaration merging (docs/library.md).
 */
import type { BuiltInActionTypes } from "./action-types.ts";

/** By name. */
export interface ActionTypes extends BuiltInActionTypes {}

export type ActionName = keyof ActionTypes;

export type OutputOf<Action> = Action extends ActionName ? ActionTypes[Action]["output"] : unknown;

/** A text with at least one `${…}` in it. */
export type Expression = `${string}$\{${string}}${string}`;

/** A value as a flow may write it: wherever one may stand, so may an expression that gives it. */
export type Written<T> = T extends string
  ? string extends T
    ? string
    : T | Expression
  : T extends number | boolean
    ? T | Expression
    : T extends readonly (infer Item)[]
      ? Written<Item>[] | Expression
      : T extends object
        ? { [Key in keyof T]: Written<T[Key]> } | Expression
        : T;

/** An action with its own agent and parameters, of all that are known. */
export type KnownCall = {
  [Action in ActionName]: KnownCallOf<Action, ActionTypes[Action]["parameters"]>;
}[ActionName];

/** `parameters` may be left out where none is needed. */
type KnownCallOf<Action extends ActionName, Parameters> = {
  agent: ActionTypes[Action]["agent"];
  action: Action;
} & (Parameters extends Record<string, never>
  ? { parameters?: Parameters }
  : Partial<Parameters> extends Parameters
    ? { parameters?: WrittenFields<Parameters> }
    : { parameters: WrittenFields<Parameters> });

type WrittenFields<Parameters> = { [Key in keyof Parameters]: Written<Parameters[Key]> };

/** Each field within a value, by its path: `usage_metrics.utilization`. */
export type PathIn<T> = T extends readonly unknown[]
  ? never
  : T extends object
    ? { [Key in keyof T & string]: Key | `${Key}.${PathIn<NonNullable<T[Key]>>}` }[keyof T & string]
    : never;
