/**
 * A flow as Amazon States Language: `compile(definition) → { machine, report, schedules, batch }`, or why it can't be.
 *
 * Pure and deterministic: the same definition gives the same text. Every step is a state of its own name; where the graph can't
 * be said by sequences and branches, a wait is added and reported (`strict` refuses it). What Step Functions can't do, or would
 * do otherwise without a word, is refused by name (`features.ts` has the table).
 */
import type { FlowDefinition } from "../flow/flow.ts";
import { toNodes } from "../flow/graph.ts";
import { batchMachine } from "./compile/batch.ts";
import { beginCompilation, type Remark } from "./compile/compilation.ts";
import { decompose, stepsIn, type AddedWait } from "./compile/decompose.ts";
import { estimate, historyWarnings, overHistory, type Estimate } from "./compile/estimates.ts";
import { beginState, endStates } from "./compile/frame.ts";
import type { Machine } from "./compile/machine.ts";
import { overQuotas } from "./compile/quotas.ts";
import { refusalsOf } from "./compile/refusals.ts";
import { repetitionsOf, tooManyItems } from "./compile/repetitions.ts";
import { schedulesOf, type Schedule } from "./compile/schedules.ts";
import { after, outermost } from "./compile/scope.ts";
import { literalsOverLimit, sizesOf, sizeWarnings, type Actions, type Sizes } from "./compile/sizes.ts";
import { treeStates } from "./compile/tree-states.ts";

export type { Remark } from "./compile/compilation.ts";
export type { Machine } from "./compile/machine.ts";
export type { Schedule } from "./compile/schedules.ts";
export type { Sizes } from "./compile/sizes.ts";

export interface CompileOptions {
  /** Refuse a graph that needs an added wait. */
  strict?: boolean;
  /** IANA; of schedules that name none. */
  timezone?: string;
  /** Whose outputs have schemas, for the report of sizes; left out: there is none. */
  actions?: Actions;
}

export interface Report {
  added: AddedWait[];
  /** What is otherwise on Step Functions, in words. */
  notes: Remark[];
  estimate: Estimate;
  sizes: Sizes | null;
}

export type Compiled =
  | { ok: true; machine: Machine; batch: Machine | null; schedules: Schedule[]; report: Report }
  | { ok: false; refusals: Remark[] };

export function compile(definition: FlowDefinition, options: CompileOptions = {}): Compiled {
  const repetitions = repetitionsOf(definition);
  const refusals = [...refusalsOf(definition), ...literalsOverLimit(definition), ...tooManyItems(repetitions)];
  if (refusals.length > 0) return { ok: false, refusals };
  const compilation = beginCompilation(definition);
  const { tree, added } = decompose(toNodes(definition.steps));
  if (options.strict === true && added.length > 0) return { ok: false, refusals: added.map(refusedWait) };
  const begun = { ...outermost };
  const end = endStates(compilation, after(begun, stepsIn(tree)));
  const steps = treeStates(compilation, tree, begun, end.entry);
  const begin = beginState(compilation, steps.entry);
  const { flow_id, version, timeout_ms } = definition;
  const machine: Machine = {
    Comment: `${flow_id} ${version}, definition ${compilation.hash}`,
    QueryLanguage: "JSONata",
    StartAt: begin.entry,
    ...(timeout_ms === null ? {} : { TimeoutSeconds: Math.min(99_999_999, Math.max(1, Math.ceil(timeout_ms / 1000))) }),
    States: Object.fromEntries([...begin.states, ...steps.states, ...end.states]),
  };
  const found = estimate(machine, repetitions);
  const over = [...overQuotas(machine), ...overHistory(found)];
  if (over.length > 0) return { ok: false, refusals: over };
  const { schedules, notes } = schedulesOf(definition, options.timezone ?? "UTC");
  const sizes = options.actions === undefined ? null : sizesOf(compilation, options.actions);
  compilation.notes.push(...notes, ...historyWarnings(found), ...(sizes === null ? [] : sizeWarnings(sizes)));
  const report = { added, notes: once(compilation.notes), estimate: found, sizes };
  return { ok: true, machine, batch: batchMachine(compilation), schedules, report };
}

function refusedWait(wait: AddedWait): Remark {
  const message = `would have to wait for ${wait.for}, on which it doesn't depend: sequences and branches alone can't say this graph`;
  return { step: wait.waits, message };
}

function once(remarks: Remark[]): Remark[] {
  const told = new Set<string>();
  return remarks.filter(({ step, message }) => {
    const key = JSON.stringify([step, message]);
    return !told.has(key) && told.add(key).has(key);
  });
}
