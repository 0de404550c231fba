/**
 * What an execution's values may take of the service's 256 KiB: what each step is given and gives, and the book of results, which
 * is one variable. By the actions' own schemas and what stands in the flow; retries and failures, whose causes are short, apart.
 */
import type { ActionDescription } from "../../flow/action.ts";
import type { FlowDefinition, Step } from "../../flow/flow.ts";
import type { Json, JsonObject } from "../../flow/json.ts";
import { kibibytes, mostPayloadBytes, payloadBytes } from "../handlers/payload.ts";
import { stepOf, stepsBefore, type Compilation, type Remark } from "./compilation.ts";
import { constantCount } from "./constant-list.ts";
import { plainOf, sourcesIn } from "./expressions.ts";
import { onlySource } from "./place.ts";
import { exactly, keySize, literalBytes, sizeOfOutput, sum, times, unknown, type Size } from "./payload-size.ts";
import { mostItems } from "./repetitions.ts";

export interface Sizes {
  steps: {
    step: string;
    /** What its function, or its sub-flow, is given: parameters, and the outputs of the steps before it. */
    given: Size;
    output: Size;
  }[];
  /** All results, as they stand in `steps` at the end. */
  book: Size;
}

export type Actions = readonly ActionDescription[];

/** Names, hash, attempt. */
const ofRequest = exactly(300);
const usualItems = 10;
const usualText = 30;

export function sizesOf(compilation: Compilation, actions: Actions): Sizes {
  const { definition, order } = compilation;
  const outputs = new Map(order.map((id) => [id, outputOf(stepOf(definition, id), actions)]));
  const steps = order.map((step) => {
    const own = stepOf(definition, step);
    const before = stepsBefore(compilation, step).map((id) =>
      sum([keySize(id), outputs.get(id) ?? unknown, exactly(40)]),
    );
    const parameters = sizeIn(parametersOf(own), { definition, actions });
    const given = own.kind === "flow" ? parameters : sum([ofRequest, parameters, ...before]);
    return { step, given: own.kind === "wait" ? exactly(0) : given, output: outputs.get(step) ?? unknown };
  });
  const results = steps.map(({ step, output }) => sum([keySize(step), output, ofResult]));
  return { steps, book: sum([exactly(2), ...results]) };
}

/** `{"status":"succeeded","output":…,"effects":12}`, and a comma. */
const ofResult = exactly(50);

function outputOf(step: Step, actions: Actions): Size {
  switch (step.kind) {
    case "agent": {
      const own = actions.find(({ agent, action }) => agent === step.agent && action === step.action);
      return repeated(step.for_each, own === undefined ? unknown : sizeOfOutput(own.output));
    }
    case "flow":
      return repeated(step.for_each, { typical: 1_000, most: null });
    case "approval":
      return { typical: 300, most: null };
    case "wait":
      return exactly(payloadBytes({ waited_until: new Date(0).toISOString() }));
    default:
      return step satisfies never;
  }
}

function repeated(list: string | null, one: Size): Size {
  if (list === null) return one;
  const count = constantCount(onlySource(list));
  return sum([exactly(2), times(one, count ?? usualItems, count ?? mostItems)]);
}

function parametersOf(step: Step): JsonObject {
  if (step.kind === "agent") return step.parameters;
  return step.kind === "flow" ? step.input : {};
}

interface Known {
  definition: FlowDefinition;
  actions: Actions;
}

/** Of what stands there, and what its `${…}` may give. */
function sizeIn(value: Json, known: Known): Size {
  const written = exactly(literalBytes(value, literalText));
  return sum([written, ...sourcesIn(value).map((source) => sizeOfSource(source, known))]);
}

/** Without its quotes where it is one `${…}`, whose value has its own. */
function literalText(text: string): number {
  const plain = plainOf(text);
  if (plain !== null) return payloadBytes(plain);
  const sources = sourcesIn(text).reduce((all, source) => all + payloadBytes(source) - 2 + "${}".length, 0);
  return Math.max(0, payloadBytes(text) - 2 - sources);
}

/** A plain path into an output has that field's size; of all else nothing is known. */
function sizeOfSource(source: string, { definition, actions }: Known): Size {
  const [root = "", ...path] = source.trim().split(".");
  const step = definition.steps.find(({ id }) => id === root);
  const isPath = /^\w+(\.\w+)*$/.test(source.trim());
  if (!isPath || step === undefined) return { typical: usualText, most: null };
  if (path.length === 0) return outputOf(step, actions);
  const own =
    step.kind === "agent" && step.for_each === null ? actions.find(({ action }) => action === step.action) : undefined;
  return own === undefined ? { typical: usualText, most: null } : sizeOfOutput(own.output, path);
}

/** What stands in the flow itself and can't be passed on, whatever an execution brings. */
export function literalsOverLimit({ steps, input }: FlowDefinition): Remark[] {
  const found = steps.flatMap((step) => [
    ...overLimit(step.id, ["parameters"], step.kind === "agent" ? literalBytes(step.parameters, literalText) : 0),
    ...overLimit(step.id, ["input"], step.kind === "flow" ? literalBytes(step.input, literalText) : 0),
    ...overLimit(
      step.id,
      ["compensate", "parameters"],
      "compensate" in step && step.compensate !== null ? literalBytes(step.compensate.parameters, literalText) : 0,
    ),
  ]);
  const defaults = Object.entries(input).map(([name, field]) => ({ name, bytes: payloadBytes(field.default) }));
  const alone = defaults.flatMap(({ name, bytes }) => overLimit(null, ["input", name, "default"], bytes));
  const all = defaults.reduce((total, { bytes }) => total + bytes, 0);
  return [...found, ...(alone.length > 0 ? alone : overLimit(null, ["input"], all))];
}

function overLimit(step: string | null, path: readonly string[], bytes: number): Remark[] {
  if (bytes <= mostPayloadBytes) return [];
  const message = `${path.join(".")}: ${kibibytes(bytes)} stand in the flow, and Step Functions passes on at most 256 KiB; let an action read it where it is kept`;
  return [{ step, path, message }];
}

/** What may end an execution there, as nothing can catch it. */
export function sizeWarnings({ steps, book }: Sizes): Remark[] {
  const large = steps.flatMap(({ step, given, output }) => {
    const [most] = [given, output].toSorted((one, other) => other.typical - one.typical);
    if (most === undefined || most.typical <= mostPayloadBytes) return [];
    return [{ step, message: `is likely to be given, or to give, about ${kibibytes(most.typical)}; ${tooMuch}` }];
  });
  if (book.most !== null && book.most <= mostPayloadBytes) return large;
  if (book.typical > mostPayloadBytes)
    return [
      ...large,
      { step: null, message: `all results together are likely to take about ${kibibytes(book.typical)}; ${tooMuch}` },
    ];
  const open = steps.filter(({ output }) => output.most === null).map(({ step }) => step);
  const which = open.length === 0 ? "" : `, as nothing bounds what ${listed(open)} give${open.length === 1 ? "s" : ""}`;
  const bound = book.most === null ? "no bound is known" : `at most ${kibibytes(book.most)}`;
  return [
    ...large,
    {
      step: null,
      message: `all results together: ${bound} for the 256 KiB that Step Functions keeps${which}; above that the execution ends`,
    },
  ];
}

const tooMuch = "above 256 KiB Step Functions ends the execution, and nothing can catch it";

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
