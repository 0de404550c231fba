/** `get_customer`: one customer's fields, as they stand in the source. */
import { z } from "zod";
import { Customer } from "../../../flow/customer.ts";
import { FailureError } from "../../../flow/failure.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";

const Parameters = z
  .strictObject({ customer_id: z.string().min(1).optional().describe("left out: the execution's customer") })
  .describe("One customer's fields, as they stand in the source now.");

export function getCustomer({ source }: { source: CustomerSource }): LocalAction {
  return defineAction({
    agent: "data_agent",
    action: "get_customer",
    parameters: Parameters,
    output: Customer,
    reads: [],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ customer_id }, { customer, signal }) => {
      const customerId = customer_id ?? customer?.id;
      if (customerId === undefined) throw noCustomer("get_customer");
      const found = await source.get({ customerId, signal });
      if (found === null) throw unknownCustomer(customerId);
      return { output: found };
    },
  });
}

export function noCustomer(action: string): FailureError {
  const cause = `${action} needs a customer; start the flow with customer_id, or name customer_id in the parameters.`;
  return new FailureError({ error: "Input.Invalid", cause });
}

export function unknownCustomer(customerId: string): FailureError {
  const cause = `There is no customer ${JSON.stringify(customerId)} in the customer source.`;
  return new FailureError({ error: "Input.Invalid", cause });
}
