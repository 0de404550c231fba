/** The package's exports for tests of flows, `revops-flows/testing` (docs/testing.md). */
export { AssertionError } from "./assertions.ts";
export type { EffectFault } from "./effect-faults.ts";
export { FlowTestCase, type FlowTestOptions } from "./flow-test-case.ts";
export type { DecisionArguments } from "./test-approvals.ts";
export { Coverage, type Counted, type FlowCoverage } from "./flow-coverage.ts";
export type { FlowResult, HeldEffect, ResultEffect, StepOutput } from "./flow-result.ts";
export { outputOf } from "./output-of.ts";
export type { TestContacts } from "./test-contacts.ts";
export type { GivenFlow } from "./given-flows.ts";
export type { AgentMock, KnownMock, Response } from "./mocked-agents.ts";
export type { GivenCustomer } from "./test-customers.ts";
export { classTests, type ClassTest } from "./test-classes.ts";
export { TestError } from "./test-error.ts";
export { VirtualClock } from "./virtual-clock.ts";
export { World, type Fault } from "./world.ts";
