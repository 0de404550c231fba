/** One step as the file has it. What needs the other steps (dependencies, roots) is checked in `step-graph.ts` and `roots.ts`. */
import type { ActionCatalogue, ActionDescription } from "../action.ts";
import { checkTemplate } from "../expression.ts";
import type { FlowStep, Step } from "../flow.ts";
import { actionWith, readAction, readParameters } from "./action.ts";
import { readApproval, type EditableName } from "./approval.ts";
import { readCompensation } from "./compensation.ts";
import { readDependencies, type DependencySource } from "./dependencies.ts";
import { readFlowCall, type SubFlowPlaces } from "./flow-step.ts";
import { readDue } from "./instant.ts";
import type { Schema } from "./output-schema.ts";
import type { Fields, Reader } from "./reader.ts";
import { kindOf } from "./reader.ts";
import { readRepetition } from "./repetition.ts";
import { readRetry } from "./retry.ts";
import type { ErrorHandling } from "./retry.ts";
import { entryOf, type SourceNode } from "./source.ts";
import { stepKinds, stepNames, type StepKind } from "./step-keys.ts";
import { actionOutput, decisionOutput, flowOutput, waitOutput } from "./step-output.ts";
import { readWait } from "./wait.ts";

export interface StepSource {
  at: number;
  id: string | null;
  idAt: number;
  dependencies: DependencySource[];
  values: StepValue[];
  /** As written; `editable.ts` finds the outputs that they mean. */
  editable: EditableName[];
  /** Null where no action is named, or one that isn't known. */
  action: ActionDescription | null;
  compensation: { action: ActionDescription | null; at: number } | null;
  /** The list of a step that repeats. */
  forEach: SourceNode | null;
  /** What it gives fits one of these. */
  output: readonly Schema[];
  /** Null but for a step of type `flow`. */
  places: SubFlowPlaces | null;
  /** Null where something that it needs is wrong. */
  step: Step | null;
}

/** A value whose expressions are evaluated, and what they see beside the step's predecessors. */
export interface StepValue {
  node: SourceNode;
  sees: "predecessors" | "item" | "own output";
}

export interface StepReading {
  node: SourceNode;
  /** Of the flow; null where it can't be read. */
  flowId: string | null;
  catalogue: ActionCatalogue;
  handling: ErrorHandling;
  reader: Reader;
}

interface Reading extends StepReading {
  fields: Fields;
  common: Common;
}

export function readStep(asked: StepReading): StepSource | null {
  const { node, reader } = asked;
  const kind = stepKind(node, reader);
  if (kind === null) return null;
  const fields = reader.fields(node, stepNames(kind));
  if (fields === null) return null;
  const reading = { ...asked, fields, common: readCommon(fields, reader) };
  switch (kind) {
    case "agent":
      return agentStep(reading);
    case "approval":
      return approvalStep(reading);
    case "wait":
      return waitStep(reading);
    case "flow":
      return flowStep(reading);
    default:
      return kind satisfies never;
  }
}

function stepKind(node: SourceNode, reader: Reader): StepKind | null {
  if (node.kind !== "map") {
    reader.report.error(node.at, `a step must be a mapping with an id, not ${kindOf(node)}`);
    return null;
  }
  const type = entryOf(node, "type");
  return type === null ? "agent" : reader.oneOf(type.value, { what: "step type", words: stepKinds });
}

interface Common {
  /** What all kinds of steps have; null without an id. */
  step: Pick<Step, "id" | "depends_on" | "when" | "timeout_ms" | "due" | "late"> | null;
  source: StepSource;
}

function readCommon(fields: Fields, reader: Reader): Common {
  const idEntry = fields.entry("id");
  if (idEntry === null) reader.report.error(fields.at, "a step needs an id");
  const id = idEntry === null ? null : reader.id(idEntry.value, "a step's id");
  const timeout = fields.get("timeout");
  const dependencies = readDependencies(fields.get("depends_on"), reader);
  const own = {
    depends_on: dependencies.map(({ step, optional }) => ({ step, optional })),
    when: readWhen(fields.get("when"), reader),
    timeout_ms: timeout === null ? null : reader.duration(timeout, "timeout"),
    ...readDue(fields, reader),
  };
  const source = {
    at: fields.at,
    id,
    idAt: idEntry?.value.at ?? fields.at,
    dependencies,
    values: valuesOf(fields, ["when", "due"]),
    editable: [],
    action: null,
    compensation: null,
    forEach: null,
    output: [],
    places: null,
    step: null,
  };
  return { step: id === null ? null : { id, ...own }, source };
}

function readWhen(node: SourceNode | null, reader: Reader): string | null {
  const text = node === null ? null : reader.text(node, "when");
  if (node === null || text === null) return null;
  const { whole, problems } = checkTemplate(text);
  if (!whole && problems.length === 0) {
    reader.report.error(node.at, 'when is one expression and nothing else, such as "${assess.over_threshold}"');
  }
  return text;
}

function approvalStep({ fields, common, reader }: Reading): StepSource {
  const { source, step } = common;
  const { approval, editable } = readApproval({ fields, timeoutMs: step?.timeout_ms ?? null, reader });
  return {
    ...source,
    values: [...source.values, ...valuesOf(fields, ["approvers", "escalate"])],
    editable,
    output: decisionOutput,
    step: step === null || approval === null ? null : { kind: "approval", ...step, ...approval },
  };
}

function waitStep({ fields, common: { source, step }, reader }: Reading): StepSource {
  const wait = readWait(fields, reader);
  return {
    ...source,
    values: [...source.values, ...valuesOf(fields, ["until"])],
    output: waitOutput,
    step: step === null || wait === null ? null : { kind: "wait", ...step, ...wait },
  };
}

function agentStep(reading: Reading): StepSource {
  const { fields, common, catalogue, handling, reader } = reading;
  const { source, step } = common;
  const { name, action } = readAction({ fields, what: "a step", catalogue, reader });
  const parameters = readParameters({ node: fields.get("parameters"), at: fields.at, action, reader });
  const retry = readRetry({ node: fields.get("retry"), base: handling.retry, reader });
  const { repeatable, values, continues, ...more } = readRepeatable(reading);
  const isWhole = step !== null && name !== null && action !== null && parameters !== null && repeatable !== null;
  return {
    ...source,
    ...more,
    values: [...source.values, ...values, ...valuesOf(fields, ["parameters"], "item")],
    action: actionWith(action, parameters),
    output: actionOutput({ action, continues }),
    step: isWhole
      ? { kind: "agent", ...step, ...repeatable, agent: name, action: action.action, parameters, retry }
      : null,
  };
}

function flowStep(reading: Reading): StepSource {
  const { fields, common, flowId, reader } = reading;
  const { source, step } = common;
  const { call, places } = readFlowCall({ fields, flowId, reader });
  const { repeatable, values, continues, ...more } = readRepeatable(reading);
  const isWhole = step !== null && call !== null && repeatable !== null;
  return {
    ...source,
    ...more,
    values: [...source.values, ...values, ...valuesOf(fields, ["input"], "item")],
    output: flowOutput({ continues }),
    places,
    step: isWhole ? { kind: "flow", ...step, ...repeatable, ...call } : null,
  };
}

interface Repeatable extends Pick<StepSource, "compensation" | "forEach" | "values"> {
  repeatable: Pick<FlowStep, "on_error" | "for_each" | "max_concurrency" | "compensate"> | null;
  continues: boolean;
}

function readRepeatable({ fields, catalogue, handling, reader }: Reading): Repeatable {
  const { node: forEach, ...repetition } = readRepetition(fields, reader);
  const { compensation, action, at, parameters } = readCompensation({ fields, catalogue, reader });
  const node = fields.get("on_error");
  const words = ["fail", "continue", "compensate"] as const;
  const onError = node === null ? handling.onError : reader.oneOf(node, { what: "on_error", words });
  return {
    repeatable: onError === null ? null : { on_error: onError, ...repetition, compensate: compensation },
    compensation: at === null ? null : { action, at },
    forEach,
    values: [
      ...valuesOf(fields, ["for_each"]),
      ...(parameters === null ? [] : [{ node: parameters, sees: "own output" as const }]),
    ],
    continues: onError === "continue",
  };
}

function valuesOf(fields: Fields, keys: string[], sees: StepValue["sees"] = "predecessors"): StepValue[] {
  return keys.flatMap((key) => {
    const node = fields.get(key);
    return node === null ? [] : [{ node, sees }];
  });
}
