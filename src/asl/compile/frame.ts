/** What stands around a flow's steps: the beginning, how it ends, what is taken back, and who is told. */
import type { FlowDefinition } from "../../flow/flow.ts";
import { expressionOf, fieldsOf } from "./expressions.ts";
import { endsOf, stepOf, type Compilation } from "./compilation.ts";
import { surely } from "./conditions.ts";
import { jsonata, quoted, type Fragment, type State, type TaskState } from "./machine.ts";
import { about, call, callAndWait, ofStep, tries } from "./requests.ts";
import { named, onlySource } from "./place.ts";
import { outputAs, sightOf } from "./sight.ts";
import { editsKey, placeOf, type Scope } from "./scope.ts";

/** A step may be called so too; then the frame's own state says more. */
const free = ({ definition }: Compilation, name: string, otherwise: string): string =>
  definition.steps.some(({ id }) => id === name) ? otherwise : name;

export function beginState(compilation: Compilation, next: string): Fragment {
  const { definition } = compilation;
  const payload = {
    ...about(compilation, "begin"),
    input: jsonata("$states.context.Execution.Input"),
    started_at: jsonata("$states.context.Execution.StartTime"),
  };
  const actions = Object.fromEntries(
    definition.steps.map((step) => [step.id, step.kind === "agent" ? step.action : null]),
  );
  const state: TaskState = {
    ...call("actions", payload),
    Retry: tries(compilation, null),
    Assign: { roots: jsonata("$states.result.Payload.roots"), actions, steps: {} },
  };
  const entry = free(compilation, "begin", "begin execution");
  if (!mayQueue(definition)) return { entry, states: [[entry, { ...state, Next: next }]] };
  return {
    entry,
    states: [
      [entry, { ...state, Output: { queued: jsonata("$states.result.Payload.queued = true") }, Next: hasTurn }],
      [
        hasTurn,
        {
          Type: "Choice",
          Choices: [{ Condition: jsonata("$states.input.queued"), Next: waitsForTurn }],
          Default: next,
        },
      ],
      [
        waitsForTurn,
        {
          ...callAndWait("actions", about(compilation, "turn")),
          Retry: tries(compilation, null, { timesOut: false }),
          Next: next,
        },
      ],
    ],
  };
}

const hasTurn = "has its turn";
const waitsForTurn = "waits for its turn";

/** What the bot starts, it holds back until its turn; what begins without the bot waits in its own machine. */
function mayQueue({ concurrency, triggers }: FlowDefinition): boolean {
  return concurrency !== null || triggers.some(({ overlap }) => overlap === "queue");
}

/** `scope` knows every step. */
export function endStates(compilation: Compilation, scope: Scope): Fragment {
  const entry = "all ended";
  const end = free(compilation, "end", "end execution");
  const failed = free(compilation, "failed", "execution failed");
  const told = free(compilation, "failure", "failure told");
  const succeeded = free(compilation, "succeeded", "execution succeeded");
  const failing = compilation.order.filter((id) => !continues(compilation, id));
  const states: [string, State][] = [];
  const back = takingBack(compilation, scope, told);
  const choice: State = {
    Type: "Choice",
    Choices: [],
    Default: end,
    Assign: { outcome: jsonata(outcomeOf(compilation)) },
  };
  const hasFailedOnes = `function($id) { $lookup($steps, $id).status = "failed" }`;
  const failures = `[$filter([${failing.map(quoted).join(", ")}], ${hasFailedOnes}).${failureItem}]`;
  const compensating = failing.filter((id) => onError(compilation, id) === "compensate");
  if (back !== null) {
    const Condition = jsonata(compensating.map((id) => `${placeOf(scope, id)}.status = "failed"`).join(" or "));
    choice.Choices.push({ Condition, Assign: { failures: jsonata(failures) }, Next: back.entry });
  }
  const hasFailed = `"failed" in [${failing.map((id) => `${placeOf(scope, id)}.status`).join(", ")}]`;
  if (failing.length > 0) {
    choice.Choices.push({ Condition: jsonata(hasFailed), Assign: { failures: jsonata(failures) }, Next: told });
    states.push([entry, choice]);
  }
  states.push(...(back?.states ?? []));
  const failedEnd = named(end, "after failure");
  if (failing.length > 0) {
    states.push([told, failureState(compilation, failedEnd)]);
    states.push([failedEnd, endState(compilation, { status: "failed", outcome: null, next: failed })]);
    states.push([failed, { Type: "Fail", Error: jsonata("$failures[0].error"), Cause: jsonata("$failures[0].cause") }]);
  }
  if (failing.length === 0) {
    states.push([entry, { Type: "Pass", Assign: { outcome: jsonata(outcomeOf(compilation)) }, Next: end }]);
  }
  states.push([end, endState(compilation, { status: "succeeded", outcome: jsonata("$outcome"), next: succeeded })]);
  states.push([
    succeeded,
    { Type: "Succeed", Output: { outcome: jsonata("$outcome"), outputs: outputsOf(compilation, scope) } },
  ]);
  return { entry, states };
}

const failureItem = '{ "step_id": $, "error": $lookup($steps, $).error, "cause": $lookup($steps, $).cause }';

function onError(compilation: Compilation, id: string): string {
  const step = stepOf(compilation.definition, id);
  return "on_error" in step ? step.on_error : "fail";
}

const continues = (compilation: Compilation, id: string): boolean => onError(compilation, id) === "continue";

/** DESIGN §5, "How an execution ends". */
function outcomeOf({ definition }: Compilation): string {
  const approvals = definition.steps
    .filter(({ kind }) => kind === "approval")
    .map(({ id }) => `$steps.${id}.output.decision`);
  const performed = `$sum([$steps.*.effects])`;
  const nothing = `"condition" in [$steps.*.reason] and ${performed} = 0 ? "nothing_to_do" : "completed"`;
  if (approvals.length === 0) return nothing;
  return (
    `( $decisions := [${approvals.join(", ")}]; "rejected" in $decisions ? "rejected" : ` +
    `"expired" in $decisions ? "expired" : ${nothing} )`
  );
}

/** Of all steps: of a failed one that said `continue` what failed, of a skipped one null. */
function outputsOf(compilation: Compilation, scope: Scope): Record<string, string> {
  return Object.fromEntries(
    compilation.definition.steps.map(({ id }) => [
      id,
      jsonata(
        outputAs(
          placeOf(scope, id),
          endsOf(compilation, id).filter((end) => end !== "failed"),
        ),
      ),
    ]),
  );
}

function endState(
  compilation: Compilation,
  parts: { status: "succeeded" | "failed"; outcome: string | null; next: string },
): TaskState {
  const { status, outcome, next } = parts;
  const edited = compilation.definition.steps.filter((step) => step.kind === "approval" && step.editable.length > 0);
  const isEdits = edited.map(({ id }) => quoted(editsKey(id))).join(", ");
  const steps =
    edited.length === 0 ? "$steps" : `$sift($steps, function($result, $key) { $not($key in [${isEdits}]) })`;
  return {
    ...call("actions", { ...about(compilation, "end"), status, outcome, steps: jsonata(steps) }),
    Retry: tries(compilation, null),
    // What isn't noted of the end is found by who looks: the execution ends all the same.
    Catch: [{ ErrorEquals: ["States.ALL"], Next: next }],
    Next: next,
  };
}

/** The mail, and the card that offers Redrive. */
function failureState(compilation: Compilation, next: string): TaskState {
  const { failure_notification } = compilation.definition;
  return {
    ...call("effects", {
      ...about(compilation, "failure"),
      to: failure_notification === null ? null : recipient(failure_notification),
      failures: jsonata("$failures"),
    }),
    Retry: tries(compilation, null),
    Catch: [{ ErrorEquals: ["States.ALL"], Next: next }],
    Next: next,
  };
}

/** Null where it gives no text. One whose expression may fail is refused (`refusals.ts`): its failure would tell nobody. */
function recipient(text: string): string {
  const value = expressionOf(text, (root) => `$roots.${root}`);
  return jsonata(`( $to := ${value}; $type($to) = "string" ? $to : null )`);
}

export function isSureRecipient(text: string): boolean {
  return !text.includes("${") || surely(onlySource(text)) !== null;
}

/** Last first along the graph, each once, with what it saw and gave; one that fails stops no other. Null: nothing to take back. */
function takingBack(compilation: Compilation, scope: Scope, next: string): Fragment | null {
  const { definition, order } = compilation;
  if (!order.some((id) => onError(compilation, id) === "compensate")) return null;
  const states: [string, State][] = [];
  let onward = next;
  for (const id of order) {
    const step = stepOf(definition, id);
    if (!("compensate" in step) || step.compensate === null) continue;
    const ask = named(id, "to take back");
    const back = named(id, "taken back");
    const sight = sightOf(compilation, step, scope, true);
    const payload = {
      ...ofStep(compilation, "compensate", id),
      parameters: fieldsOf(step.compensate.parameters, sight.reading),
      output: jsonata(`${placeOf(scope, id)}.output`),
    };
    states.unshift(
      [
        ask,
        {
          Type: "Choice",
          Choices: [{ Condition: jsonata(`${placeOf(scope, id)}.status = "succeeded"`), Next: back }],
          Default: onward,
        },
      ],
      [
        back,
        {
          ...call("effects", payload),
          Retry: tries(compilation, id),
          Catch: [{ ErrorEquals: ["States.ALL"], Next: onward }],
          Next: onward,
        },
      ],
    );
    onward = ask;
  }
  return states.length === 0 ? null : { entry: onward, states };
}
