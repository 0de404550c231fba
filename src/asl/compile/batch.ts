/**
 * `FLOW_batch`: a firing of a schedule finds its customers page by page and starts an execution for each, of the name it is given.
 * A customer who can't be started keeps nobody else from it; how many there were is how the batch fails in the end.
 */
import { isAboutCustomer } from "../../flow/flow.ts";
import { placeholders } from "../protocol.ts";
import type { Compilation } from "./compilation.ts";
import { tooManyStarts } from "./failures.ts";
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
    firing: {
      Type: "Pass",
      Assign: { firing: jsonata("$states.input"), after: null, missing: 0 },
      Next: "find customers",
    },
    "find customers": find,
    "start executions": startExecutions(flow_id),
    "more customers": {
      Type: "Choice",
      Choices: [
        { Condition: jsonata("$after != null"), Next: "find customers" },
        { Condition: jsonata("$missing > 0"), Next: "some not started" },
      ],
      Default: "all started",
    },
    "all started": { Type: "Succeed", Output: {} },
    "some not started": { Type: "Fail", Error: "Flow.Failed", Cause: jsonata(notStarted) },
  };
  const Comment = `${flow_id} ${version}, definition ${hash}: one execution for each customer of a firing`;
  return { Comment, QueryLanguage: "JSONata", StartAt: "firing", States };
}

const notStarted =
  '$string($missing) & ($missing = 1 ? " customer" : " customers") & " could not be started; the Map Run says why. ' +
  'Start this batch again with the same input: whoever has been started is not started twice."';

const started = { started: 1 };

/** Each in a child of its own, whose answer is short: however many customers, no payload grows. */
function startExecutions(flowId: string): State {
  return {
    Type: "Map",
    Items: jsonata("$states.input.customers"),
    MaxConcurrency: 100,
    ToleratedFailurePercentage: 100,
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
          Retry: [tooManyStarts(20)],
          // The same firing came before: it runs, or has run.
          Catch: [
            {
              ErrorEquals: ["StepFunctions.ExecutionAlreadyExistsException", "StepFunctions.ExecutionAlreadyExists"],
              Output: {},
              Next: "started before",
            },
          ],
          Output: started,
          End: true,
        },
        "started before": { Type: "Pass", Output: started, End: true },
      },
    },
    // A child that failed gives no such number, however its place in the results looks.
    Assign: { missing: jsonata("$missing + $count($states.input.customers) - $sum([$states.result.started])") },
    Output: {},
    Next: "more customers",
  };
}
