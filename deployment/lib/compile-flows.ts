/** The project's flows as the app would load them, each in its highest version, compiled. Nothing is deployed of a faulty one. */
import { join, relative } from "node:path";
import { compile, type Compiled } from "../../src/asl/compile.ts";
import { definitionHash, type FlowDefinition } from "../../src/flow/flow.ts";
import { JsonObject } from "../../src/flow/json.ts";
import type { LoadedFlow } from "../../src/flow/registry.ts";
import { knownFlows } from "../../src/cli/known-flows.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import { DeploymentProblem } from "./problem.ts";
import type { Settings } from "./settings.ts";

/** Rejects with a `DeploymentProblem` that has a sentence for each fault of each flow. */
export async function compileFlows({ root, settings }: { root: string; settings: Settings }): Promise<CompiledFlow[]> {
  const { registry, problems } = await knownFlows({
    // Only whether it is the sandbox matters: that one has roles and variables of its own.
    slack: { kind: "http", botToken: "", signingSecret: "", apiUrl: null },
    state: { kind: "dynamodb", table: settings.name },
    engine: { kind: "embedded" },
    dataFolder: join(root, "data"),
    crm: settings.crm === "sample" ? { kind: "sample" } : { kind: "postgres", address: "" },
    // Problems name files as whoever stands there would.
    flowFolders: [relative(process.cwd(), join(root, "flows"))],
    configurationFile: { path: join(root, "revops.yml"), isNamed: false },
    timezone: settings.timezone,
    adminEmail: settings.admin_email,
  });
  const faults = [...problems, ...registry.problems].map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );
  const compiled = registry
    .all()
    .map((flow) => ({ flow, result: compile(flow.definition, { timezone: settings.timezone }) }));
  for (const { flow, result } of compiled) if (!result.ok) faults.push(...refusals(flow, result));
  if (faults.length > 0) throw new DeploymentProblem(faults);
  return compiled.flatMap(({ flow, result }) => (result.ok ? [ofFlow(flow.definition, result)] : []));
}

function refusals({ definition, file }: LoadedFlow, { refusals: found }: Extract<Compiled, { ok: false }>): string[] {
  return found.map(
    ({ step, message }) => `${file ?? definition.flow_id}: ${step === null ? "the flow" : `step ${step}`}: ${message}.`,
  );
}

function ofFlow(definition: FlowDefinition, result: Extract<Compiled, { ok: true }>): CompiledFlow {
  const { machine, batch, schedules, report } = result;
  const { transitions, events, definitionBytes, perItem, cost } = report.estimate;
  const subFlows = definition.steps.flatMap((step) => (step.kind === "flow" ? [step.flow_id] : []));
  return {
    flow_id: definition.flow_id,
    version: definition.version,
    hash: definitionHash(definition),
    machine: JsonObject.parse(machine),
    batch: batch === null ? null : JsonObject.parse(batch),
    schedules: schedules.map(
      ({ ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, target, Input }) => ({
        expression: ScheduleExpression,
        timezone: ScheduleExpressionTimezone,
        window_minutes: FlexibleTimeWindow.Mode === "OFF" ? null : FlexibleTimeWindow.MaximumWindowInMinutes,
        starts: target,
        input: Input,
      }),
    ),
    sub_flows: [...new Set(subFlows)],
    report: {
      added: report.added,
      notes: report.notes,
      transitions,
      events,
      definition_bytes: definitionBytes,
      per_item: perItem,
      cost,
    },
  };
}
