/** An engine that answers what the test says and records what it was asked. */
import type { AnswerPart } from "../../src/agents/answerer.ts";
import type { CustomerRisk } from "../../src/engine/customer-risk.ts";
import {
  RequestError,
  type Asked,
  type BulkAnswer,
  type DecisionAnswer,
  type EditAnswer,
  type EditFormAnswer,
  type Engine,
  type EventStart,
  type ExecutionReport,
  type FlowSummary,
  type FlowVersion,
  type PersonalReport,
  type RedriveAnswer,
} from "../../src/engine/engine.ts";
import type { Explanation } from "../../src/engine/explain.ts";
import type { Metrics } from "../../src/engine/metrics.ts";
import type { History, RecentExecution } from "../../src/engine/timeline-line.ts";
import type { ApprovalCard } from "../../src/flow/card.ts";
import type { Case } from "../../src/flow/case.ts";
import { bareCustomer, type Customer } from "../../src/flow/customer.ts";
import type { ExecutionState } from "../../src/flow/execution.ts";
import { definitionHash, type FlowDefinition } from "../../src/flow/flow.ts";
import type { Batch, ExecutionHeader } from "../../src/flow/record.ts";
import type { People } from "../../src/notify/notifier.ts";

export const dana = { user_id: "UDANA", email: "dana@example.com", name: "Dana Reyes" };
export const lead = { user_id: "ULEAD", email: "lead@example.com", name: "Robin Lead" };

export class FakeEngine implements Engine {
  readonly asked: { name: keyof Engine; parameters: unknown }[] = [];
  definitions: FlowDefinition[] = [definition({}), definition({ flow_id: "nightly_sync", input: {}, triggers: [] })];
  customers: Customer[] = [customer({}), customer({ id: "cust-2", name: "Globex" })];
  headers: ExecutionHeader[] = [];
  approvals: ApprovalCard[] = [];
  states: ExecutionState[] = [];
  decision: DecisionAnswer = { kind: "recorded", ended: true };
  may: Awaited<ReturnType<Engine["mayDecide"]>> = { kind: "yes", reasonRequired: true };
  editFormAnswer: EditFormAnswer = { kind: "form", fields: [] };
  editAnswer: EditAnswer = { kind: "edited", version: 2 };
  personalReport: PersonalReport = { executions: [], customersAtRisk: [] };
  redriveAnswer: RedriveAnswer = { kind: "recorded", ended: true, restarts: ["look"], keeps: [] };
  /** By flow_id. */
  pauses = new Map<string, NonNullable<FlowSummary["paused"]>>();
  versionList: FlowVersion[] = [];
  explanations: Explanation[] = [];
  histories: History[] = [];
  recentExecutions: RecentExecution[] = [];
  figures: Metrics = { since: 0, until: 0, executions: 0, cut: false, unreadable: [], flows: [] };
  /** What a question is answered with, and whom it is about. */
  parts: AsyncIterable<AnswerPart> | Iterable<AnswerPart> = [{ kind: "text", text: "So it is." }];
  aboutCustomer: string | null = null;
  openCases: Case[] = [];
  risk: Pick<CustomerRisk, "now" | "past"> = { now: null, past: [] };
  running: string | null = null;
  /** Thrown by whatever is asked next. */
  fault: Error | null = null;
  readonly #seen = new Set<string>();

  of(name: keyof Engine): unknown[] {
    return this.asked.filter((one) => one.name === name).map((one) => one.parameters);
  }
  #note(name: keyof Engine, parameters: unknown): void {
    this.asked.push({ name, parameters });
    if (this.fault !== null && name !== "firstTime") throw this.fault;
  }

  async flows() {
    this.#note("flows", null);
    return this.definitions.map((definition) => ({
      definition,
      file: null,
      nextFiring: this.pauses.has(definition.flow_id) ? null : 1_800_000_000_000,
      running: 2,
      paused: this.pauses.get(definition.flow_id) ?? null,
    }));
  }
  flow({ flowId }: { flowId: string }) {
    this.#note("flow", { flowId });
    const found = this.definitions.find((one) => one.flow_id === flowId);
    if (found === undefined) throw new RequestError(`There is no flow ${flowId}.`, "renewal_management");
    return found;
  }
  async start(parameters: Parameters<Engine["start"]>[0]) {
    this.#note("start", parameters);
    const about = this.customers.find((one) => one.id === parameters.input["customer_id"]) ?? null;
    if (this.running !== null) return { kind: "already_running" as const, executionId: this.running, customer: about };
    return { kind: "started" as const, executionId: "exec-new", customer: about };
  }
  async startBatch(parameters: Parameters<Engine["startBatch"]>[0]) {
    this.#note("startBatch", parameters);
    return batch(parameters.channel);
  }
  async decide(parameters: Parameters<Engine["decide"]>[0]) {
    this.#note("decide", parameters);
    return this.decision;
  }
  async customerRisk(parameters: Parameters<Engine["customerRisk"]>[0]): Promise<CustomerRisk> {
    this.#note("customerRisk", parameters);
    const found = this.customers.find(({ id }) => id === parameters.customerId);
    if (found === undefined) throw new RequestError(`There is no customer ${parameters.customerId}.`);
    return { customer: found, at: 1_795_000_000_000, ...this.risk };
  }
  async mayDecide(parameters: Parameters<Engine["mayDecide"]>[0]) {
    this.#note("mayDecide", parameters);
    return this.may;
  }
  async cases(parameters: Parameters<Engine["cases"]>[0]) {
    this.#note("cases", parameters);
    return { items: this.openCases.slice(0, parameters.limit), total: this.openCases.length };
  }
  async maySetAside(parameters: Parameters<Engine["maySetAside"]>[0]) {
    this.#note("maySetAside", parameters);
    const [record] = this.openCases;
    if (this.decision.kind === "refused") return this.decision;
    if (record === undefined) throw new Error("This engine has no case.");
    return { kind: "yes" as const, record };
  }
  async setAside(parameters: Parameters<Engine["setAside"]>[0]) {
    this.#note("setAside", parameters);
    return this.decision;
  }
  async approval(parameters: Parameters<Engine["approval"]>[0]) {
    this.#note("approval", parameters);
    return this.approvals.find((card) => card.executionId === parameters.executionId) ?? null;
  }
  async resolveDoubt(parameters: Parameters<Engine["resolveDoubt"]>[0]) {
    this.#note("resolveDoubt", parameters);
    return this.decision;
  }
  async redrive(parameters: Parameters<Engine["redrive"]>[0]) {
    this.#note("redrive", parameters);
    return this.decision.kind === "refused" ? this.decision : this.redriveAnswer;
  }
  async abort(parameters: Parameters<Engine["abort"]>[0]) {
    this.#note("abort", parameters);
    return this.decision;
  }
  async abortAll(parameters: Parameters<Engine["abortAll"]>[0]): Promise<BulkAnswer> {
    this.#note("abortAll", parameters);
    return { done: [], refused: [] };
  }
  async redriveAll(parameters: Parameters<Engine["redriveAll"]>[0]): Promise<BulkAnswer> {
    this.#note("redriveAll", parameters);
    return { done: [], refused: [] };
  }
  async pause(parameters: Parameters<Engine["pause"]>[0]) {
    this.#note("pause", parameters);
    return this.decision;
  }
  async resume(parameters: Parameters<Engine["resume"]>[0]) {
    this.#note("resume", parameters);
    return this.decision;
  }
  async receiveEvent(parameters: Parameters<Engine["receiveEvent"]>[0]): Promise<EventStart[]> {
    this.#note("receiveEvent", parameters);
    return [];
  }
  async explain(parameters: Parameters<Engine["explain"]>[0]) {
    this.#note("explain", parameters);
    return known(this.explanations, parameters);
  }
  async history(parameters: Parameters<Engine["history"]>[0]) {
    this.#note("history", parameters);
    return known(this.histories, parameters);
  }
  async recent(parameters: Parameters<Engine["recent"]>[0]) {
    this.#note("recent", parameters);
    return this.recentExecutions;
  }
  async metrics(parameters: Parameters<Engine["metrics"]>[0]) {
    this.#note("metrics", parameters);
    return this.figures;
  }
  async versions(parameters: Parameters<Engine["versions"]>[0]) {
    this.#note("versions", parameters);
    return this.versionList;
  }
  async definition(parameters: Parameters<Engine["definition"]>[0]) {
    this.#note("definition", parameters);
    return this.definitions.find((one) => definitionHash(one) === parameters.hash) ?? null;
  }
  async list(parameters: Parameters<Engine["list"]>[0]) {
    this.#note("list", parameters);
    const { status, flowId, customerId, limit } = parameters;
    return this.headers
      .filter((header) => status === undefined || header.status === status)
      .filter((header) => flowId === undefined || header.flow_id === flowId)
      .filter((header) => customerId === undefined || header.customer_id === customerId)
      .slice(0, limit);
  }
  async report({ executionId }: { executionId: string }): Promise<ExecutionReport> {
    this.#note("report", { executionId });
    const found = this.headers.find((one) => one.execution_id === executionId);
    if (found === undefined) throw new RequestError(`There is no execution ${executionId}.`);
    return { header: found, steps: [], startedBy: "Robin Lead", failure: null, cost: null };
  }
  async execution({ executionId }: { executionId: string }) {
    this.#note("execution", { executionId });
    const found = this.states.find((one) => one.executionId === executionId);
    if (found === undefined) throw new RequestError(`There is no execution ${executionId}.`);
    return found;
  }
  async ask(parameters: Parameters<Engine["ask"]>[0]): Promise<Asked> {
    this.#note("ask", parameters);
    const { parts } = this;
    return {
      customerId: this.aboutCustomer,
      parts: (async function* () {
        yield* parts;
      })(),
    };
  }
  async findCustomers({ text }: { text: string }) {
    this.#note("findCustomers", { text });
    const wanted = text.trim().toLowerCase();
    return this.customers.filter((one) => one.id === text || one.name.toLowerCase() === wanted);
  }
  async nearestCustomers() {
    return ["Acme Robotics", "Globex"];
  }
  async editForm(parameters: Parameters<Engine["editForm"]>[0]): Promise<EditFormAnswer> {
    this.#note("editForm", parameters);
    return this.editFormAnswer;
  }
  async edit(parameters: Parameters<Engine["edit"]>[0]): Promise<EditAnswer> {
    this.#note("edit", parameters);
    return this.editAnswer;
  }
  async personal(parameters: Parameters<Engine["personal"]>[0]) {
    this.#note("personal", parameters);
    return this.personalReport;
  }
  async waiting(parameters: Parameters<Engine["waiting"]>[0]) {
    this.#note("waiting", parameters);
    const items = this.headers.flatMap((header) => header.waiting_for.map((waiting) => ({ header, waiting })));
    return { items: items.slice(parameters.offset, parameters.offset + parameters.limit), total: items.length };
  }
  async firstTime({ key }: { key: string; ttlMs: number }) {
    this.#note("firstTime", { key });
    const isFirst = !this.#seen.has(key);
    this.#seen.add(key);
    return isFirst;
  }
  async nextDue() {
    return null;
  }
  async tick() {}
  async idle() {}
  async stop() {}
}

export const fakePeople: People = {
  find: async (who) => [dana, lead].find((one) => ("userId" in who ? one.user_id === who.userId : false)) ?? null,
  resolve: async () => [],
  label: async ({ reference }) => reference,
};

function known<T extends { execution_id: string }>(all: T[], { executionId }: { executionId: string }): T {
  const found = all.find((one) => one.execution_id === executionId);
  if (found === undefined) throw new RequestError(`There is no execution ${executionId}.`);
  return found;
}

export function definition(fields: Partial<FlowDefinition>): FlowDefinition {
  const customerId = { type: "string" as const, enum: null, required: true, default: null, description: null };
  const schedule = "cron(0 9 * * ? *)";
  const filter = ["customer.renewal_date <= current_date + interval '30 days'"];
  return {
    flow_id: "renewal_management",
    version: "2.0",
    description: "Watches renewals",
    input: { customer_id: customerId },
    triggers: [
      { type: "schedule", schedule, timezone: null, catch_up: "latest", overlap: "skip", filter, jitter_ms: 0 },
    ],
    steps: [
      {
        kind: "agent",
        id: "look",
        depends_on: [],
        when: null,
        timeout_ms: null,
        agent: "data_agent",
        action: "retrieve_customer_data",
        parameters: {},
        retry: { max_attempts: 1, interval_ms: 0, backoff_rate: 1, max_interval_ms: 0, jitter: "none", on: null },
        on_error: "fail",
        due: null,
        late: "run",
        for_each: null,
        max_concurrency: null,
        compensate: null,
      },
    ],
    failure_notification: null,
    timeout_ms: null,
    concurrency: null,
    ...fields,
  };
}

export function customer(fields: Partial<Customer>): Customer {
  return {
    ...bareCustomer("cust-1"),
    name: "Acme Robotics",
    segment: "mid-market",
    region: "EMEA",
    account_manager_email: "dana@example.com",
    account_manager_name: "Dana Reyes",
    arr: 84_000,
    currency: "USD",
    ...fields,
  };
}

export function header(fields: Partial<ExecutionHeader>): ExecutionHeader {
  return {
    execution_id: "exec-1",
    flow_id: "renewal_management",
    flow_version: "2.0",
    definition_hash: "hash",
    customer_id: "cust-1",
    customer_name: "Acme Robotics",
    batch_id: null,
    status: "running",
    outcome: null,
    open: true,
    wake_at: null,
    owner: "me",
    started_at: 1_800_000_000_000,
    ended_at: null,
    waiting_for: [],
    requester_id: null,
    risk_score: null,
    parent_id: null,
    ...fields,
  };
}

export function approvalCard(fields: Partial<ApprovalCard>): ApprovalCard {
  return {
    kind: "approval",
    executionId: "exec-1",
    stepId: "approve_recommendations",
    version: 1,
    flowId: "renewal_management",
    flowDescription: null,
    customer: customer({}),
    timezone: "UTC",
    now: 1_800_000_000_000,
    outputs: [],
    plans: [],
    later: [],
    takenBack: [],
    status: "pending",
    requestedAt: 1_800_000_000_000,
    endedAt: null,
    expiresAt: null,
    waitingFor: ["Dana Reyes"],
    isEditable: false,
    edits: [],
    remindAt: null,
    remindedAt: null,
    escalateAt: null,
    escalateTo: [],
    escalated: null,
    caseNote: null,
    history: [],
    quorum: 1,
    votes: [],
    effects: [],
    execution: { status: "running", outcome: null, stopped: null },
    ...fields,
  };
}

function batch(channel: string): Batch {
  return {
    batch_id: "batch-1",
    flow_id: "renewal_management",
    definition_hash: "hash",
    started_by: { type: "manual", person: lead },
    started_at: 1_800_000_000_000,
    customer_ids: ["cust-1", "cust-2"],
    customers_total: 40,
    already_running: {},
    status: "starting",
    channel,
    message_ts: null,
    revision: 1,
    owner: "me",
  };
}
