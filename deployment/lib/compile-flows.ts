/** The project's flows as the app would load them, each in its highest version, compiled. Nothing is deployed of a faulty one. */
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { compile, type Compiled } from "../../src/asl/compile.ts";
import { ConfigurationError } from "../../src/app/configuration.ts";
import { DeployError } from "../../src/app/deployment/deploy-error.ts";
import { FailureError } from "../../src/flow/failure.ts";
import { definitionHash, type FlowDefinition } from "../../src/flow/flow.ts";
import { JsonObject } from "../../src/flow/json.ts";
import type { LoadedFlow } from "../../src/flow/registry.ts";
import { type KnownFlows, knownFlows } from "../../src/cli/known-flows.ts";
import { fieldPlace } from "../../src/cli/field-place.ts";
import { stepPlace } from "../../src/cli/step-place.ts";
import type { CompiledFlow } from "./compiled-flow.ts";
import type { Settings } from "./settings.ts";

/** With the embedded engine they are only looked at. Rejects with a `DeployError` that has a line for each fault. */
export async function compileFlows({ root, settings }: { root: string; settings: Settings }): Promise<CompiledFlow[]> {
  const { timezone, engine } = settings;
  const { flows, actions } = await loadFlows({ root, settings });
  if (engine === "embedded") return [];
  const compiled = flows.map((flow) => ({ flow, result: compile(flow.definition, { timezone, actions }) }));
  const refused = compiled.map(async ({ flow, result }) => (result.ok ? [] : refusals(flow, result)));
  const faults = (await Promise.all(refused)).flat();
  if (faults.length > 0) throw new DeployError(faults);
  return compiled.flatMap(({ flow, result }) => (result.ok ? [ofFlow(flow.definition, result)] : []));
}

async function loadFlows(asked: {
  root: string;
  settings: Settings;
}): Promise<{ flows: LoadedFlow[]; actions: KnownFlows["actions"] }> {
  const { registry, problems, actions } = await readProject(asked);
  // A warning is told by `npx revops validate`, and stops nothing.
  const faults = [...problems.filter(({ severity }) => severity === "error"), ...registry.problems].map(
    ({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`,
  );
  if (faults.length > 0) throw new DeployError(faults);
  return { flows: registry.all(), actions };
}

/** revops.yml, templates and models stop it as a whole, each fault at its place. */
async function readProject({ root, settings }: { root: string; settings: Settings }): Promise<KnownFlows> {
  try {
    return await knownFlows({
      // Only whether it is the sandbox matters: that one has roles and variables of its own.
      slack: { kind: "http", botToken: "", signingSecret: "", apiUrl: null },
      state: { kind: "dynamodb", table: settings.name },
      engine: { kind: "embedded" },
      dataFolder: join(root, "data"),
      crm: settings.crm === "sample" ? { kind: "sample" } : { kind: "postgres", address: "" },
      // Problems name files as whoever stands there would.
      flowFolders: [relative(process.cwd(), join(root, "flows"))],
      configurationFile: { path: relative(process.cwd(), join(root, "revops.yml")), isNamed: false },
      timezone: settings.timezone,
      adminEmail: settings.admin_email,
      hasMails: settings.mail_from !== null,
    });
  } catch (error) {
    if (error instanceof ConfigurationError) throw new DeployError(error.problems);
    if (error instanceof FailureError) throw new DeployError(error.failure.cause.split("\n"));
    throw error;
  }
}

async function refusals(
  { definition, file }: LoadedFlow,
  { refusals: found }: Extract<Compiled, { ok: false }>,
): Promise<string[]> {
  const text = file === null ? "" : await readFile(file, "utf8");
  return found.map(({ step, path = [], message }) => {
    const { line, column } = fieldPlace({ step, path }, text) ?? stepPlace(step, text);
    return `${file ?? definition.flow_id}:${line}:${column}: ${step === null ? "" : `${step}: `}${message}`;
  });
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
