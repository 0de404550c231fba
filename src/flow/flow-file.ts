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
import type { SubFlowPlace } from "./flow-file/flow-step.ts";
import { headKeys, readHead } from "./flow-file/head.ts";
import { checkPlaces } from "./flow-file/places.ts";
import { createReport, inOrder } from "./flow-file/problem.ts";
import type { Problem, Reporting } from "./flow-file/problem.ts";
import { asMap, createReader } from "./flow-file/reader.ts";
import type { Fields, Reader } from "./flow-file/reader.ts";
import { readErrorHandling } from "./flow-file/retry.ts";
import type { ErrorHandling } from "./flow-file/retry.ts";
import { placesIn, readYaml } from "./flow-file/source.ts";
import type { SourceNode } from "./flow-file/source.ts";
import { checkGraph } from "./flow-file/step-graph.ts";
import { readStep } from "./flow-file/step.ts";
import type { StepSource } from "./flow-file/step.ts";
import { readTriggers } from "./flow-file/trigger.ts";
import type { Json } from "./json.ts";

export type { Problem } from "./flow-file/problem.ts";

const laterKeys = ["extends", "remove"];
const flowKeys = [...headKeys, "input", "trigger", "triggers", "steps", "error_handling"];
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
  /** Of a broken flow too, where it can be read. */
  flowId: string | null;
  /** An error that shows beside the other flows (`sub-flows.ts`), at a flow step of this one. */
  errorAt: (place: SubFlowPlace, message: string) => Problem;
}

export function readFlowFile(flowFile: FlowFile): ReadFlow {
  const { file, text } = flowFile;
  const reporting = createReport({ file, place: placesIn(text) });
  const root = readYaml({ text, report: reporting.report, what: "a flow file" });
  return readTree({ ...flowFile, root, reporting });
}

/** A flow that a program has put together, with the keys of a file: its problems name step and key, at line 1 of `file`. */
export function readFlowDocument(asked: Omit<FlowFile, "text"> & { document: unknown }): ReadFlow {
  const { file, document } = asked;
  const reporting = createReport({ file, place: (at) => ({ line: at + 1, column: 1 }) });
  const { root, pathAt } = documentSource({ document, report: reporting.report });
  const read = readTree({ ...asked, root, reporting });
  const told = ({ line, message, ...problem }: Problem): Problem => {
    const path = pathAt(line - 1);
    return { ...problem, line: 1, message: path === "" ? message : `${path}: ${message}` };
  };
  return {
    ...read,
    problems: read.problems.map(told),
    errorAt: (place, message) => told(read.errorAt(place, message)),
  };
}

type Tree = Omit<FlowFile, "text"> & { root: SourceNode | null; reporting: Reporting };

function readTree({ root, reporting, ...flowFile }: Tree): ReadFlow {
  const { report, found } = reporting;
  const read = root === null ? null : readFlow({ ...flowFile, root, reader: createReader(report) });
  const isSound = read !== null && found.every(({ severity }) => severity === "warning");
  return {
    definition: isSound ? FlowDefinition.parse(read.draft) : null,
    problems: inOrder(found),
    flowId: read === null || read.draft.flow_id === "" ? null : read.draft.flow_id,
    errorAt: ({ step, input }, message) => {
      const places = read?.sources.find(({ id }) => id === step)?.places;
      const at = input === null ? undefined : places?.inputs.get(input);
      return reporting.errorAt(at ?? places?.flowId ?? 0, message);
    },
  };
}

type FlowReading = Omit<FlowFile, "text"> & { root: SourceNode; reader: Reader };

function readFlow(reading: FlowReading): { draft: FlowDefinition; sources: StepSource[] } | null {
  const { root, reader, catalogue, variables } = reading;
  const fields = reader.fields(root, { what: "a flow", keys: flowKeys, later: laterKeys });
  if (fields === null) return null;
  const { concurrencyKey, ...head } = readHead(fields, reader);
  const triggers = readTriggers(fields, reader);
  const inputs = readInputs(fields.get("input"), reader);
  if (triggers.some(({ type }) => type === "schedule")) refuseRequired({ fields, inputs, reader });
  const handling = readErrorHandling(fields.get("error_handling"), reader);
  const flowId = head.flow_id === "" ? null : head.flow_id;
  const sources = readSteps({ fields, flowId, catalogue, handling, reader });
  checkGraph(sources, reader.report);
  const places = { sources, inputs, variables, failureNotification: handling.failureNotification, concurrencyKey };
  const readsCustomer = checkPlaces(places, reader.report);
  const isAboutCustomer = readsCustomer || triggers.some(hasFilter) || sources.some(takesCustomer);
  const draft = {
    ...head,
    input: isAboutCustomer ? withCustomerId(inputs) : inputs,
    triggers,
    steps: withEditable(sources, reader.report),
    failure_notification: notificationText(handling, reader),
  };
  return { draft, sources };
}

/** A firing gives the customer and nothing else. */
function refuseRequired({ fields, inputs, reader }: { fields: Fields; inputs: Inputs; reader: Reader }): void {
  for (const { key, keyAt } of asMap(fields.get("input"))?.entries ?? []) {
    const input = Object.hasOwn(inputs, key) ? inputs[key] : undefined;
    if (key === "customer_id" || input?.required !== true || input.default !== null) continue;
    reader.report.error(keyAt, `the input "${key}" is required, but a schedule has nothing to give; give it a default`);
  }
}

interface StepsReading {
  fields: Fields;
  flowId: string | null;
  catalogue: ActionCatalogue;
  handling: ErrorHandling;
  reader: Reader;
}

function readSteps({ fields, ...reading }: StepsReading): StepSource[] {
  const { reader } = reading;
  const node = fields.get("steps");
  if (node === null || node.kind !== "list" || node.items.length === 0) {
    reader.report.error(node?.at ?? fields.at, "a flow needs steps, a list with at least one");
    return [];
  }
  if (node.items.length > maxSteps) {
    reader.report.error(node.at, `a flow may have ${maxSteps} steps; this one has ${node.items.length}`);
    return [];
  }
  return node.items.flatMap((item) => readStep({ ...reading, node: item }) ?? []);
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

function takesCustomer({ action, compensation }: StepSource): boolean {
  return action?.readsCustomer === true || compensation?.action?.readsCustomer === true;
}
