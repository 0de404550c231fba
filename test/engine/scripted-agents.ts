/** Agents whose actions are functions, and the customers they know. */
import { z } from "zod";
import type { ActionAnswer, ActionRequest, Agent, Agents, CustomerDirectory } from "../../src/agents/agent.ts";
import { bareCustomer, type Customer } from "../../src/flow/customer.ts";
import type { AgentName } from "../../src/flow/flow.ts";
import type { Json } from "../../src/flow/json.ts";

export type Script = (request: ActionRequest) => Promise<ActionAnswer> | ActionAnswer;

export const scripts: Record<string, Script> = {
  retrieve: () => answer({ usage: 0.4 }),
  assess: (request) => answer({ over_threshold: request.customer?.nps !== 10, score: 0.8 }),
  notify: (request) => ({
    output: { sent: true },
    effects: [
      {
        target: "email",
        effect: {
          kind: "email",
          to: z.string().default("dana@example.com").parse(request.parameters["to"]),
          subject: "s",
          html: "h",
          text: "t",
        },
      },
      {
        target: "slack",
        effect: { kind: "slack_message", to: { kind: "person", email: "dana@example.com" }, text: "hello" },
      },
    ],
  }),
  book: (request) => ({
    output: { booked: true },
    effects: [
      {
        target: null,
        effect: {
          kind: "calendar_event",
          title: `Talk with ${request.customer?.name ?? "nobody"}`,
          description: "",
          attendees: ["dana@example.com"],
          duration_minutes: 30,
          timezone: "UTC",
          slot: { rule: "next_free_working_time", not_before: new Date(request.context.now).toISOString(), days: 5 },
          forecast_at: new Date(request.context.now + 1).toISOString(),
        },
      },
    ],
  }),
  noop: (request) => answer(request.parameters),
};

export function answer(output: Json): ActionAnswer {
  return { output, effects: [] };
}

/** `outputs`: the schemas of actions whose output is checked; of the others anything goes. */
export function scriptedAgents(
  overrides: Record<string, Script> = {},
  outputs: Record<string, z.ZodType> = {},
): Agents {
  const all = { ...scripts, ...overrides };
  const agent = (name: AgentName): Agent => ({
    name,
    actions: Object.keys(all).map((action) => ({
      agent: name,
      action,
      parameters: z.record(z.string(), z.unknown()),
      output: outputs[action] ?? z.unknown(),
      reads: [],
      plansEffects: action === "notify" || action === "book",
      readsCustomer: false,
    })),
    invoke: async (request) => {
      const script = all[request.action];
      if (script === undefined) throw new Error(`no script for ${request.action}`);
      return script(request);
    },
  });
  return {
    data_agent: agent("data_agent"),
    decision_agent: agent("decision_agent"),
    execution_agent: agent("execution_agent"),
  };
}

export function customer(id: string, overrides: Partial<Customer> = {}): Customer {
  return {
    ...bareCustomer(id),
    name: `Customer ${id}`,
    timezone: "UTC",
    account_manager_email: "dana@example.com",
    account_manager_name: "Dana Reyes",
    arr: 1000,
    currency: "USD",
    renewal_date: "2026-12-10",
    status: "active",
    ...overrides,
  };
}

export function customerDirectory(customers: Customer[]): CustomerDirectory {
  return {
    get: ({ customerId }) => Promise.resolve(customers.find(({ id }) => id === customerId) ?? null),
    find: ({ text }) =>
      Promise.resolve(customers.filter(({ id, name }) => id === text || name.toLowerCase() === text.toLowerCase())),
    all: async function* () {
      await Promise.resolve();
      yield customers;
    },
  };
}
