/**
 * The flow testing framework (docs/testing.md): a flow on the app's own engine, with mocked agents, a clock that the test moves
 * and a world that records what would have left. Bound to no test runner.
 *
 * Job: what a test says, in the flow author's words. Non-job: any rule of the engine; a mistake of the test is an error.
 */
import type { LogEntry } from "../flow/event.ts";
import type { ErrorName } from "../flow/failure.ts";
import type { AgentName, DecisionWord } from "../flow/flow.ts";
import type { Json, JsonObject } from "../flow/json.ts";
import type { LoadedFlow } from "../flow/registry.ts";
import type { CustomerRecords } from "../agents/crm/customer-source.ts";
import { assertEqual, assertIn } from "./assertions.ts";
import { Coverage, type FlowCoverage } from "./flow-coverage.ts";
import { flowResult, type FlowResult } from "./flow-result.ts";
import type { GivenFlow } from "./given-flows.ts";
import { goldenHistory } from "./golden-history.ts";
import type { AgentMock, KnownMock } from "./mocked-agents.ts";
import { moveThrough } from "./move-through.ts";
import { startTestEngine, type TestEngine } from "./test-engine.ts";
import { TestCustomers, type GivenCustomer } from "./test-customers.ts";
import type { TestContacts } from "./test-contacts.ts";
import type { TestRoles } from "./test-people.ts";
import { EffectFaults, type EffectFault } from "./effect-faults.ts";
import { settle } from "./settle.ts";
import { approvalReference, fieldEdit, waitingApproval, type DecisionArguments } from "./test-approvals.ts";
import { TestError } from "./test-error.ts";
import { durationOf, instantOf } from "./test-time.ts";
import { VirtualClock } from "./virtual-clock.ts";
import { World } from "./world.ts";

export interface FlowTestOptions {
  /** Files, folders or flows; left out: the folder `flows`, and what this process has registered. */
  flows?: GivenFlow | readonly GivenFlow[];
  /** Where the clock begins: ISO 8601 or milliseconds; left out: Monday, 23 November 2026, 08:00 UTC. */
  now?: string | number;
  /** IANA, of flows that name none (UTC). */
  timezone?: string;
  /** As in revops.yml; `admin_email` has a default. */
  variables?: Record<string, string>;
  /** As in revops.yml; a role that isn't named has one person, `ROLE@example.com`. */
  roles?: TestRoles;
  /** Who may be reached when; left out: everybody, always. What it holds back is in `heldEffects`. */
  contacts?: TestContacts;
  /** Of templates beside the built-in ones. */
  templates?: string | readonly string[];
  /** Of actions of one's own; left out: the folder `actions`. */
  actions?: string | readonly string[];
  /** The flows' schedules fire when the clock comes by, over the customers that are mocked (false). */
  fireSchedules?: boolean;
  /** Shared by several cases: adds up. */
  coverage?: Coverage;
}

const defaultStart = "2026-11-23T08:00:00Z";
export class FlowTestCase {
  readonly clock: VirtualClock;
  readonly world = new World();
  readonly #options: FlowTestOptions;
  readonly #customers = new TestCustomers();
  readonly #coverage: Coverage;
  readonly #mocks: ((started: TestEngine) => void)[] = [];
  readonly #executions = new Set<string>();
  readonly #faults = new EffectFaults();
  #opening: Promise<TestEngine> | null = null;
  #started: TestEngine | null = null;
  #newest: string | null = null;

  constructor(options: FlowTestOptions = {}) {
    this.#options = options;
    this.#coverage = options.coverage ?? new Coverage();
    this.clock = new VirtualClock(instantOf(options.now ?? defaultStart));
    this.world.fault = (effect) => this.#faults.of(effect);
  }

  /** Of the action, wherever it is called; validated like an output when it is. */
  mockAgentResponse(mock: KnownMock): void {
    this.mockAgent(mock);
  }

  /** The same where action and response are known only when it runs, as those of a file. */
  mockAgent(mock: AgentMock): void {
    this.#mock((started) => started.mocks.add(mock));
  }

  /** The action fails: by default with an error that is retried, `times` left out, at each call. */
  failAgent(fault: {
    agent: AgentName;
    action: string;
    error?: ErrorName;
    cause?: string;
    times?: number;
    stepId?: string;
    customerId?: string;
    retryAfterMs?: number;
  }): void {
    const { error = "Agent.Unavailable", cause = "The test says so.", ...mock } = fault;
    this.#mock((started) => started.mocks.add({ ...mock, failure: { error, cause } }));
  }

  /** An effect goes wrong on its way: refused, throttled, or its answer or request is lost (a doubt). `times`: of each effect. */
  failEffect(fault: EffectFault): void {
    this.#faults.add(fault);
  }

  /** A customer with these fields; `records`: its usage, tickets, invoices and contacts, where a local action is to read them. */
  mockCustomer(customer: GivenCustomer, records: Partial<CustomerRecords> = {}): void {
    this.#customers.add(customer, records);
  }

  /** There is no such customer. */
  mockMissingCustomer(id: string): void {
    this.#customers.addMissing(id);
  }

  /** Resolves when it has ended, or waits for a person or a time; retries don't count as waiting. */
  async executeFlow(named: { flowId: string; inputParameters?: JsonObject }): Promise<FlowResult> {
    const { flowId, inputParameters: input = {} } = named;
    const { engine } = await this.#open();
    const started = await engine.start({ flowId, input, person: null });
    if (started.kind === "already_running") {
      throw new TestError(`An execution of ${flowId} about this customer runs already: ${started.executionId}.`);
    }
    return this.#took(started.executionId);
  }

  /** Starts the flows that have this event as a trigger; gives how each of those executions stands. */
  async sendEvent(named: { event: string; input?: JsonObject; eventId?: string }): Promise<FlowResult[]> {
    const { event, input = {}, eventId = `event-${this.#executions.size + 1}` } = named;
    const { engine } = await this.#open();
    const starts = await engine.receiveEvent({ event, eventId, input });
    const refused = starts.flatMap((start) => (start.kind === "refused" ? [`${start.flowId}: ${start.message}`] : []));
    if (refused.length > 0) throw new TestError(refused.join("\n"));
    const started = starts.flatMap((start) => (start.kind === "started" ? [start.executionId] : []));
    const results: FlowResult[] = [];
    for (const executionId of started) results.push(await this.#took(executionId));
    return results;
  }

  /**
   * By a duration (ISO 8601 such as P3D, or milliseconds), or `to` an instant; all that falls due on the way happens. Gives how
   * the execution that was started last stands; null: nothing was started.
   */
  async advance(by: string | number | { to: string | number }): Promise<FlowResult | null> {
    await this.#moveTo(typeof by === "object" ? instantOf(by.to) : this.clock.now() + durationOf(by));
    return this.#newest === null ? null : this.result();
  }

  async approve(named: DecisionArguments = {}): Promise<FlowResult> {
    return this.#decide("approve", named);
  }

  async reject(named: DecisionArguments = {}): Promise<FlowResult> {
    return this.#decide("reject", named);
  }

  /** `edits`: whole new values, by field (`step.field` where two steps have it). The approval then waits again. */
  async edit(named: Omit<DecisionArguments, "reason"> & { edits: Record<string, Json> }): Promise<FlowResult> {
    const { engine } = await this.#open();
    const { reference, person } = await this.#asked(named);
    const form = await engine.editForm({ ...reference, person });
    if (form.kind === "refused") throw new TestError(form.message);
    const edits = Object.entries(named.edits).map(([name, value]) => fieldEdit(name, value, form.fields));
    const answer = await engine.edit({ ...reference, person, edits });
    if (answer.kind === "refused") throw new TestError(answer.message);
    if (answer.kind === "invalid") {
      const problems = answer.problems.map((one) => `${[one.field, ...one.path].join(".")}: ${one.message}`);
      throw new TestError(problems.join("\n"));
    }
    await this.#settle();
    return this.result(reference.executionId);
  }

  /** Moves the clock to where the time of an approval that waits runs out. */
  async expire(named: Pick<DecisionArguments, "stepId" | "executionId"> = {}): Promise<FlowResult> {
    const { header, waiting } = await waitingApproval(await this.#open(), { ...named, newest: this.#newest });
    const { steps } = await (await this.#open()).engine.execution({ executionId: header.execution_id });
    const at = steps[waiting.step_id]?.approval?.expiresAt ?? null;
    if (at === null) throw new TestError(`${waiting.step_id} has no timeout: it never expires.`);
    await this.#moveTo(at);
    return this.result(header.execution_id);
  }

  /** How it stands now; left out: the one that was started last. */
  async result(executionId: string | null = this.#newest): Promise<FlowResult> {
    if (executionId === null) throw new TestError("Nothing has been started yet: call executeFlow first.");
    return flowResult(await (await this.#open()).engine.execution({ executionId }));
  }

  /** Of all executions, those that schedules, events and flow steps have started too, oldest first. */
  async results(): Promise<FlowResult[]> {
    const ids = await this.#all();
    return Promise.all(ids.map((executionId) => this.result(executionId)));
  }

  /** All that happened, as text that is the same in every run: for a runner's snapshots. */
  async history(executionId: string | null = this.#newest): Promise<string> {
    if (executionId === null) throw new TestError("Nothing has been started yet: call executeFlow first.");
    return goldenHistory(await this.#log(executionId));
  }

  /** Of the flows that this case has started, their sub-flows too. */
  async coverage(): Promise<FlowCoverage[]> {
    await this.noteCoverage();
    return this.#coverage.flows();
  }

  /** For coverage that several cases share: once a case is over. */
  async noteCoverage(): Promise<void> {
    const { engine } = await this.#open();
    for (const executionId of await this.#all()) this.#coverage.note(await engine.execution({ executionId }));
  }

  /** Those that were loaded, each with its file. */
  async flows(): Promise<LoadedFlow[]> {
    return (await this.#open()).loaded;
  }

  /** What the engine has warned of. */
  async warnings(): Promise<readonly string[]> {
    return (await this.#open()).logged;
  }

  /** Ends its engine. A case that isn't closed keeps no process alive. */
  async close(): Promise<void> {
    const started = await this.#opening?.catch(() => null);
    await started?.engine.stop({ graceMs: 0 });
  }

  /** As the seed's tests say it. */
  assertIn(member: unknown, container: Iterable<unknown>): void {
    assertIn(member, container);
  }

  assertEqual(expected: unknown, actual: unknown): void {
    assertEqual(expected, actual);
  }

  #open(): Promise<TestEngine> {
    const { flows = null, timezone = "UTC", variables = {}, roles = {}, templates = [], actions } = this.#options;
    this.#opening ??= startTestEngine({
      flows: flows === null || Array.isArray(flows) ? flows : [flows],
      variables: { admin_email: "admin@example.com", ...variables },
      roles,
      ...(this.#options.contacts === undefined ? {} : { contacts: this.#options.contacts }),
      timezone,
      fireSchedules: this.#options.fireSchedules ?? false,
      actionFolders: actions === undefined ? null : [actions].flat(),
      templateFolders: typeof templates === "string" ? [templates] : templates,
      customers: this.#customers,
      clock: this.clock,
      world: this.world,
    }).then((started) => {
      for (const add of this.#mocks.splice(0)) add(started);
      this.#started = started;
      return started;
    });
    return this.#opening;
  }

  /** Those that come before the engine is open wait for it: an unknown action is told by the first call that needs it. */
  #mock(add: (started: TestEngine) => void): void {
    if (this.#started === null) this.#mocks.push(add);
    else add(this.#started);
  }

  async #took(executionId: string): Promise<FlowResult> {
    this.#executions.add(executionId);
    this.#newest = executionId;
    await this.#settle();
    return this.result(executionId);
  }

  async #moveTo(to: number): Promise<void> {
    const { engine } = await this.#open();
    await moveThrough({ engine, clock: this.clock, to });
    await this.#settle();
  }

  async #decide(decision: DecisionWord, named: DecisionArguments): Promise<FlowResult> {
    const { engine } = await this.#open();
    const { reference, person } = await this.#asked(named);
    const answer = await engine.decide({ ...reference, person, decision, reason: named.reason ?? null });
    if (answer.kind === "refused") throw new TestError(answer.message);
    await this.#settle();
    return this.result(reference.executionId);
  }

  async #asked(named: DecisionArguments) {
    return approvalReference(await this.#open(), { ...named, newest: this.#newest });
  }

  async #settle(): Promise<void> {
    await settle({ ...(await this.#open()), clock: this.clock });
  }

  async #all(): Promise<string[]> {
    const { store } = await this.#open();
    const { items } = await store.list({ filter: {}, limit: 100_000 });
    return items.map(({ execution_id }) => execution_id).toSorted();
  }

  async #log(executionId: string): Promise<LogEntry[]> {
    return (await this.#open()).store.readLog({ executionId, after: 0 });
  }
}
