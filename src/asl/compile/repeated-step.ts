/**
 * A step for each item of a list: an inline Map. Its items try again each by themselves; the first that fails ends the Map,
 * which starts no further ones, or with `on_error: continue` leaves `{ error, cause }` in its place.
 */
import type { AgentStep, FlowStep } from "../../flow/flow.ts";
import type { Json } from "../../flow/json.ts";
import { attemptTimeout, doubtTask, functionOf } from "./agent-step.ts";
import { fieldsOf, sourceOf } from "./expressions.ts";
import { catchAll, caught } from "./failures.ts";
import { flowOutput, startTask } from "./flow-step.ts";
import { branch, jsonata, quoted, type Catcher, type Fragment, type State } from "./machine.ts";
import { attemptOf, call, tries } from "./requests.ts";
import { mostItems } from "./repetitions.ts";
import { recorded } from "./scope.ts";
import { named, onlySource, type Place } from "./place.ts";

/** What an inline Map runs at once. */
const mostAtOnce = 40;

export function repeatedWork(place: Place, step: AgentStep | FlowStep, list: string): Fragment {
  const { compilation, scope, next, failed } = place;
  const { id: stepId } = step;
  if (step.max_concurrency !== null && step.max_concurrency > mostAtOnce) {
    const message = `runs ${mostAtOnce} items at once instead of ${step.max_concurrency}: a Map has no more`;
    compilation.notes.push({ step: stepId, message });
  }
  const map: State = {
    Type: "Map",
    Items: jsonata(itemsOf(place, stepId, list)),
    ItemSelector: {
      item: jsonata("$states.context.Map.Item.Value"),
      index: jsonata("$states.context.Map.Item.Index"),
    },
    MaxConcurrency: Math.min(step.max_concurrency ?? mostAtOnce, mostAtOnce),
    ItemProcessor: { ProcessorConfig: { Mode: "INLINE" }, ...branch(itemStates(place, step)) },
    Catch: catchAll("Step.Lost", failed),
    ...recorded(scope, { stepId, result: collected, next }),
  };
  return { entry: stepId, states: [[stepId, map]] };
}

/** A list within a list stays one: `[$value]` would take it apart. */
const collected =
  '{ "status": "succeeded", "output": $reduce($states.result, function($all, $one) ' +
  '{ $append($all, $type($one.output) = "array" ? [[$one.output]] : [$one.output]) }, []), "effects": $sum([$states.result.effects]) }';

/** A single value is a list of one, null an empty one. */
function itemsOf({ sight }: Place, stepId: string, list: string): string {
  const source = onlySource(list);
  const missing = `$error("Expression" & ".Undefined: $" & "{" & ${quoted(source)} & "} has no value.")`;
  const tooMany = `$error("Input" & ${quoted(`.Invalid: ${stepId} would repeat for more than ${mostItems} items.`)})`;
  return (
    `( $items := ${sourceOf(source, sight.reading)}; $not($exists($items)) ? ${missing} : $items = null ? []` +
    ` : $type($items) != "array" ? [$items] : $count($items) > ${mostItems} ? ${tooMany} : $items )`
  );
}

function itemStates(place: Place, step: AgentStep | FlowStep): Fragment {
  const item = named(step.id, "item");
  const failed = named(step.id, "item failed");
  const inside: Place = { ...place, failed };
  const work = step.kind === "agent" ? agentItem(inside, step, item) : flowItem(inside, step, item);
  return { entry: item, states: [...work, [failed, failedItem(step)]] };
}

/** The index goes along, as nothing else knows it at the end. */
function catchItem(otherwise: "Step.Lost" | "Flow.Failed", next: string): Catcher[] {
  const Output = { ...caught(otherwise), index: jsonata("$states.input.index") };
  return [{ ErrorEquals: ["States.ALL"], Output, Next: next }];
}

function failedItem(step: AgentStep | FlowStep): State {
  if (step.on_error === "continue") {
    const output: Json = { error: jsonata("$states.input.error"), cause: jsonata("$states.input.cause") };
    return { Type: "Pass", Output: { output, effects: 0 }, End: true };
  }
  const cause = '"Item " & $string($states.input.index + 1) & ": " & $states.input.cause';
  return { Type: "Fail", Error: jsonata("$states.input.error"), Cause: jsonata(cause) };
}

function agentItem(place: Place, step: AgentStep, name: string): [string, State][] {
  const { compilation, sight, failed } = place;
  const parameters = fieldsOf(step.parameters, sight.reading);
  const index = jsonata("$states.input.index");
  const payload = attemptOf(compilation, { stepId: step.id, index, parameters, outputs: sight.outputs });
  const task: State = {
    ...call(functionOf(step), payload),
    ...attemptTimeout(place, step),
    Retry: tries(compilation, step.id, { policy: step.retry }),
    Catch: catchItem("Step.Lost", failed),
  };
  const given = {
    output: jsonata("$states.result.Payload.output"),
    effects: jsonata("$states.result.Payload.effects"),
  };
  if (functionOf(step) === "actions") return [[name, { ...task, Output: given, End: true }]];
  const [arrived, done, doubt] = [
    named(step.id, "item arrived"),
    named(step.id, "item done"),
    named(step.id, "item in doubt"),
  ];
  const answer = jsonata('$merge([$states.result.Payload, { "index": $states.input.index }])');
  return [
    [name, { ...task, Output: answer, Next: arrived }],
    [
      arrived,
      {
        Type: "Choice",
        Choices: [{ Condition: jsonata('$states.input.state = "doubt"'), Next: doubt }],
        Default: done,
      },
    ],
    [
      done,
      {
        Type: "Pass",
        Output: { output: jsonata("$states.input.output"), effects: jsonata("$states.input.effects") },
        End: true,
      },
    ],
    [
      doubt,
      {
        ...doubtTask(place, step.id, index),
        Catch: catchItem("Step.Lost", failed),
        Output: { output: jsonata("$states.result.output"), effects: jsonata("$states.result.effects") },
        End: true,
      },
    ],
  ];
}

function flowItem(place: Place, step: FlowStep, name: string): [string, State][] {
  const Output = { output: jsonata(flowOutput), effects: 0 };
  const task: State = {
    ...startTask(place, step, "$states.input.index"),
    Catch: catchItem("Flow.Failed", place.failed),
    Output,
    End: true,
  };
  return [[name, task]];
}
