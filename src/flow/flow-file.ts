/**
 * Reads a flow file: YAML to a normalised definition, or every problem at once.
 *
 * Job: all that can be known of a flow before it runs is checked here, each problem with its place and the nearest right
 * name. Non-job: reading folders and choosing versions (`registry.ts`).
 *
 * - L1. A definition comes out only when nothing is an error; warnings stop nothing.
 * - L2. What comes out is normalised: two files that mean the same have the same content hash (D4).
 */
import type { ActionCatalogue } from "./action.ts";
import { checkTemplate } from "./expression.ts";
import { FlowDefinition } from "./flow.ts";
import type { Trigger } from "./flow.ts";
import { withEditable } from "./flow-file/editable.ts";
import { readInputs, withCustomerId } from "./flow-file/input.ts";
import type { Inputs } from "./flow-file/input.ts";
import { documentSource } from "./flow-file/document.ts";
import { createReport, inOrder } from "./flow-file/problem.ts";
import type { Problem, Report } from "./flow-file/problem.ts";
import { asMap, createReader } from "./flow-file/reader.ts";
import type { Fields, Reader } from "./flow-file/reader.ts";
import { readErrorHandling } from "./flow-file/retry.ts";
import type { ErrorHandling } from "./flow-file/retry.ts";
import { checkExpressions, commonScope, stepScope } from "./flow-file/roots.ts";
import type { Scope } from "./flow-file/roots.ts";
import { placesIn, readYaml } from "./flow-file/source.ts";
import type { SourceNode } from "./flow-file/source.ts";
import { checkGraph } from "./flow-file/step-graph.ts";
import { readStep } from "./flow-file/step.ts";
import type { StepSource } from "./flow-file/step.ts";
import { readTriggers } from "./flow-file/trigger.ts";
import type { Json } from "./json.ts";

export type { Problem } from "./flow-file/problem.ts";

const flowKeys = ["flow_id", "description", "version", "input", "trigger", "triggers", "steps", "error_handling"];
const laterKeys = ["extends", "remove", "concurrency", "timeout"];
const maxSteps = 500;

export interface FlowFile {
  /** As problems name it. */
  file: string;
  text: string;
  catalogue: ActionCatalogue;
  /** Of `revops.yml`: roots in expressions. */
  variables: Record<string, Json>;
}

export interface ReadFlow {
  /** Null where anything is an error (L1). */
  definition: FlowDefinition | null;
  problems: Problem[];
}

export function readFlowFile(flowFile: FlowFile): ReadFlow {
  const { file, text } = flowFile;
  const { report, found } = createReport({ file, place: placesIn(text) });
  const root = readYaml({ text, report, what: "a flow file" });
  return readTree({ ...flowFile, root, report, found });
}

/** A flow that a program has put together, with the keys of a file: its problems name step and key, at line 1 of `file`. */
export function readFlowDocument(asked: Omit<FlowFile, "text"> & { document: unknown }): ReadFlow {
  const { file, document } = asked;
  const { report, found } = createReport({ file, place: (at) => ({ line: at + 1, column: 1 }) });
  const { root, pathAt } = documentSource({ document, report });
  const { definition, problems } = readTree({ ...asked, root, report, found });
  const told = problems.map(({ line, message, ...problem }) => {
    const path = pathAt(line - 1);
    return { ...problem, line: 1, message: path === "" ? message : `${path}: ${message}` };
  });
  return { definition, problems: told };
}

type Tree = Omit<FlowFile, "text"> & { root: SourceNode | null; report: Report; found: Problem[] };

function readTree({ root, report, found, ...flowFile }: Tree): ReadFlow {
  const draft = root === null ? null : readFlow({ ...flowFile, root, reader: createReader(report) });
  const isSound = draft !== null && found.every(({ severity }) => severity === "warning");
  return { definition: isSound ? FlowDefinition.parse(draft) : null, problems: inOrder(found) };
}

type FlowReading = Omit<FlowFile, "text"> & { root: SourceNode; reader: Reader };

function readFlow({ root, reader, catalogue, variables }: FlowReading): FlowDefinition | null {
  const fields = reader.fields(root, { what: "a flow", keys: flowKeys, later: laterKeys });
  if (fields === null) return null;
  const head = readHead(fields, reader);
  const triggers = readTriggers(fields, reader);
  const inputs = readInputs(fields.get("input"), reader);
  if (triggers.some(({ type }) => type === "schedule")) refuseRequired({ fields, inputs, reader });
  const handling = readErrorHandling(fields.get("error_handling"), reader);
  const sources = readSteps({ fields, catalogue, handling, reader });
  checkGraph(sources, reader.report);
  const common = commonScope({ inputs, variables });
  const readsCustomer = checkRoots({ sources, handling, common, reader });
  warnOfShadows({ sources, variables, reader });
  const isAboutCustomer = readsCustomer || triggers.some(hasFilter) || sources.some(takesCustomer);
  return {
    ...head,
    input: isAboutCustomer ? withCustomerId(inputs) : inputs,
    triggers,
    steps: withEditable(sources, reader.report),
    failure_notification: notificationText(handling, reader),
  };
}

function readHead(fields: Fields, reader: Reader) {
  const required = (key: string, example: string) => {
    const node = fields.get(key);
    if (node === null) reader.report.error(fields.at, `a flow needs a ${key}, such as ${example}`);
    return node;
  };
  const idNode = required("flow_id", "renewal_management");
  const versionNode = required("version", '"1.0"');
  const description = fields.get("description");
  return {
    flow_id: (idNode === null ? null : reader.id(idNode, "flow_id")) ?? "",
    version: versionNode === null ? "" : readVersion(versionNode, reader),
    description: description === null ? null : reader.text(description, "description"),
    timeout_ms: null,
    concurrency: null,
  };
}

/** A firing gives the customer and nothing else. */
function refuseRequired({ fields, inputs, reader }: { fields: Fields; inputs: Inputs; reader: Reader }): void {
  for (const { key, keyAt } of asMap(fields.get("input"))?.entries ?? []) {
    const input = Object.hasOwn(inputs, key) ? inputs[key] : undefined;
    if (key === "customer_id" || input?.required !== true || input.default !== null) continue;
    reader.report.error(keyAt, `the input "${key}" is required, but a schedule has nothing to give; give it a default`);
  }
}

/** Without quotes YAML takes a version for a number; it is meant as written. */
function readVersion(node: SourceNode, reader: Reader): string {
  const isNumber = node.kind === "scalar" && typeof node.value === "number";
  const version = isNumber ? node.written : reader.text(node, "version");
  if (version === null) return "";
  if (/^\d{1,9}(\.\d{1,9}){0,4}$/.test(version)) return version;
  reader.report.error(node.at, `version "${version}" must be numbers with dots between, such as "1.0"`);
  return "";
}

interface StepsReading {
  fields: Fields;
  catalogue: ActionCatalogue;
  handling: ErrorHandling;
  reader: Reader;
}

function readSteps({ fields, catalogue, handling, reader }: StepsReading): StepSource[] {
  const node = fields.get("steps");
  if (node === null || node.kind !== "list" || node.items.length === 0) {
    reader.report.error(node?.at ?? fields.at, "a flow needs steps, a list with at least one");
    return [];
  }
  if (node.items.length > maxSteps) {
    reader.report.error(node.at, `a flow may have ${maxSteps} steps; this one has ${node.items.length}`);
    return [];
  }
  return node.items.flatMap((item) => readStep({ node: item, catalogue, handling, reader }) ?? []);
}

interface RootsChecking {
  sources: StepSource[];
  handling: ErrorHandling;
  common: Scope;
  reader: Reader;
}

/** Says whether any expression reads the customer. */
function checkRoots({ sources, handling, common, reader: { report } }: RootsChecking): boolean {
  const ofSteps = sources.flatMap((step) => {
    const scope = stepScope({ step, steps: sources, common });
    return step.values.map((node) => checkExpressions({ node, scope, steps: sources, step, report }));
  });
  const node = handling.failureNotification;
  const ofNotification = node !== null && checkExpressions({ node, scope: common, steps: sources, step: null, report });
  return ofNotification || ofSteps.includes(true);
}

function notificationText({ failureNotification: node }: ErrorHandling, reader: Reader): string | null {
  const text = node === null ? null : reader.text(node, "failure_notification");
  if (node === null || text === null) return null;
  const { whole, evaluated, problems } = checkTemplate(text);
  const isAddress = /^[^\s@<>,;]+@[^\s@<>,;]+$/.test(text) && !evaluated;
  if (!isAddress && !whole && problems.length === 0) {
    reader.report.error(node.at, "failure_notification is one mail address, or one ${…} that gives one");
  }
  return text;
}

function hasFilter(trigger: Trigger): boolean {
  return trigger.type !== "manual" && trigger.filter !== null;
}

function takesCustomer({ action }: StepSource): boolean {
  return action?.readsCustomer === true;
}

interface Shadows {
  sources: StepSource[];
  variables: Record<string, Json>;
  reader: Reader;
}

function warnOfShadows({ sources, variables, reader }: Shadows): void {
  for (const { id, idAt } of sources) {
    if (id === null || !Object.hasOwn(variables, id)) continue;
    reader.report.warning(idAt, `"${id}" is a variable too; after this step it means the step's output`);
  }
}
