/** Flows that are swept by crashes: those of the product's shape, and one that has everything the language has. */
import type { Agents } from "../../src/agents/agent.ts";
import type { ContactRules } from "../../src/engine/contact-rules.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { Customer } from "../../src/flow/customer.ts";
import { FailureError } from "../../src/flow/failure.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import type { Person } from "../../src/flow/person.ts";
import { noHolidays } from "../../src/flow/working-time.ts";
import type { StateStore } from "../../src/state/state-store.ts";
import { rules } from "./contact-rules.ts";
import { agentStep, approvalStep, flow, flowStep, renewalFlow, seedFlow, waitStep } from "./flows.ts";
import { customer, scriptedAgents } from "./scripted-agents.ts";
import { dana } from "./world.ts";

/** What people and the clock do with a flow. It is lived again from the beginning by the process after a crash. */
export interface Life {
  /** Do schedules start anything beside it? */
  fires: boolean;
  customers: Customer[];
  /** Of a process on this store. */
  agents: (store: StateStore) => Agents;
  /** Starts it, or says again that it has: gives the execution's id. */
  start: (engine: Engine) => Promise<string>;
  /** A minute later, in this order. */
  votes: { stepId: string; person: Person; decision: "approve" | "reject"; reason: string | null }[];
  /** Counted from the start: on each of them somebody answers what is in doubt. */
  days: number[];
}

export interface SweptFlow {
  name: string;
  /** The first is started; the others are its sub-flows. */
  flows: FlowDefinition[];
  life: Life;
  /** How it ends where nothing dies. */
  status: "succeeded" | "failed";
  outcome: "completed" | "rejected" | "expired" | null;
  /** Mails that may be under way at the same time: as many doubts may one death leave. */
  doubts: number;
  /** Its whole sweep takes too long for every run of the tests. */
  isLarge: boolean;
  /** With a contact governor. */
  contacts?: ContactRules;
}

function failing(cause: string): never {
  throw new FailureError({ error: "Input.Invalid", cause });
}
const scripted = scriptedAgents({ shaky: () => failing("shaky"), broken: () => failing("broken") });

export function startOf(flowId: string): Life["start"] {
  return async (engine) => {
    const started = { flowId, input: { customer_id: "acme" }, person: null, startKey: "k" };
    return (await engine.start(started)).executionId;
  };
}

/** Approved within a minute, and done. */
const short: Life = {
  fires: true,
  customers: [customer("acme"), customer("beta")],
  agents: () => scripted,
  start: startOf("renewal"),
  votes: [{ stepId: "approve", person: dana, decision: "approve", reason: null }],
  days: [],
};

/** Until four past eight, when the sweep has begun at eight: what goes out is held, counted, and sent at the next working time. */
const governed = rules({
  workingTime: { quietHours: { from: 18 * 60, to: 8 * 60 + 4 }, holidays: noHolidays },
  keepsQuiet: true,
  perPersonPerWeek: 20,
  perAccountPerWeek: 20,
});

const child = flow(
  [agentStep("look", "noop"), agentStep("tell", "notify", { after: ["look"], parameters: { to: "${input.to}" } })],
  {
    flow_id: "child",
    triggers: [{ type: "manual", overlap: "allow" }],
    input: { to: { type: "string", enum: null, required: true, default: null, description: null } },
  },
);

const everything = flow(
  [
    agentStep("retrieve_data", "retrieve"),
    agentStep("shaky", "shaky", { after: ["retrieve_data"], on_error: "continue" }),
    agentStep("never", "noop", { after: ["retrieve_data"], when: "${retrieve_data.usage > 9}" }),
    waitStep("cool_off", { after: ["shaky"], duration_ms: 90_000 }),
    approvalStep("approve", { after: ["retrieve_data"], remind_after_ms: 30_000 }),
    agentStep("each", "notify", {
      after: ["approve"],
      for_each: '${["x@example.com", "y@example.com", "z@example.com"]}',
      max_concurrency: 2,
      parameters: { to: "${item}" },
    }),
    flowStep("children", "child", {
      after: ["cool_off"],
      for_each: '${["v@example.com", "w@example.com"]}',
      max_concurrency: 1,
      input: { to: "${item}" },
    }),
    agentStep("book", "book", {
      depends_on: [
        { step: "each", optional: false },
        { step: "children", optional: false },
        { step: "never", optional: true },
      ],
    }),
  ],
  { concurrency: { key: "${customer.currency}", limit: 1 }, timeout_ms: 86_400_000 },
);

const takenBack = flow(
  [
    agentStep("tell", "notify", {
      compensate: { agent: "execution_agent", action: "notify", parameters: { to: "sorry@example.com" } },
    }),
    agentStep("book", "book", {
      after: ["tell"],
      compensate: { agent: "data_agent", action: "noop", parameters: { was: "${book.booked}" } },
    }),
    agentStep("broken", "broken", { after: ["book"], on_error: "compensate" }),
  ],
  { failure_notification: "${admin_email}" },
);

export const sweptFlows: SweptFlow[] = [
  {
    name: "with an approval",
    flows: [renewalFlow()],
    life: short,
    status: "succeeded",
    outcome: "completed",
    doubts: 1,
    isLarge: false,
  },
  {
    name: "with an approval and a contact governor",
    flows: [renewalFlow()],
    life: short,
    status: "succeeded",
    outcome: "completed",
    doubts: 1,
    isLarge: true,
    contacts: governed,
  },
  {
    name: "without one",
    flows: [seedFlow()],
    life: short,
    status: "succeeded",
    outcome: "completed",
    doubts: 1,
    isLarge: false,
  },
  {
    name: "with everything",
    flows: [everything, child],
    life: short,
    status: "succeeded",
    outcome: "completed",
    doubts: 2,
    isLarge: true,
  },
  {
    name: "that is taken back",
    flows: [takenBack],
    life: short,
    status: "failed",
    outcome: null,
    doubts: 1,
    isLarge: true,
  },
];
