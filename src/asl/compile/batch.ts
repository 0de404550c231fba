/** `FLOW_batch`: a firing of a schedule finds its customers page by page and starts an execution for each, of the name it is given. */
import { isAboutCustomer } from "../../flow/flow.ts";
import { placeholders } from "../protocol.ts";
import type { Compilation } from "./compilation.ts";
import { jsonata, type Machine, type State } from "./machine.ts";
import { call, tries } from "./requests.ts";

export function batchMachine(compilation: Compilation): Machine | null {
  const { definition, hash } = compilation;
  if (!isAboutCustomer(definition) || !definition.triggers.some(({ type }) => type === "schedule")) return null;
  const { flow_id, version } = definition;
  const find = {
    ...call("actions", {
      kind: "find_customers",
      flow_id,
      hash,
      trigger: jsonata("$firing.trigger"),
      scheduled_at: jsonata("$firing.scheduled_at"),
      after: jsonata("$after"),
    }),
    Retry: tries(compilation, null),
    Assign: { after: jsonata("$states.result.Payload.after") },
    Output: { customers: jsonata("$states.result.Payload.customers") },
    Next: "start executions",
  } satisfies State;
  const States: Record<string, State> = {
    firing: { Type: "Pass", Assign: { firing: jsonata("$states.input"), after: null }, Next: "find customers" },
    "find customers": find,
    "start executions": startExecutions(flow_id),
    "more customers": {
      Type: "Choice",
      Choices: [{ Condition: jsonata("$after != null"), Next: "find customers" }],
      Default: "all started",
    },
    "all started": { Type: "Succeed", Output: {} },
  };
  const Comment = `${flow_id} ${version}, definition ${hash}: one execution for each customer of a firing`;
  return { Comment, QueryLanguage: "JSONata", StartAt: "firing", States };
}

/** Each in a child of its own, whose answer is empty: however many customers, no payload grows. */
function startExecutions(flowId: string): State {
  return {
    Type: "Map",
    Items: jsonata("$states.input.customers"),
    MaxConcurrency: 100,
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
      StartAt: "start",
      States: {
        start: {
          Type: "Task",
          Resource: "arn:aws:states:::states:startExecution",
          Arguments: {
            StateMachineArn: placeholders.stateMachine(flowId),
            Name: jsonata("$states.input.execution_id"),
            Input: { customer_id: jsonata("$states.input.customer_id") },
          },
          Retry: [
            {
              ErrorEquals: [
                "StepFunctions.ThrottlingException",
                "StepFunctions.ExecutionLimitExceeded",
                "StepFunctions.SdkClientException",
              ],
              IntervalSeconds: 1,
              MaxAttempts: 20,
              BackoffRate: 2,
              MaxDelaySeconds: 60,
              JitterStrategy: "FULL",
            },
          ],
          // The same firing came before: it runs, or has run.
          Catch: [
            {
              ErrorEquals: ["StepFunctions.ExecutionAlreadyExistsException", "StepFunctions.ExecutionAlreadyExists"],
              Output: {},
              Next: "started before",
            },
          ],
          Output: {},
          End: true,
        },
        "started before": { Type: "Pass", Output: {}, End: true },
      },
    },
    Output: {},
    Next: "more customers",
  };
}
