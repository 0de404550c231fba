/** What the agents' tests share: the sample in a temporary folder, requests, a renderer that shows what it was given. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ActionRequest, StepOutput } from "../../src/agents/agent.ts";
import type { RiskModel } from "../../src/agents/local/risk/risk-model.ts";
import { builtInModels } from "../../src/agents/local/risk/risk-models.ts";
import { bareCustomer, type Customer } from "../../src/flow/customer.ts";
import { FailureError } from "../../src/flow/failure.ts";
import type { Failure } from "../../src/flow/failure.ts";
import type { JsonObject } from "../../src/flow/json.ts";
import type { TemplateRenderer } from "../../src/flow/message-template.ts";

export const monday = Date.parse("2026-11-23T14:00:00Z");

export async function inTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "revops-agents-"));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function modelNamed(name: string): RiskModel {
  const model = builtInModels().get(name);
  if (model === undefined) throw new Error(`there is no model ${name}`);
  return model;
}

export function customerWith(fields: Partial<Customer> = {}): Customer {
  return { ...bareCustomer("cust-1"), name: "Acme Robotics", ...fields };
}

export function requestFor(
  action: string,
  fields: {
    parameters?: JsonObject;
    customer?: Customer | null;
    outputs?: StepOutput[];
    now?: number;
    timezone?: string;
    signal?: AbortSignal;
  } = {},
): ActionRequest {
  return {
    action,
    parameters: fields.parameters ?? {},
    customer: fields.customer ?? null,
    outputs: fields.outputs ?? [],
    context: {
      executionId: "exec-1",
      stepId: "step_1",
      attempt: 1,
      idempotencyKey: "exec-1/step_1",
      now: fields.now ?? monday,
      timezone: fields.timezone ?? "UTC",
      variables: {},
    },
    signal: fields.signal ?? new AbortController().signal,
  };
}

/** Renders its variables as JSON, so that a test sees what a template would get. */
export const echoTemplates: TemplateRenderer = {
  render: ({ template, variables }) => ({
    subject: `subject of ${template}`,
    html: "<p>html</p>",
    text: JSON.stringify(variables),
    slack: "slack text",
  }),
};

export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof FailureError) return error.failure;
    throw error;
  }
  throw new Error("nothing failed");
}
