/**
 * One step as states: whether it runs at all, its work, and what is recorded of it. Every way through them records the step
 * once, in its branch's book; no failure leaves it.
 */
import type { Step } from "../../flow/flow.ts";
import { endsOf, type Compilation } from "./compilation.ts";
import { closedBy, surely } from "./conditions.ts";
import { fieldsOf, sourceOf } from "./expressions.ts";
import { catchAll } from "./failures.ts";
import { jsonata, targetsOf, type ChoiceRule, type Fragment, type State } from "./machine.ts";
import { named, onlySource, type Place } from "./place.ts";
import { call, ofStep, tries } from "./requests.ts";
import { placeOf, recorded, type Scope } from "./scope.ts";
import { sightOf } from "./sight.ts";
import { instantOf, plainInstant } from "./times.ts";
import type { Noted, Way } from "./way.ts";
import { agentWork } from "./agent-step.ts";
import { approvalWork } from "./approval-step.ts";
import { flowWork } from "./flow-step.ts";
import { repeatedWork } from "./repeated-step.ts";
import { waitWork } from "./wait-step.ts";

export function stepStates(compilation: Compilation, step: Step, scope: Scope, way: Way): Fragment {
  const sight = sightOf(compilation, step, scope);
  const failed = named(step.id, "failed");
  const place: Place = { compilation, scope, sight, next: way.next, failed };
  const work = workOf(place, step);
  const before = lookingStates(place, step, { work: work.entry, asks: way.asks });
  const states = [...before.states, ...work.states];
  states.push(...endings(place, step, way, states));
  return { entry: before.entry, states };
}

function workOf(place: Place, step: Step): Fragment {
  switch (step.kind) {
    case "agent":
      return step.for_each === null ? agentWork(place, step) : repeatedWork(place, step, step.for_each);
    case "flow":
      return step.for_each === null ? flowWork(place, step) : repeatedWork(place, step, step.for_each);
    case "approval":
      return approvalWork(place, step);
    case "wait":
      return waitWork(place, step);
    default:
      return step satisfies never;
  }
}

/** The two that record what didn't come to work, where something leads to them. */
function endings({ scope, failed }: Place, step: Step, way: Way, states: [string, State][]): [string, State][] {
  const reached = new Set(states.flatMap(([, state]) => targetsOf(state)));
  const found: [string, State][] = [];
  const skipped = named(step.id, "skipped");
  const noted = (end: Noted, result: string): State => {
    const past = way.past !== null && way.past.ends.has(end) ? way.past.to : null;
    const onward = recorded(scope, { stepId: step.id, result, next: past ?? way.next });
    return { Type: "Pass", ...onward, ...(past === null ? {} : { Output: { reason: "upstream" } }) };
  };
  if (reached.has(skipped) || !way.asks)
    found.push([skipped, noted("skipped", '{ "status": "skipped", "reason": $states.input.reason }')]);
  if (reached.has(failed)) {
    const result = '{ "status": "failed", "error": $states.input.error, "cause": $states.input.cause }';
    found.push([failed, noted("failed", result)]);
  }
  return found;
}

/** DESIGN §5, in this order: what it depends on, its condition, its time. What may fail is looked at where it can be caught. */
function lookingStates(place: Place, step: Step, { work, asks }: { work: string; asks: boolean }): Fragment {
  const condition = conditionRules(place, step);
  const time = timeRules(place, step, { when: condition.looked.when ?? null, work });
  const looked = { ...condition.looked, ...time.looked };
  const isLooked = Object.keys(looked).length > 0;
  const [first, then] = [asks ? upstreamRules(place, step) : [], [...condition.rules, ...time.rules]];
  const sure = condition.looked.when === undefined ? condition.rules : [];
  const before = isLooked ? [...first, ...sure] : [...first, ...then];
  const after = isLooked ? then.filter((rule) => !sure.includes(rule)) : [];
  const look = named(step.id, "looked at");
  const decided = named(step.id, "may run");
  const states: [string, State][] = [];
  if (isLooked) states.push([look, lookState(place, step, looked, decided)], [decided, onward(after, work)]);
  states.push(...time.states);
  const entry = isLooked ? look : work;
  if (before.length === 0) return { entry, states };
  const gate = named(step.id, isLooked ? "reached" : "may run");
  return { entry: gate, states: [[gate, onward(before, entry)], ...states] };
}

function onward(rules: ChoiceRule[], Default: string): State {
  return { Type: "Choice", Choices: rules, Default };
}

function lookState(place: Place, step: Step, looked: Record<string, string>, next: string): State {
  const found = named(step.id, "as found");
  return {
    Type: "Parallel",
    Comment: "Only here can a failing expression be caught",
    Arguments: looked,
    Branches: [{ StartAt: found, States: { [found]: { Type: "Pass", End: true } } }],
    Output: jsonata("$states.result[0]"),
    Catch: catchAll("Step.Lost", place.failed),
    Next: next,
  };
}

function upstreamRules({ compilation, scope }: Place, step: Step): ChoiceRule[] {
  const closed = step.depends_on.flatMap((dependency) => {
    const { step: id } = dependency;
    const condition = closedBy({ dependency, ends: endsOf(compilation, id), place: placeOf(scope, id) });
    return condition === null ? [] : [condition];
  });
  closed.push(...takenBackBefore({ compilation, scope }, step));
  if (closed.length === 0) return [];
  return [skip(step, "upstream", closed.join(" or "))];
}

/** While something is being taken back, nobody is asked any more. */
function takenBackBefore({ compilation, scope }: Pick<Place, "compilation" | "scope">, step: Step): string[] {
  if (step.kind !== "approval") return [];
  return compilation.definition.steps
    .filter((other) => "on_error" in other && other.on_error === "compensate" && isKnown(scope, other.id))
    .map(({ id }) => `${placeOf(scope, id)}.status = "failed"`);
}

function isKnown(scope: Scope, stepId: string): boolean {
  return scope.known.has(stepId) || (scope.outer !== null && isKnown(scope.outer, stepId));
}

function skip(step: Step, reason: "upstream" | "condition" | "late", condition: string): ChoiceRule {
  return { Condition: jsonata(condition), Output: { reason }, Next: named(step.id, "skipped") };
}

function conditionRules({ sight, failed }: Place, step: Step): { looked: { when?: string }; rules: ChoiceRule[] } {
  if (step.when === null) return { looked: {}, rules: [] };
  const source = onlySource(step.when);
  const expression = sourceOf(source, sight.reading);
  const sure = surely(source);
  const value = sure === null ? "$states.input.when" : expression;
  const rules = [skip(step, "condition", `(${value}) = false`)];
  if (sure !== "boolean") {
    const isMissing = `$exists(${value}) ? "Expression.Failed" : "Expression.Undefined"`;
    const cause = `\${${source}} failed: a condition must be true or false.`;
    const Output = { error: jsonata(isMissing), cause };
    rules.push({ Condition: jsonata(`$not((${value}) = true)`), Output, Next: failed });
  }
  return { looked: sure === null ? { when: jsonata(expression) } : {}, rules };
}

interface TimeRules {
  looked: Record<string, string>;
  rules: ChoiceRule[];
  states: [string, State][];
}

/** `when`: a condition that is looked at together with the time, which is asked only if it holds; `work`: the step's first state. */
function timeRules(place: Place, step: Step, { when, work }: { when: string | null; work: string }): TimeRules {
  if (step.due === null || step.late === "run") return { looked: {}, rules: [], states: [] };
  const at = plainInstant(step.due);
  const due = instantOf(step.due, step.id, place.sight.reading, "null");
  const isLate = at === null ? `( $due := ${due}; $due != null and $millis() > $due )` : `$millis() > ${at}`;
  const asked = when === null ? isLate : `(${when.slice(2, -2).trim()}) = true ? ${isLate} : false`;
  const looked = at === null ? { late: jsonata(asked) } : {};
  const condition = at === null ? "$states.input.late = true" : isLate;
  if (step.late === "skip") return { looked, rules: [skip(step, "late", condition)], states: [] };
  const shift = named(step.id, "shifted");
  return {
    looked,
    rules: [{ Condition: jsonata(condition), Next: shift }],
    states: shiftStates(place, step, { shift, work }),
  };
}

/** To the first working hour of whom it would reach, which the service knows. */
function shiftStates(place: Place, step: Step, { shift, work }: { shift: string; work: string }): [string, State][] {
  const { compilation, sight, failed } = place;
  const parameters = step.kind === "agent" && step.for_each === null ? fieldsOf(step.parameters, sight.reading) : {};
  const payload = { ...ofStep(compilation, "shift", step.id), parameters, outputs: sight.outputs };
  const wait = named(step.id, "shifted until");
  const asking: State = {
    ...call("effects", payload),
    Retry: tries(compilation, step.id),
    Catch: catchAll("Step.Lost", failed),
    Output: jsonata("$states.result.Payload"),
    Next: wait,
  };
  return [
    [shift, asking],
    [wait, { Type: "Wait", Timestamp: jsonata("$states.input.until"), Next: work }],
  ];
}
