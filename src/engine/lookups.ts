/** What can be asked of the store without driving anything: lists, one execution, what waits for whom, customers by name. */
import type { Customer } from "../flow/customer.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { nearest } from "../flow/nearest.ts";
import type { Person } from "../flow/person.ts";
import type { ExecutionHeader, ExecutionStatus, WaitingFor } from "../flow/record.ts";
import { costOf, noPrices } from "../flow/usage.ts";
import type { EngineContext } from "./context.ts";
import { RequestError, type ExecutionReport, type PersonalReport, type WaitingApproval } from "./engine.ts";
import type { Executions } from "./executions.ts";
import { headers } from "./header-pages.ts";
import { isAmong } from "./is-among.ts";
import { personalReport } from "./personal-report.ts";
import { redactText } from "./redact.ts";
import { startedByWords } from "./started-by.ts";
import { stepReport } from "./step-report.ts";

export class Lookups {
  readonly #context: EngineContext;
  readonly #executions: Executions;

  constructor(context: EngineContext, executions: Executions) {
    this.#context = context;
    this.#executions = executions;
  }

  async list(parameters: {
    status?: ExecutionStatus;
    flowId?: string;
    customerId?: string;
    limit: number;
  }): Promise<ExecutionHeader[]> {
    const { limit, ...filter } = parameters;
    const { store } = this.#context;
    const running = await store.list({ filter: { ...filter, status: filter.status ?? "running" }, limit });
    if (filter.status !== undefined || running.items.length >= limit) return running.items;
    const recent = await store.list({ filter, limit });
    const ids = new Set(running.items.map(({ execution_id }) => execution_id));
    const ended = recent.items.filter(({ execution_id }) => !ids.has(execution_id));
    return [...running.items, ...ended].slice(0, limit);
  }

  async report({ executionId }: { executionId: string }): Promise<ExecutionReport> {
    const header = await this.#context.store.getHeader({ executionId });
    const state = await this.execution({ executionId });
    if (header === null) throw await this.#unknownExecution(executionId);
    return {
      header,
      steps: state.definition.steps.map(({ id }) => stepReport(state, id)),
      startedBy: startedByWords(state),
      failure: state.failure === null ? null : `${state.failure.failure.error}: ${state.failure.failure.cause}`,
      ...unheardIn(state),
      cost: costOf(state.usage, this.#context.prices ?? noPrices),
    };
  }

  async execution({ executionId }: { executionId: string }): Promise<ExecutionState> {
    const state = await this.#executions.read(executionId);
    if (state === null) throw await this.#unknownExecution(executionId);
    return state;
  }

  async #unknownExecution(executionId: string): Promise<RequestError> {
    const { items } = await this.#context.store.list({ filter: {}, limit: 200 });
    const known = items.map(({ execution_id }) => execution_id);
    return new RequestError(`There is no execution ${executionId}.`, nearest(executionId, known));
  }

  findCustomers({ text }: { text: string }): Promise<Customer[]> {
    return this.#context.customers.find({ text });
  }

  async nearestCustomers({ text }: { text: string }): Promise<string[]> {
    const names: string[] = [];
    for await (const page of this.#context.customers.all()) names.push(...page.flatMap(({ id, name }) => [name, id]));
    const wanted = text.trim().toLowerCase();
    const holding = names.filter((name) => wanted.length > 2 && name.toLowerCase().includes(wanted));
    const near = nearest(text, names);
    return [...new Set([...(near === null ? [] : [near]), ...holding])].slice(0, 3);
  }

  async waiting(parameters: { person: Person | null; batchId?: string; offset: number; limit: number }) {
    const { person, batchId, offset, limit } = parameters;
    const filter = { status: "running" as const, ...(batchId === undefined ? {} : { batchId }) };
    const items: WaitingApproval[] = [];
    const isMine = this.#approverCheck(person);
    for await (const header of headers(this.#context.store, filter)) {
      for (const waiting of header.waiting_for) {
        if (waiting.kind === "approval" && (await isMine(waiting))) items.push({ header, waiting });
      }
    }
    const inOrder = items.toSorted((one, other) => (one.waiting.until ?? Infinity) - (other.waiting.until ?? Infinity));
    return { items: inOrder.slice(offset, offset + limit), total: items.length };
  }

  personal({ person }: { person: Person }): Promise<PersonalReport> {
    return personalReport(this.#context, person);
  }

  /** From the lists alone, each reference resolved once; the click is checked against the log (A2). */
  #approverCheck(person: Person | null): (waiting: WaitingFor) => Promise<boolean> {
    if (person === null) return () => Promise.resolve(true);
    const known = new Map<string, Promise<boolean>>();
    const isNamed = (reference: string): Promise<boolean> => {
      const answer = known.get(reference) ?? isAmong(this.#context, person, [reference]);
      known.set(reference, answer);
      return answer;
    };
    return async ({ references, requester_id }) => {
      if (requester_id === person.user_id) return false;
      const named = await Promise.all(references.map(isNamed));
      return named.includes(true);
    };
  }
}

function unheardIn({ service }: ExecutionState): Pick<ExecutionReport, "unheard"> {
  const { unheard = null } = service ?? {};
  return unheard === null ? {} : { unheard: redactText(unheard.failure.cause) };
}
