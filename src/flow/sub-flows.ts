/**
 * What flow steps need of the flows that they start: that they are there, end, and get what they take.
 *
 * Job: the checks that a flow's file can't pass alone, over the whole set of flows. Non-job: the file itself (`flow-file.ts`).
 * A flow step starts the highest version of its flow, so that one counts; a flow that can't start its sub-flow is broken too.
 */
import { hasExpression, rootsOf } from "./expression.ts";
import { isAboutCustomer } from "./flow.ts";
import type { FlowDefinition, FlowStep } from "./flow.ts";
import type { SubFlowPlace } from "./flow-file/flow-step.ts";
import { misfit } from "./flow-file/input.ts";
import { didYouMean, type Problem } from "./flow-file/problem.ts";
import { nearest } from "./nearest.ts";
import { compareVersions } from "./version.ts";

export interface CheckedFlow {
  definition: FlowDefinition;
  /** As problems of others name it. */
  source: string;
  errorAt: (place: SubFlowPlace, message: string) => Problem;
}

interface Asked<Flow extends CheckedFlow> {
  flows: readonly Flow[];
  /** Flows that can't be used, and where they come from. */
  broken: ReadonlyMap<string, string>;
}

/** The flows whose sub-flows can be started, and what is wrong with those of the others. */
export function checkSubFlows<Flow extends CheckedFlow>(asked: Asked<Flow>): { sound: Flow[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const told = new Map<Flow, Set<string>>();
  const broken = new Map(asked.broken);
  let sound = [...asked.flows];
  for (;;) {
    const known = new Known(sound, broken);
    for (const flow of asked.flows) {
      const steps = told.get(flow) ?? new Set<string>();
      const found = problemsOf(flow, known).filter(({ step }) => !steps.has(step));
      problems.push(...found.map(({ problem }) => problem));
      if (found.length > 0) told.set(flow, new Set([...steps, ...found.map(({ step }) => step)]));
    }
    const rest = sound.filter((flow) => !told.has(flow));
    if (rest.length === sound.length) {
      return { sound, problems: [...problems, ...sound.flatMap((flow) => overlaps(flow, known))] };
    }
    for (const { definition, source } of sound)
      if (!broken.has(definition.flow_id)) broken.set(definition.flow_id, source);
    sound = rest;
  }
}

/** The flows that a flow step may start, each in its highest version, and why others can't be. */
class Known {
  readonly #highest = new Map<string, FlowDefinition>();
  readonly #broken: ReadonlyMap<string, string>;

  constructor(flows: readonly CheckedFlow[], broken: ReadonlyMap<string, string>) {
    this.#broken = broken;
    for (const { definition } of flows) {
      const other = this.#highest.get(definition.flow_id);
      if (other === undefined || compareVersions(definition.version, other.version) > 0) {
        this.#highest.set(definition.flow_id, definition);
      }
    }
  }

  get(flowId: string): FlowDefinition | null {
    return this.#highest.get(flowId) ?? null;
  }

  whyNot(flowId: string): string {
    const source = this.#broken.get(flowId);
    if (source !== undefined) return `the flow ${flowId} can't be used: something is wrong in ${source}`;
    return `there is no flow "${flowId}"${didYouMean(nearest(flowId, [...this.#highest.keys(), ...this.#broken.keys()]))}`;
  }

  /** The flows on the shortest way from one to another by flow steps, both included; null without one. */
  way(from: string, to: string): string[] | null {
    const ways = [[from]];
    const seen = new Set([from]);
    for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
      const last = way.at(-1) ?? from;
      if (last === to) return way;
      for (const { flow_id } of flowSteps(this.get(last))) {
        if (seen.has(flow_id)) continue;
        seen.add(flow_id);
        ways.push([...way, flow_id]);
      }
    }
    return null;
  }
}

function flowSteps(definition: FlowDefinition | null): FlowStep[] {
  return definition?.steps.filter((step) => step.kind === "flow") ?? [];
}

interface Found {
  step: string;
  problem: Problem;
}

function problemsOf(flow: CheckedFlow, known: Known): Found[] {
  return flowSteps(flow.definition).flatMap((step) => {
    const error = (message: string, input: string | null = null): Found => ({
      step: step.id,
      problem: flow.errorAt({ step: step.id, input }, message),
    });
    const subFlow = known.get(step.flow_id);
    if (subFlow === null) return [error(known.whyNot(step.flow_id))];
    const { flow_id } = flow.definition;
    const back = known.get(flow_id) === flow.definition ? known.way(step.flow_id, flow_id) : null;
    if (back !== null)
      return [error(`these flows start each other, without an end: ${[flow_id, ...back].join(" → ")}`)];
    return [
      ...missingInputs({ step, subFlow, flow }).map((message) => error(message)),
      ...Object.keys(step.input).flatMap((name) => {
        const message = inputProblem({ step, subFlow, name });
        return message === null ? [] : [error(message, name)];
      }),
    ];
  });
}

interface Called {
  step: FlowStep;
  subFlow: FlowDefinition;
}

/** The customer of the flow is passed on by itself. */
function missingInputs({ step, subFlow, flow }: Called & { flow: CheckedFlow }): string[] {
  return Object.entries(subFlow.input).flatMap(([name, { required, default: fallback }]) => {
    const isGiven = Object.hasOwn(step.input, name) && step.input[name] !== null;
    if (!required || fallback !== null || isGiven) return [];
    if (name !== "customer_id") return [`${subFlow.flow_id} needs the input ${name}`];
    if (isAboutCustomer(flow.definition)) return [];
    return [`${subFlow.flow_id} needs the input customer_id, and this flow has no customer to pass on`];
  });
}

/** Warnings: of the items of a step that repeats, the first one's execution keeps the others from starting. */
function overlaps(flow: CheckedFlow, known: Known): Problem[] {
  return flowSteps(flow.definition).flatMap((step) => {
    const subFlow = known.get(step.flow_id);
    const atOnce = step.for_each !== null && step.max_concurrency !== 1;
    if (subFlow === null || !atOnce || !isAboutCustomer(subFlow) || !skipsOthers(subFlow)) return [];
    const roots = rootsOf(step.input["customer_id"] ?? null);
    if (roots.includes("item") || roots.includes("index")) return [];
    const message = `each item starts ${step.flow_id} about the same customer, and its overlap lets one run at a time; give that flow a trigger with overlap: allow or queue, or this step max_concurrency: 1`;
    return [{ ...flow.errorAt({ step: step.id, input: null }, message), severity: "warning" as const }];
  });
}

/** What a start by a flow step goes by: the manual trigger, else the first; `allow` only if all say so. */
function skipsOthers({ triggers }: FlowDefinition): boolean {
  if (triggers.length > 0 && triggers.every(({ overlap }) => overlap === "allow")) return false;
  const own = triggers.find(({ type }) => type === "manual") ?? triggers[0];
  return own?.overlap !== "queue";
}

function inputProblem({ step, subFlow, name }: Called & { name: string }): string | null {
  const { flow_id, input } = subFlow;
  const field = Object.hasOwn(input, name) ? input[name] : undefined;
  if (field === undefined) {
    const names = Object.keys(input);
    const near = nearest(name, names);
    const all = names.length === 0 ? "; it takes none" : `; it takes ${names.join(", ")}`;
    return `${flow_id} takes no input "${name}"${near === null ? all : didYouMean(near)}`;
  }
  const value = step.input[name] ?? null;
  const wanted = value === null || hasExpression(value) ? null : misfit(field, value);
  return wanted === null ? null : `the input ${name} of ${flow_id} must be ${wanted}`;
}
