/**
 * The package's own exports, for flows and programs inside the repository (docs/library.md): flows put together by a program, and
 * an engine that runs them without starting Slack.
 */
export { FlowEngine, FlowError, type StatusOfExecution, type StepStatus } from "./app/program-engine.ts";
export type { ProgramOptions } from "./app/open-program.ts";
export { RequestError, type DecisionAnswer, type RedriveAnswer } from "./engine/engine.ts";
export type { Explanation } from "./engine/explain.ts";
export { Flow, type ErrorHandlingArguments, type FlowArguments, type InputArguments } from "./flow/api/flow.ts";
export {
  Step,
  type AgentStepArguments,
  type ApprovalStepArguments,
  type FlowStepArguments,
  type RetryArguments,
  type StepArguments,
  type WaitStepArguments,
} from "./flow/api/step.ts";
export { Trigger, type EventTriggerArguments, type ScheduleTriggerArguments } from "./flow/api/trigger.ts";
