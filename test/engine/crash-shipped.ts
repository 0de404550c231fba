/** The flows that come with the product, as their files say them, with the product's own agents on a customer who is in trouble. */
import type { CustomerRecords } from "../../src/agents/crm/customer-source.ts";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { CaseRecords } from "../../src/engine/case-records.ts";
import type { Customer } from "../../src/flow/customer.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { loadTemplates } from "../../src/notify/templates/templates.ts";
import { loadGivenFlows } from "../../src/testing/given-flows.ts";
import { TestCustomers } from "../../src/testing/test-customers.ts";
import { startOf, type Life, type SweptFlow } from "./crash-flows.ts";
import { customer } from "./scripted-agents.ts";
import { dana, lead, second } from "./world.ts";

const month = (name: string, active_users: number) => ({ month: name, active_users, events: null });
const ticket = (id: string) => ({
  id,
  opened_at: "2026-11-14",
  closed_at: null,
  priority: "urgent" as const,
  csat: null,
});

/** Uses less each month, has no champion any more, doesn't pay, and two urgent tickets stay open for all the weeks. */
const troubles: CustomerRecords = {
  usage: [month("2026-07", 90), month("2026-08", 80), month("2026-09", 60), month("2026-10", 35)],
  tickets: [ticket("T-1"), ticket("T-2")].map((one) => ({ ...one, subject: "Nobody can log in" })),
  invoices: [{ due_date: "2026-09-15", paid_date: null, amount: 4_000 }],
  contacts: [{ name: "Ruth", email: "ruth@acme.example", role: "Champion", left_at: "2026-11-03" }],
};

const acme = customer("acme", {
  name: "Acme Robotics",
  csm_email: second.email,
  arr: 84_000,
  seats: 100,
  nps: -40,
});

const templates = await loadTemplates({ folders: [] });

function lifeOf(fields: Partial<Customer>, life: Pick<Life, "start"> & Partial<Life>): Life {
  const about = { ...acme, ...fields };
  const source = new TestCustomers();
  source.add(about, troubles);
  const agents: Life["agents"] = (store) =>
    createLocalAgents({ source, templates, cases: new CaseRecords(store) }).agents;
  return { fires: false, customers: [about], agents, votes: [], days: [], ...life };
}

/** From the file; `from`: of the flow that it starts from. */
async function shipped(file: string, { from = [] }: { from?: string[] } = {}): Promise<FlowDefinition[]> {
  const { agents } = createLocalAgents({ source: new TestCustomers(), templates });
  const catalogue = Object.values(agents).flatMap((agent) => agent.actions);
  const given = [file, ...from].map((each) => `flows/${each}.yml`);
  const { loaded } = await loadGivenFlows({ given, catalogue, variables: { admin_email: "revops@example.com" } });
  const flowId = file.replace(/^.*\//, "");
  const definitions = loaded.map(({ definition }) => definition);
  return definitions.toSorted((one, other) => Number(other.flow_id === flowId) - Number(one.flow_id === flowId));
}

const approve = (stepId: string, person: typeof dana) =>
  ({ stepId, person, decision: "approve", reason: null }) as const;

/** CRMs send an event again until they are answered. */
const created: Life["start"] = async (engine) => {
  const event = { event: "customer.created", eventId: "crm-1", input: { customer_id: "acme" } };
  const [start] = await engine.receiveEvent(event);
  if (start === undefined || !("executionId" in start)) throw new Error("the event started nothing");
  return start.executionId;
};

const renewal = await shipped("standard/renewal_management");
const playStart = startOf("churn_prevention");
const later = { renewal_date: "2027-06-30" };

export const shippedFlows: SweptFlow[] = [
  {
    name: "renewal_management, approved",
    flows: renewal,
    life: lifeOf({}, { start: startOf("renewal_management"), votes: [approve("approve_recommendations", dana)] }),
    status: "succeeded",
    outcome: "completed",
    doubts: 1,
    isLarge: true,
  },
  {
    name: "renewal_management, rejected",
    flows: renewal,
    life: lifeOf(
      {},
      {
        start: startOf("renewal_management"),
        votes: [{ stepId: "approve_recommendations", person: lead, decision: "reject", reason: "They have signed." }],
      },
    ),
    status: "succeeded",
    outcome: "rejected",
    doubts: 0,
    isLarge: true,
  },
  {
    name: "renewal_management, that nobody answers",
    flows: renewal,
    life: lifeOf({}, { start: startOf("renewal_management"), days: [1, 4] }),
    status: "succeeded",
    outcome: "expired",
    doubts: 0,
    isLarge: true,
  },
  {
    name: "enterprise_renewal, approved by two",
    flows: await shipped("custom/enterprise_renewal", { from: ["standard/renewal_management"] }),
    life: lifeOf(
      {},
      {
        start: startOf("enterprise_renewal"),
        votes: [approve("approve_recommendations", dana), approve("approve_recommendations", lead)],
      },
    ),
    status: "succeeded",
    outcome: "completed",
    doubts: 2,
    isLarge: true,
  },
  {
    name: "onboarding over 60 days, stalled at each milestone",
    flows: await shipped("standard/onboarding"),
    life: lifeOf({ status: "onboarding", ...later }, { start: created, days: [8, 31, 65] }),
    status: "succeeded",
    outcome: "completed",
    doubts: 2,
    isLarge: true,
  },
  {
    name: "churn_prevention with its look after 14 days",
    flows: await shipped("standard/churn_prevention"),
    life: lifeOf(later, { start: playStart, votes: [approve("approve_play", second)], days: [15] }),
    status: "succeeded",
    outcome: "completed",
    doubts: 2,
    isLarge: true,
  },
];
