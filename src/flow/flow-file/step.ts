/** One step as the file has it. What needs the other steps (dependencies, roots) is checked in `step-graph.ts` and `roots.ts`. */
import type { ActionCatalogue, ActionDescription } from "../action.ts";
import { checkTemplate } from "../expression.ts";
import type { Dependency, Step } from "../flow.ts";
import { readAction, readParameters } from "./action.ts";
import { readApproval, type EditableName } from "./approval.ts";
import type { Fields, Reader } from "./reader.ts";
import { kindOf } from "./reader.ts";
import { readRetry } from "./retry.ts";
import type { ErrorHandling } from "./retry.ts";
import type { SourceNode } from "./source.ts";

const commonKeys = ["id", "type", "depends_on", "when", "timeout"];
export const agentKeys = [...commonKeys, "agent", "action", "parameters", "retry", "on_error"];
export const approvalKeys = [
  ...commonKeys,
  "approvers",
  "quorum",
  "reason_required",
  "requester_may_decide",
  "on_timeout",
  "editable",
  "remind_after",
  "escalate",
];
const later = ["for_each", "max_concurrency", "due", "late", "compensate"];
const laterKinds = ["wait", "flow"];
const keysOfLaterKinds = ["duration", "until", "flow_id", "input"];

export interface StepSource {
  at: number;
  id: string | null;
  idAt: number;
  dependencies: (Dependency & { at: number })[];
  /** Values whose expressions are evaluated when the step runs. */
  values: SourceNode[];
  /** As written; `editable.ts` finds the outputs that they mean. */
  editable: EditableName[];
  /** Null for an approval, or where the action isn't known. */
  action: ActionDescription | null;
  /** Null where something that it needs is wrong. */
  step: Step | null;
}

export interface StepReading {
  node: SourceNode;
  catalogue: ActionCatalogue;
  handling: ErrorHandling;
  reader: Reader;
}

export function readStep({ node, catalogue, handling, reader }: StepReading): StepSource | null {
  const kind = stepKind(node, reader);
  if (kind === null) return null;
  const fields = reader.fields(node, fieldNames(kind));
  if (fields === null) return null;
  const common = readCommon(fields, reader);
  if (kind === "approval") return { ...common, ...approvalStep({ fields, common, reader }), action: null };
  const agent = readAction({ fields, catalogue, reader });
  const parameters = readParameters({ node: fields.get("parameters"), at: fields.at, action: agent.action, reader });
  const retry = readRetry({ node: fields.get("retry"), base: handling.retry, reader });
  const onErrorNode = fields.get("on_error");
  const onError =
    onErrorNode === null
      ? handling.onError
      : reader.oneOf(onErrorNode, { what: "on_error", words: ["fail", "continue"], later: ["compensate"] });
  const step = agentStep({ common, agent, parameters, retry, onError });
  const values = valuesOf(fields, ["when", "parameters"]);
  return { ...common, values, editable: [], action: agent.action, step };
}

interface Common {
  at: number;
  id: string | null;
  idAt: number;
  dependencies: (Dependency & { at: number })[];
  when: string | null;
  timeoutMs: number | null;
}

function readCommon(fields: Fields, reader: Reader): Common {
  const idEntry = fields.entry("id");
  if (idEntry === null) reader.report.error(fields.at, "a step needs an id");
  const timeout = fields.get("timeout");
  return {
    at: fields.at,
    id: idEntry === null ? null : reader.id(idEntry.value, "a step's id"),
    idAt: idEntry?.value.at ?? fields.at,
    dependencies: readDependencies(fields.get("depends_on"), reader),
    when: readWhen(fields.get("when"), reader),
    timeoutMs: timeout === null ? null : reader.duration(timeout, "timeout"),
  };
}

function stepKind(node: SourceNode, reader: Reader): "agent" | "approval" | null {
  if (node.kind !== "map") {
    reader.report.error(node.at, `a step must be a mapping with an id, not ${kindOf(node)}`);
    return null;
  }
  const type = node.entries.find(({ key }) => key === "type");
  if (type === undefined) return "agent";
  return reader.oneOf(type.value, { what: "step type", words: ["agent", "approval"], later: laterKinds });
}

function fieldNames(kind: "agent" | "approval") {
  const [keys, others] = kind === "agent" ? [agentKeys, approvalKeys] : [approvalKeys, agentKeys];
  const foreign = others.filter((key) => !keys.includes(key));
  const reason = kind === "agent" ? "goes with a step of type approval" : "doesn't go with a step of type approval";
  const elsewhere = Object.fromEntries(foreign.map((key) => [key, reason]));
  const emptyable = ["parameters"];
  return { what: "a step", keys, later: [...later, ...keysOfLaterKinds], elsewhere, emptyable };
}

function readDependencies(node: SourceNode | null, reader: Reader): (Dependency & { at: number })[] {
  if (node === null) return [];
  return reader.list(node).flatMap((item) => {
    if (item.kind !== "map") {
      const step = reader.text(item, "depends_on");
      return step === null ? [] : [{ step, optional: false, at: item.at }];
    }
    const fields = reader.fields(item, { what: "a dependency", keys: ["step", "optional"] });
    const stepNode = fields?.get("step") ?? null;
    if (fields === null) return [];
    if (stepNode === null) {
      reader.report.error(item.at, "a dependency needs a step: { step: …, optional: true }");
      return [];
    }
    const step = reader.text(stepNode, "step");
    const optionalNode = fields.get("optional");
    const optional = optionalNode === null ? false : reader.flag(optionalNode, "optional") === true;
    return step === null ? [] : [{ step, optional, at: stepNode.at }];
  });
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

function approvalStep({ fields, common, reader }: { fields: Fields; common: Common; reader: Reader }) {
  const { approval, editable } = readApproval({ fields, timeoutMs: common.timeoutMs, reader });
  const { id, dependencies, when, timeoutMs } = common;
  const step: Step | null =
    id === null || approval === null
      ? null
      : {
          kind: "approval",
          id,
          depends_on: dependencies.map(plain),
          when,
          timeout_ms: timeoutMs,
          due: null,
          late: "run",
          ...approval,
        };
  return { values: valuesOf(fields, ["when", "approvers", "escalate"]), editable, step };
}

function agentStep(parts: {
  common: Common;
  agent: ReturnType<typeof readAction>;
  parameters: ReturnType<typeof readParameters>;
  retry: ErrorHandling["retry"];
  onError: "fail" | "continue" | null;
}): Step | null {
  const { id, dependencies, when, timeoutMs } = parts.common;
  const { name, action } = parts.agent;
  if (id === null || name === null || action === null || parts.parameters === null || parts.onError === null)
    return null;
  return {
    kind: "agent",
    id,
    depends_on: dependencies.map(plain),
    when,
    timeout_ms: timeoutMs,
    agent: name,
    action: action.action,
    parameters: parts.parameters,
    retry: parts.retry,
    on_error: parts.onError,
    due: null,
    late: "run",
    for_each: null,
    max_concurrency: null,
    compensate: null,
  };
}

function plain({ step, optional }: Dependency): Dependency {
  return { step, optional };
}

function valuesOf(fields: Fields, keys: string[]): SourceNode[] {
  return keys.flatMap((key) => fields.get(key) ?? []);
}
