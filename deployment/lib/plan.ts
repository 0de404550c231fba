/** What a deployment would do, worked out from its templates and those of the last one from this folder. Pure. */
import type { Plan } from "../../src/app/deployment/plan.ts";
import { canonicalJson, JsonObject } from "../../src/flow/json.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { standingCost } from "./cost.ts";
import { type Before, kept } from "./deployed-before.ts";
import { flowStackName, machineName } from "./names.ts";
import type { Settings } from "./settings.ts";
import type { Template } from "./templates.ts";

type StackPlan = Plan["stacks"][number];

export function planOf(parameters: {
  settings: Settings;
  flows: readonly CompiledFlow[];
  templates: readonly Template[];
  before: Before;
}): Plan {
  const { settings, flows, templates, before } = parameters;
  const stacks = [
    ...templates.map(({ stack, template }) =>
      stackPlan(stack, { now: kept(template), known: before.templates.get(stack) ?? null }),
    ),
    ...[...before.templates.keys()].filter((stack) => !templates.some((each) => each.stack === stack)).map(gone),
  ];
  return {
    name: settings.name,
    engine: settings.engine,
    compared_with: before.at,
    stacks,
    flows: flows.map((flow) => flowPlan(settings, flow, stacks)),
    standing_cost: standingCost(settings, flows).total,
  };
}

function stackPlan(stack: string, { now, known }: { now: JsonObject; known: JsonObject | null }): StackPlan {
  const [after, before] = [resources(now), resources(known ?? {})];
  const added = [...after].filter(([id]) => !before.has(id)).map(told);
  const changed = [...after].filter(([id, { text }]) => before.has(id) && before.get(id)?.text !== text).map(told);
  const removed = [...before].filter(([id]) => !after.has(id)).map(told);
  const isSame = known !== null && canonicalJson(known) === canonicalJson(now);
  return { stack, change: known === null ? "new" : isSame ? "unchanged" : "changed", added, changed, removed };
}

const told = ([id, { type }]: [string, Resource]) => `${id} (${type})`;

/** The stack stays in the account until somebody deletes it: its executions may still run. */
function gone(stack: string): StackPlan {
  return { stack, change: "gone", added: [], changed: [], removed: [] };
}

interface Resource {
  type: string;
  text: string;
}

function resources(template: JsonObject): ReadonlyMap<string, Resource> {
  const all = Object.entries(JsonObject.catch({}).parse(template["Resources"]));
  return new Map(
    all.map(([id, resource]) => {
      const { Type } = JsonObject.catch({}).parse(resource);
      return [id, { type: typeof Type === "string" ? Type : "", text: canonicalJson(resource) }];
    }),
  );
}

function flowPlan(settings: Settings, flow: CompiledFlow, stacks: readonly StackPlan[]): Plan["flows"][number] {
  const { report, schedules } = flow;
  const stack = flowStackName(settings.name, flow.flow_id);
  return {
    flow_id: flow.flow_id,
    version: flow.version,
    machine: machineName(settings.name, flow.flow_id),
    change: stacks.find((each) => each.stack === stack)?.change ?? "new",
    schedules: schedules.map(({ expression, timezone, starts }) => ({ expression, timezone, starts })),
    added_waits: report.added.map(({ waits, for: what }) => ({ waits, for: what })),
    notes: report.notes.map(({ step, message }) => ({ step, message })),
    transitions: report.transitions,
    events: report.events,
    definition_bytes: report.definition_bytes,
    cost_per_thousand: round(report.cost * 1000),
  };
}

const round = (dollars: number) => Number(dollars.toFixed(4));
