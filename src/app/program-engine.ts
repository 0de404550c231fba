/**
 * The engine of a program: executions started, watched and decided without starting Slack (DESIGN §6, Program).
 *
 * Job: named arguments, answers with data keys as in YAML, refusals as errors. Non-job: how its parts are opened
 * (`open-program.ts`), and any rule of the engine.
 */
import { stepReport } from "../engine/step-report.ts";
import { RequestError, type DecisionAnswer, type RedriveAnswer } from "../engine/engine.ts";
import type { Explanation } from "../engine/explain.ts";
import { waitingFor } from "../engine/header.ts";
import type { StepReport } from "../flow/card.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { Failure } from "../flow/failure.ts";
import type { DecisionWord } from "../flow/flow.ts";
import type { Json, JsonObject } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";
import type { ExecutionStatus, Outcome, WaitingFor } from "../flow/record.ts";
import { programSource } from "../flow/registry.ts";
import type { Program, ProgramOptions } from "./open-program.ts";

export interface StepStatus {
  step_id: string;
  status: StepReport["status"];
  skipped: StepReport["skipped"];
  /** Null until it has ended. */
  output: Json;
  failure: Failure | null;
  attempts: number;
  /** ISO 8601. */
  started_at: string | null;
  ended_at: string | null;
}

export interface StatusOfExecution {
  execution_id: string;
  flow_id: string;
  flow_version: string;
  status: ExecutionStatus;
  outcome: Outcome | null;
  failure: Failure | null;
  /** Empty while it goes on by itself, and when it has ended. Times in ISO 8601. */
  waiting_for: {
    kind: WaitingFor["kind"];
    step_id: string;
    people: string[];
    since: string;
    until: string | null;
    execution_id: string | null;
  }[];
  /** In the flow's order. */
  steps: StepStatus[];
}

/** A flow that the program has registered can't be used: each problem with its step and key. */
export class FlowError extends Error {
  override readonly name = "FlowError";
  readonly problems: readonly string[];
  constructor(flowId: string, problems: readonly string[]) {
    super([`The flow ${flowId} can't be used:`, ...problems].join("\n  "));
    this.problems = problems;
  }
}

export class FlowEngine {
  readonly #options: ProgramOptions;
  #opening: Promise<Program> | null = null;
  #isClosed = false;

  /** Opens nothing yet: the first call does, and is told what is wrong with the settings. */
  constructor(options: ProgramOptions = {}) {
    this.#options = options;
  }

  /** For a program that only waits for the schedules of what it has registered. */
  async start(): Promise<void> {
    await this.#open();
  }

  /**
   * Resolves once the start is durable. The same `startKey` starts one execution, however often. Throws `RequestError` for an
   * unknown flow or a wrong input, and where one about the same customer runs; `FlowError` for a flow that can't be used.
   */
  async executeFlow(named: {
    flowId: string;
    inputParameters?: JsonObject;
    startKey?: string;
  }): Promise<{ id: string }> {
    const { flowId, inputParameters: input = {}, ...others } = named;
    const { engine, flows } = await this.#open();
    if (flows.hasNew) await flows.look();
    const problems = flows.problems.filter(({ file }) => file === programSource({ flowId }));
    if (problems.some(({ severity }) => severity === "error"))
      throw new FlowError(
        flowId,
        problems.map(({ message }) => message),
      );
    const started = await engine.start({ flowId, input, person: null, ...others });
    if (started.kind === "started") return { id: started.executionId };
    const about = started.customer?.name ?? "this customer";
    throw new RequestError(`An execution of ${flowId} about ${about} runs already: ${started.executionId}.`);
  }

  /** Of any execution in the store. Throws `RequestError` with the nearest id. */
  async getExecutionStatus(id: string): Promise<StatusOfExecution> {
    return statusOf(await (await this.#open()).engine.execution({ executionId: id }));
  }

  /** Why it isn't over yet, or why it ended as it did. */
  async explain(id: string): Promise<Explanation> {
    return (await this.#open()).engine.explain({ executionId: id });
  }

  /** `by`: whose decision it is, by mail address or Slack's user id; they must be among the approvers (A2). */
  async decide(named: {
    executionId: string;
    stepId: string;
    decision: DecisionWord;
    by: string;
    reason?: string;
  }): Promise<DecisionAnswer> {
    const { executionId, stepId, decision, by, reason = null } = named;
    const program = await this.#open();
    const person = await personOf(program, by);
    const { steps } = await program.engine.execution({ executionId });
    const version = steps[stepId]?.approval?.version ?? 0;
    return program.engine.decide({ executionId, stepId, version, person, decision, reason });
  }

  /** Without `by` it is the program that does it. */
  async abort(named: { executionId: string; compensate?: boolean; by?: string }): Promise<DecisionAnswer> {
    const { executionId, compensate = false, by } = named;
    const program = await this.#open();
    return program.engine.abort({ executionId, compensate, person: await personOrNull(program, by) });
  }

  /** From what failed, or from the step `from`; `input`: values that replace the old ones. */
  async redrive(named: {
    executionId: string;
    from?: string;
    input?: JsonObject;
    by?: string;
  }): Promise<RedriveAnswer> {
    const { by, ...asked } = named;
    const program = await this.#open();
    return program.engine.redrive({ ...asked, person: await personOrNull(program, by) });
  }

  /** Resolves when nothing is under way: each execution that it drives has ended, or waits for somebody or for a time. */
  async idle(): Promise<void> {
    await (await this.#open()).engine.idle();
  }

  /** Lets running attempts finish for ten seconds, and hands on what isn't over. A second time it does nothing. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const opened = await this.#opening?.catch(() => null);
    await opened?.close();
  }

  async #open(): Promise<Program> {
    if (this.#isClosed) throw new RequestError("This engine has been closed.");
    // Loaded late: a program that only registers flows needs none of it.
    this.#opening ??= import("./open-program.ts").then(({ openProgram }) => openProgram(this.#options));
    const program = await this.#opening;
    if (program.isLost()) throw new RequestError("This engine stood still or was cut off. Make a new one to go on.");
    return program;
  }
}

async function personOrNull(program: Program, by: string | undefined): Promise<Person | null> {
  return by === undefined ? null : personOf(program, by);
}

async function personOf({ people }: Program, by: string): Promise<Person> {
  const person = await people.find(by.includes("@") ? { email: by } : { userId: by });
  if (person === null) throw new RequestError(`Slack's workspace has nobody known as ${by}.`);
  return person;
}

function statusOf(state: ExecutionState): StatusOfExecution {
  const { status, outcome, failure, steps } = state;
  const waiting = status === "running" ? waitingFor(state) : [];
  return {
    execution_id: state.executionId,
    flow_id: state.flowId,
    flow_version: state.flowVersion,
    status,
    outcome,
    // A redrive keeps it for its card.
    failure: status === "failed" || status === "timed_out" ? (failure?.failure ?? null) : null,
    waiting_for: waiting.map(({ kind, step_id, people, since, until, execution_id }) => ({
      kind,
      step_id,
      people,
      since: iso(since),
      until: until === null ? null : iso(until),
      execution_id,
    })),
    steps: state.definition.steps.map(({ id }) => stepStatus(stepReport(state, id), steps[id]?.output ?? null)),
  };
}

function stepStatus(step: StepReport, output: Json): StepStatus {
  const { stepId, status, skipped, failure, attempts, startedAt, endedAt } = step;
  return {
    step_id: stepId,
    status,
    skipped,
    output,
    failure,
    attempts,
    started_at: startedAt === null ? null : iso(startedAt),
    ended_at: endedAt === null ? null : iso(endedAt),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
