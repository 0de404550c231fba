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
import type { SubFlowPlace } from "./flow-file/flow-step.ts";
import { headKeys, readHead } from "./flow-file/head.ts";
import { checkPlaces } from "./flow-file/places.ts";
import { inOrder } from "./flow-file/problem.ts";
import type { Problem } from "./flow-file/problem.ts";
import { asMap, createReader } from "./flow-file/reader.ts";
import type { Fields, Reader } from "./flow-file/reader.ts";
import { readErrorHandling } from "./flow-file/retry.ts";
import type { ErrorHandling } from "./flow-file/retry.ts";
import type { SourceNode } from "./flow-file/source.ts";
import { checkGraph } from "./flow-file/step-graph.ts";
import { commonScope } from "./flow-file/roots.ts";
import { readStep } from "./flow-file/step.ts";
import { warnStrictly } from "./flow-file/strict.ts";
import type { StepSource } from "./flow-file/step.ts";
import { fileTree, located, programTree, type FlowTree } from "./flow-file/tree.ts";
import { readTriggers } from "./flow-file/trigger.ts";
import type { Json } from "./json.ts";

export type { Problem } from "./flow-file/problem.ts";

const flowKeys = [...headKeys, "extends", "remove", "input", "trigger", "triggers", "steps", "error_handling"];
const maxSteps = 500;

/** What a flow may name. */
export interface FlowKnowledge {
  catalogue: ActionCatalogue;
  /** Of `revops.yml`: roots in expressions. */
  variables: Record<string, Json>;
  /** What is allowed and perhaps not meant is warned of too (`flow-file/strict.ts`). */
  strict?: boolean;
}

export interface FlowFile extends FlowKnowledge {
  /** As problems name it. */
  file: string;
  text: string;
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

export function readFlowFile({ file, text, ...known }: FlowFile): ReadFlow {
  return readFlowTree({ ...known, tree: fileTree({ file, text }) });
}

/** A flow that a program has put together, with the keys of a file: its problems name step and key, at line 1 of `file`. */
export function readFlowDocument({
  file,
  document,
  ...known
}: Omit<FlowFile, "text"> & { document: unknown }): ReadFlow {
  return readFlowTree({ ...known, tree: programTree({ source: file, file: null, document }) });
}

/** With what it extends in it already (`flow-file/extend.ts`). */
export function readFlowTree({ tree, ...known }: FlowKnowledge & { tree: FlowTree }): ReadFlow {
  const { root, reporting } = tree;
  const { report, found } = reporting;
  const read = root === null ? null : readFlow({ ...known, root, reader: createReader(report) });
  const isSound = read !== null && found.every(({ severity }) => severity === "warning");
  return {
    definition: isSound ? FlowDefinition.parse(read.draft) : null,
    problems: inOrder(found).map((problem) => located(tree, problem)),
    flowId: read === null || read.draft.flow_id === "" ? null : read.draft.flow_id,
    errorAt: ({ step, input }, message) => {
      const places = read?.sources.find(({ id }) => id === step)?.places;
      const at = input === null ? undefined : places?.inputs.get(input);
      return located(tree, reporting.errorAt(at ?? places?.flowId ?? 0, message));
    },
  };
}

type FlowReading = FlowKnowledge & { root: SourceNode; reader: Reader };

function readFlow(reading: FlowReading): { draft: FlowDefinition; sources: StepSource[] } | null {
  const { root, reader, catalogue, variables, strict = false } = reading;
  const fields = reader.fields(root, { what: "a flow", keys: flowKeys });
  if (fields === null) return null;
  refuseUnresolved(fields, reader);
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
  if (strict) warnStrictly({ steps: sources, common: commonScope(places), report: reader.report });
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

/** Where a flow's other flow has been found, neither key is left (`flow-file/extend.ts`). */
function refuseUnresolved(fields: Fields, reader: Reader): void {
  const [extending, removing] = [fields.entry("extends"), fields.entry("remove")];
  if (extending !== null) reader.report.error(extending.keyAt, "extends needs the other flow: read both together");
  else if (removing !== null)
    reader.report.error(removing.keyAt, "remove goes with extends: it takes steps out of that flow");
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
