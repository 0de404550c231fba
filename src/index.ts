/**
 * The package's own exports, for flows and programs inside the repository (docs/library.md): flows put together by a program, and
 * an engine that runs them without starting Slack.
 */
export { FlowEngine, FlowError, type StatusOfExecution, type StepStatus } from "./app/program-engine.ts";
export type { ProgramOptions } from "./app/open-program.ts";
export { RequestError, type DecisionAnswer, type RedriveAnswer } from "./engine/engine.ts";
export type { Explanation } from "./engine/explain.ts";
export { Flow, type ErrorHandlingArguments, type FlowArguments, type InputArguments } from "./flow/api/flow.ts";
export type { ApprovalStepArguments, FlowStepArguments, RetryArguments, WaitStepArguments } from "./flow/api/step.ts";
export { Trigger, type EventTriggerArguments, type ScheduleTriggerArguments } from "./flow/api/trigger.ts";
export {
  Step,
  type TypedAgentStepArguments as AgentStepArguments,
  type TypedStepArguments as StepArguments,
} from "./app/typed-step.ts";
export {
  defineAction,
  type ActionTypesOf,
  type OwnAction,
  type OwnActionDefinition,
  type OwnAnswer,
} from "./agents/own/define-action.ts";
export { planEmail, planSlackMessage } from "./agents/own/plan-message.ts";
export type { ActionRequest, StepOutput } from "./agents/agent.ts";
export type { PlannedEffect } from "./flow/effect.ts";
export { FailureError } from "./flow/failure.ts";
// Whole, so that a program's `declare module "revops-flows"` can add its own actions to `ActionTypes`.
export type * from "./agents/known-actions.ts";
