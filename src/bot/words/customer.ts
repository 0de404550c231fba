/** `customer`: one customer's risk as of now, with its reasons, gaps, urgency and history. */
import type { BotServices } from "../services.ts";
import { customerRiskMessage } from "../views/customer-risk.ts";
import type { Message } from "../views/message.ts";
import { oneCustomer } from "./one-customer.ts";

export async function customer({ engine, timezone }: BotServices, text: string): Promise<Message> {
  const { id: customerId } = await oneCustomer({ engine, text, line: "customer" });
  return customerRiskMessage(await engine.customerRisk({ customerId }), timezone);
}
