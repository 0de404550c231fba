/**
 * What an operator does to executions: redrive and abort, one or many.
 *
 * Job: check who asks, hand the command to the execution's driver, answer truthfully; every refusal is an audit event (T4).
 * Non-job: what follows (decide.ts).
 */
import type { ExecutionState } from "../flow/execution.ts";
import type { JsonObject } from "../flow/json.ts";
import { nearest } from "../flow/nearest.ts";
import type { Person } from "../flow/person.ts";
import type { AuditEvent, ExecutionHeader } from "../flow/record.ts";
import { auditEvent } from "./audit.ts";
import type { RunningContext } from "./context.ts";
import { restarts } from "./decide/redrive.ts";
import type { ExecutionDriver } from "./driver.ts";
import {
  RequestError,
  type BulkAnswer,
  type BulkFilter,
  type DecisionAnswer,
  type RedriveAnswer,
  type RefusalReason,
} from "./engine.ts";
import type { Executions } from "./executions.ts";
import { headers } from "./header-pages.ts";
import { checkInput } from "./input.ts";
import { serviceName } from "./owed.ts";
import { mayOperate } from "./may-operate.ts";
import { takePlaces } from "./starts.ts";

interface Asked {
  executionId: string;
  person: Person | null;
}

interface AskedRedrive extends Asked {
  from?: string;
  input?: JsonObject;
}

interface AskedAbort extends Asked {
  compensate: boolean;
}

type Refused = Extract<DecisionAnswer, { kind: "refused" }>;

export class Operations {
  readonly #context: RunningContext;
  readonly #executions: Executions;

  constructor(context: RunningContext, executions: Executions) {
    this.#context = context;
    this.#executions = executions;
  }

  redrive(asked: AskedRedrive): Promise<RedriveAnswer> {
    return this.#executions.use(asked.executionId, (driver) => this.#redrive(driver, asked));
  }

  async #redrive(driver: ExecutionDriver | null, asked: AskedRedrive): Promise<RedriveAnswer> {
    const refused = await this.#whyNot(driver, asked, "redrive");
    if (refused !== null || driver === null) return refused ?? this.#unknown(asked);
    const { state } = driver;
    const { person, from = null, input: given = null } = asked;
    const nothing = `This execution is ${state.status.replace("_", " ")}; there is nothing to redrive.`;
    if (state.status === "running") return this.#refuse(state, asked, { reason: "already_decided", sentence: nothing });
    const input = given === null ? null : newInput(state, given);
    if (from !== null) checkStep(state, from);
    const all = restarts(state, { from, input });
    const places = all.length === 0 ? null : await takePlaces(this.#context, state);
    if (places?.kind === "taken") {
      const sentence = `Another execution of this flow about this customer runs: ${places.by}.`;
      return this.#refuse(state, asked, { reason: "already_running", sentence });
    }
    const detail = `${state.flowId} from ${from ?? "its failed step"}${input === null ? "" : " with another input"}`;
    const audit = [this.#audit(state, { action: "redrive", person, detail })];
    const queuedFor = places?.queuedFor ?? [];
    const { refusal } = await driver.submit({ type: "redrive", person, from, input, queuedFor }, audit);
    if (refusal !== null) return this.#refuse(state, asked, { reason: refusal, sentence: nothing });
    const keeps = state.definition.steps.map(({ id }) => id).filter((id) => !all.includes(id) && hasRun(state, id));
    return { kind: "recorded", ended: true, restarts: all, keeps, ...noteOn(state, { from, input }) };
  }

  abort(asked: AskedAbort): Promise<DecisionAnswer> {
    return this.#executions.use(asked.executionId, (driver) => this.#abort(driver, asked));
  }

  async #abort(driver: ExecutionDriver | null, asked: AskedAbort): Promise<DecisionAnswer> {
    const refused = await this.#whyNot(driver, asked, "abort");
    if (refused !== null || driver === null) return refused ?? this.#unknown(asked);
    const { person, compensate } = asked;
    if (compensate && driver.state.service !== null) {
      const sentence =
        "Step Functions can only stop it; it can't take back what was done. Abort it without compensating.";
      return this.#refuse(driver.state, asked, { reason: "unknown", sentence });
    }
    const detail = `${driver.state.flowId}${compensate ? ", taking back what was done" : ""}`;
    const audit = [this.#audit(driver.state, { action: "abort", person, detail })];
    const { state, refusal } = await driver.submit({ type: "abort", person, compensate }, audit);
    if (refusal === null) return { kind: "recorded", ended: state.status !== "running" };
    const sentence =
      state.status === "running"
        ? "This execution is being ended already."
        : `This execution has ended: it is ${state.status.replace("_", " ")}.`;
    return this.#refuse(state, asked, { reason: refusal, sentence });
  }

  abortAll(asked: { filter: BulkFilter; person: Person | null; compensate: boolean }): Promise<BulkAnswer> {
    const { filter, person, compensate } = asked;
    return this.#all({ ...filter, status: "running" }, (executionId) =>
      this.abort({ executionId, person, compensate }),
    );
  }

  /** Without a status: whatever ended otherwise than well. */
  redriveAll({ filter, person }: { filter: BulkFilter; person: Person | null }): Promise<BulkAnswer> {
    return this.#all(filter, (executionId) => this.redrive({ executionId, person }));
  }

  async #all(
    filter: BulkFilter,
    one: (executionId: string) => Promise<{ kind: "recorded" } | Refused>,
  ): Promise<BulkAnswer> {
    const answer: BulkAnswer = { done: [], refused: [] };
    for (const executionId of await this.#idsOf(filter)) {
      const result = await one(executionId);
      if (result.kind === "recorded") answer.done.push(executionId);
      else answer.refused.push({ executionId, message: result.message });
    }
    return answer;
  }

  /** Read before the first is changed, so that none is met twice. */
  async #idsOf(filter: BulkFilter): Promise<string[]> {
    const { startedBefore, startedAfter, ...stored } = filter;
    const ids: string[] = [];
    for await (const header of headers(this.#context.store, stored)) {
      if (filter.status === undefined && !wantsRedrive(header)) continue;
      if (startedBefore !== undefined && header.started_at >= startedBefore) continue;
      if (startedAfter !== undefined && header.started_at <= startedAfter) continue;
      ids.push(header.execution_id);
    }
    return ids;
  }

  async #whyNot(driver: ExecutionDriver | null, asked: Asked, verb: "redrive" | "abort"): Promise<Refused | null> {
    if (driver === null || (await mayOperate(this.#context, driver.state, asked.person))) return null;
    const sentence = `An operator or an approver of this flow can ${verb} it.`;
    return this.#refuse(driver.state, asked, { reason: "not_an_operator", sentence });
  }

  #unknown({ executionId }: Asked): never {
    throw new RequestError(`There is no execution ${executionId}.`);
  }

  async #refuse(
    state: ExecutionState,
    { person }: Asked,
    { reason, sentence }: { reason: RefusalReason; sentence: string },
  ): Promise<Refused> {
    const events = [this.#audit(state, { action: "refuse", person, detail: `${reason}: ${sentence}` })];
    await this.#context.store.recordAudit({ events });
    return { kind: "refused", reason, message: `${sentence} Nothing changed.` };
  }

  #audit(
    { flowId, executionId }: ExecutionState,
    said: { action: AuditEvent["action"]; person: Person | null; detail: string },
  ): AuditEvent {
    return auditEvent(this.#context, { ...said, flowId, executionId });
  }
}

function wantsRedrive({ status }: ExecutionHeader): boolean {
  return status === "failed" || status === "timed_out" || status === "aborted";
}

function hasRun(state: ExecutionState, stepId: string): boolean {
  return state.steps[stepId]?.status === "succeeded";
}

/** A service starts again where it failed, with what it was given; anything else is a new execution of its own, over the same log. */
function noteOn({ service, executionId, redrives }: ExecutionState, asked: { from: unknown; input: unknown }) {
  if (service === null || (asked.from === null && asked.input === null)) return {};
  const name = serviceName({ executionId, redrives: redrives + 1 });
  const cannot = asked.from === null ? "with another input" : "from a chosen step";
  return { note: `Step Functions can't redrive ${cannot}, so it starts ${name}, which goes on with this history.` };
}

function checkStep(state: ExecutionState, stepId: string): void {
  if (state.steps[stepId] !== undefined) return;
  throw new RequestError(`${state.flowId} has no step ${stepId}.`, nearest(stepId, Object.keys(state.steps)));
}

/** The old values, but for those given; the customer stays, since it was read when the execution started. */
function newInput(state: ExecutionState, given: JsonObject): JsonObject {
  const customerId = state.input["customer_id"];
  if (given["customer_id"] !== undefined && given["customer_id"] !== customerId) {
    throw new RequestError("A redrive keeps its customer. Start the flow for the other one instead.");
  }
  return checkInput({ definition: state.definition, input: { ...state.input, ...given } });
}
