/** Does the table of features say what the language has, and what the compiler does? */
import { expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../../src/asl/compile.ts";
import { features, featureTable, type Feature } from "../../src/asl/features.ts";
import { stepKeys } from "../../src/flow/flow-file/step-keys.ts";
import type { FlowDefinition, Step } from "../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, flowStep, renewalFlow, scheduleTrigger, waitStep } from "../engine/flows.ts";
import { text } from "../app/page.ts";
import { problemsOf } from "./problems-of.ts";

const schema: unknown = JSON.parse(await text("flow.schema.json"));

/** The keys of a field's value, whatever form it takes. */
function keysOf(node: unknown): string[] {
  const { properties = {}, ...forms } = z
    .looseObject({ properties: z.record(z.string(), z.unknown()).optional() })
    .parse(node);
  const below = ["anyOf", "oneOf", "allOf"].flatMap((form) => z.array(z.unknown()).default([]).parse(forms[form]));
  return [...Object.keys(properties), ...below.flatMap(keysOf)];
}

const Top = z.object({ properties: z.record(z.string(), z.unknown()) });
const top = Top.parse(schema).properties;

const named = features.map(({ field }) => field);

it("has a row for each field of the language, and for no other", () => {
  const below = ["trigger", "error_handling"].flatMap((parent) => keysOf(top[parent]).map((key) => `${parent}.${key}`));
  const ofSteps = Object.values(stepKeys).flatMap((keys) => keys.map((key) => `steps.${key}`));
  expect([...new Set(named)].toSorted()).toEqual([...new Set([...Object.keys(top), ...below, ...ofSteps])].toSorted());
});

const step = (one: Step): FlowDefinition => flow([agentStep("before", "noop"), one], { triggers: [] });
const agent = (fields: Parameters<typeof agentStep>[2]) =>
  step(agentStep("it", "noop", { after: ["before"], ...fields }));
const asking = (fields: Parameters<typeof approvalStep>[1]) =>
  step(approvalStep("it", { after: ["before"], ...fields }));
const schedule = (fields: Parameters<typeof scheduleTrigger>[0]) =>
  renewalFlow({ triggers: [scheduleTrigger(fields)] });
const undo = { agent: "data_agent" as const, action: "undo", parameters: {} };

/** A flow that has the field. */
const examples: Record<string, FlowDefinition> = {
  flow_id: renewalFlow({ flow_id: "other" }),
  version: renewalFlow({ version: "7.1" }),
  description: renewalFlow({ description: "some words" }),
  extends: renewalFlow(),
  remove: renewalFlow(),
  input: renewalFlow({
    input: {
      customer_id: { type: "string", enum: null, required: true, default: null, description: null },
      at: { type: "datetime", enum: null, required: false, default: null, description: "when" },
    },
  }),
  timeout: renewalFlow({ timeout_ms: 86_400_000 }),
  concurrency: renewalFlow({ concurrency: { key: "${customer.id}", limit: 1 } }),
  trigger: schedule({}),
  triggers: renewalFlow({ triggers: [scheduleTrigger(), { type: "manual", overlap: "skip" }] }),
  "trigger.type": renewalFlow({ triggers: [{ type: "manual", overlap: "skip" }] }),
  "trigger.schedule": schedule({ schedule: "rate(7 days)" }),
  "trigger.timezone": schedule({ timezone: "America/New_York" }),
  "trigger.filter": schedule({ filter: ["customer.arr > 1"] }),
  "trigger.event": renewalFlow({
    triggers: [{ type: "event", event: "customer.created", overlap: "skip", filter: null }],
  }),
  "trigger.catch_up": schedule({ catch_up: "all" }),
  "trigger.jitter": schedule({ jitter_ms: 90_000 }),
  "trigger.overlap": schedule({ overlap: "skip" }),
  "trigger.overlap: queue": schedule({ overlap: "queue" }),
  error_handling: renewalFlow(),
  "error_handling.default_strategy": agent({ on_error: "continue" }),
  "error_handling.retry_count": renewalFlow(),
  "error_handling.failure_notification": renewalFlow({ failure_notification: "${admin_email}" }),
  steps: renewalFlow(),
  "steps.id": renewalFlow(),
  "steps.type": renewalFlow(),
  "steps.depends_on": agent({ depends_on: [{ step: "before", optional: true }] }),
  "steps.when": agent({ when: "${before.score > 1}" }),
  "steps.due": agent({ due: "2026-12-04T09:00:00Z", late: "skip" }),
  "steps.late": agent({ due: "${before.at}", late: "shift" }),
  "steps.agent": agent({ agent: "decision_agent" }),
  "steps.action": agent({}),
  "steps.parameters": agent({ parameters: { to: "Dear ${customer.name}", n: [1, "${before.n}"] } }),
  "steps.retry": agent({
    retry: {
      max_attempts: 5,
      interval_ms: 250,
      backoff_rate: 3,
      max_interval_ms: 9_000,
      jitter: "none",
      on: ["Agent.Throttled"],
    },
  }),
  "steps.timeout": agent({ timeout_ms: 30_500 }),
  "steps.on_error": agent({ on_error: "compensate" }),
  "steps.compensate": agent({ on_error: "compensate", compensate: undo }),
  "steps.for_each": agent({ for_each: "${[1, 2]}", parameters: { to: "${item}", n: "${index}" } }),
  "steps.max_concurrency": agent({ for_each: "${before.list}", max_concurrency: 100 }),
  "steps.approvers": asking({ approvers: ["${customer.csm_email}", "user:U1"] }),
  "steps.quorum": asking({ quorum: 2 }),
  "steps.reason_required": asking({ reason_required: ["approve"] }),
  "steps.requester_may_decide": asking({ requester_may_decide: true }),
  "steps.on_timeout": asking({ on_timeout: "approve" }),
  "steps.editable": asking({ editable: [{ step: "before", field: "note" }] }),
  "steps.remind_after": asking({ remind_after_ms: 3_600_000 }),
  "steps.escalate": asking({ on_timeout: "escalate", escalate: { after_ms: null, to: ["role:revops_lead"] } }),
  "steps.duration": step(waitStep("it", { after: ["before"], duration_ms: 1_500 })),
  "steps.until": step(waitStep("it", { after: ["before"], until: "${before.at}", duration_ms: null })),
  "steps.flow_id": step(flowStep("it", "other", { after: ["before"] })),
  "steps.input": step(flowStep("it", "other", { after: ["before"], input: { customer_id: "${customer.id}" } })),
};

it.each(features.map(nameOf))("%s compiles, as the table says", (name) => {
  const definition = examples[name];
  if (definition === undefined) throw new Error(`${name} has no example.`);
  expect(told(definition)).toEqual([]);
});

/** Refusals, or what is wrong with what was compiled. */
function told(definition: FlowDefinition): string[] {
  const compiled = compile(definition);
  if (!compiled.ok) return compiled.refusals.map(({ message }) => message);
  return [compiled.machine, compiled.batch].filter((machine) => machine !== null).flatMap(problemsOf);
}

function nameOf({ field, value }: Feature): string {
  return value === undefined ? field : `${field}: ${value}`;
}

const cells = (table: string) =>
  table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim().replace(/^-+$/, "-")));

it("is printed in docs/step-functions.md", async () => {
  const page = await text("docs/step-functions.md");
  const [, printed] = page.split(/<!-- features: .* -->/);
  expect(cells(printed ?? "")).toEqual(cells(featureTable()));
});
