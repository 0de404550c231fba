/** The engine of a test: the same as the app's, on a store in memory, a clock that a test moves and a world that records. */
import { createLocalAgents } from "../agents/local/local-agents.ts";
import { OwnActions } from "../agents/own/own-actions.ts";
import { CaseRecords } from "../engine/case-records.ts";
import type { EngineContext } from "../engine/context.ts";
import type { Engine } from "../engine/engine.ts";
import { startEngine } from "../engine/flow-engine.ts";
import { defaultRetention } from "../engine/retention.ts";
import { WritableField } from "../flow/customer.ts";
import type { LoadedFlow } from "../flow/registry.ts";
import { loadTemplates } from "../notify/templates/templates.ts";
import { MemoryStateStore } from "../state/memory.ts";
import type { StateStore } from "../state/state-store.ts";
import { engineFlows, loadGivenFlows, type GivenFlow } from "./given-flows.ts";
import { MockedAgents } from "./mocked-agents.ts";
import type { TestCustomers } from "./test-customers.ts";
import { testContacts, type TestContacts } from "./test-contacts.ts";
import { testPeople, type TestRoles } from "./test-people.ts";
import { noTime, seededRandomness, type VirtualClock } from "./virtual-clock.ts";
import { recordingPorts, type World } from "./world.ts";

export interface TestEngineParts {
  /** Null: the folder `flows`, and what this process has registered. */
  flows: readonly GivenFlow[] | null;
  variables: Record<string, string>;
  roles: TestRoles;
  contacts?: TestContacts;
  timezone: string;
  fireSchedules: boolean;
  templateFolders: readonly string[];
  /** Null: the folder `actions`. */
  actionFolders: readonly string[] | null;
  customers: TestCustomers;
  clock: VirtualClock;
  world: World;
}

export interface TestEngine {
  engine: Engine;
  store: StateStore;
  loaded: LoadedFlow[];
  mocks: MockedAgents;
  people: EngineContext["people"];
  /** What the engine warned of. */
  logged: string[];
}

/** Throws where a flow or a template can't be used, with every problem. */
export async function startTestEngine(parts: TestEngineParts): Promise<TestEngine> {
  const { flows: given, variables, customers, clock, world, timezone } = parts;
  const templates = await loadTemplates({ folders: parts.templateFolders });
  const store = new MemoryStateStore();
  // What may be written is revops.yml's to say, and a flow's test is none of it.
  const writing = { writable: WritableField.options, refusal: null };
  const local = createLocalAgents({ source: customers, templates, writing, cases: new CaseRecords(store) });
  const catalogue = Object.values(local.agents).flatMap((agent) => agent.actions);
  const ownActions = new OwnActions({
    product: catalogue,
    ...(parts.actionFolders === null ? {} : { folders: parts.actionFolders }),
  });
  const mocks = new MockedAgents(ownActions.beside(local.agents));
  const { registry, loaded } = await loadGivenFlows({ given, catalogue, ownActions, variables });
  world.arrived = (effect) => {
    if (effect.kind === "crm_update") customers.change(effect.customer.id, effect.changes);
  };
  const people = testPeople(parts.roles);
  const logged: string[] = [];
  const note = (fields: object, message: string) => {
    const error = "err" in fields && fields.err instanceof Error ? `: ${fields.err.message}` : "";
    logged.push(`${message}${error}`);
  };
  const engine = await startEngine({
    store,
    flows: engineFlows(registry, { fire: parts.fireSchedules }),
    agents: mocks.agents,
    customers,
    ...recordingPorts(world, { alive: true, step: () => {} }),
    people,
    ...(parts.contacts === undefined ? {} : { contacts: testContacts(parts.contacts) }),
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    variables,
    timezone,
    clock,
    randomness: seededRandomness(),
    realTime: noTime(clock),
    limits: {},
    retention: defaultRetention,
    logger: { info: () => {}, warn: note, error: note },
  });
  return { engine, store, loaded, mocks, people, logged };
}
