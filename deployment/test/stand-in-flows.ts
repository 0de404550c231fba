/** Flows as the compiler writes them, small enough to read: what is deployed around them is looked at here, not what they do. */
import { placeholders } from "../../src/asl/protocol.ts";
import type { CompiledFlow, CompiledReport } from "../lib/compiled-flow.ts";

const task = (functionName: string) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: functionName, Payload: { note: "a text with ${ActionsFunction} in it stays" } },
});

const report: CompiledReport = {
  added: [],
  notes: [],
  transitions: 4,
  events: 16,
  definition_bytes: 800,
  per_item: [],
  cost: 0.0001,
};

export const renewal: CompiledFlow = {
  flow_id: "renewal_management",
  version: "2.0",
  hash: "a".repeat(64),
  machine: {
    QueryLanguage: "JSONata",
    StartAt: "begin",
    States: {
      begin: { ...task(placeholders.actions), Next: "send" },
      send: { ...task(placeholders.effects), End: true },
    },
  },
  batch: {
    QueryLanguage: "JSONata",
    StartAt: "start",
    States: {
      start: {
        Type: "Task",
        Resource: "arn:aws:states:::states:startExecution",
        Arguments: { StateMachineArn: placeholders.stateMachine("renewal_management") },
        End: true,
      },
    },
  },
  schedules: [
    {
      expression: "cron(0 9 ? * MON-FRI *)",
      timezone: "America/New_York",
      starts: "batch",
      window_minutes: null,
      input: { trigger: 0, scheduled_at: "<aws.scheduler.scheduled-time>" },
    },
  ],
  sub_flows: ["onboarding"],
  report: { ...report, added: [{ waits: "send", for: "begin" }] },
};

export const onboarding: CompiledFlow = {
  flow_id: "onboarding",
  version: "1.0",
  hash: "b".repeat(64),
  machine: {
    QueryLanguage: "JSONata",
    StartAt: "begin",
    States: { begin: { ...task(placeholders.actions), End: true } },
  },
  batch: null,
  schedules: [],
  sub_flows: [],
  report,
};
