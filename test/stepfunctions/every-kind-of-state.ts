/** One machine with everything that the compiler may write. */
import { branch, machine, pass, task, tokenTask } from "./interpreter/sample-machines.ts";

export function everyKindOfState(): object {
  const Retry = [
    {
      ErrorEquals: ["Agent.Throttled", "States.Timeout"],
      IntervalSeconds: 1,
      MaxAttempts: 3,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      JitterStrategy: "FULL",
    },
    { ErrorEquals: ["States.ALL"], MaxAttempts: 0 },
  ];
  const Catch = [
    {
      ErrorEquals: ["States.ALL"],
      Assign: { failed: "{% $states.errorOutput.Error %}" },
      Output: { failed: true },
      Next: "group",
    },
  ];
  return machine(
    {
      begin: task("${ActionsFunction}", {
        TimeoutSeconds: 30,
        Retry,
        Catch,
        Assign: { steps: {}, failed: "{% '' %}", roots: "{% $states.result.Payload %}" },
        Output: "{% $states.result.Payload %}",
        Next: "group",
      }),
      group: {
        Type: "Parallel",
        Branches: [
          branch({ pause: { Type: "Wait", Seconds: "{% 5 %}", Next: "one" }, one: pass({ one: "{% $failed %}" }) }),
          branch({ until: { Type: "Wait", Timestamp: "{% $now() %}", Next: "two" }, two: pass({ two: 2 }) }),
        ],
        Assign: { steps: "{% $merge([$steps, $states.result]) %}" },
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "which" }],
        Next: "each",
      },
      each: {
        Type: "Map",
        Items: "{% [1..3] %}",
        ItemSelector: { item: "{% $states.context.Map.Item.Value %}", index: "{% $states.context.Map.Item.Index %}" },
        MaxConcurrency: 5,
        ItemProcessor: {
          ProcessorConfig: { Mode: "INLINE" },
          ...branch({ item: pass("{% $states.input.item * 2 %}") }),
        },
        Next: "all",
      },
      all: {
        Type: "Map",
        Label: "customers",
        Items: "{% $states.input %}",
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          ...branch({
            customer: task("", {
              Resource: "arn:aws:states:::states:startExecution.sync:2",
              Arguments: { StateMachineArn: "child", Input: { n: "{% $states.input %}" } },
              Output: "{% $states.result.Output %}",
            }),
          }),
        },
        ToleratedFailurePercentage: 100,
        Next: "which",
      },
      which: { Type: "Choice", Choices: [{ Condition: "{% $failed != '' %}", Next: "no" }], Default: "ask" },
      ask: tokenTask("${EffectsFunction}", {
        TimeoutSeconds: 259_200,
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "no" }],
        Next: "yes",
      }),
      yes: { Type: "Succeed", Output: { decision: "{% $states.input.decision %}", steps: "{% $steps %}" } },
      no: { Type: "Fail", Error: "Flow.Failed", Cause: "{% 'failed: ' & $failed %}" },
    },
    { Comment: "everything", TimeoutSeconds: 604_800 },
  );
}
