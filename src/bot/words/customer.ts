/** `customer`: one customer's risk as of now, with its reasons, gaps, urgency and history; below it what is open about them. */
import type { BotServices } from "../services.ts";
import { caseBlocks, caseLines } from "../views/case-row.ts";
import { customerRiskMessage } from "../views/customer-risk.ts";
import type { Message } from "../views/message.ts";
import { oneCustomer } from "./one-customer.ts";

/** One for each reason. */
const mostCases = 2;

export async function customer({ engine, timezone, clock }: BotServices, text: string): Promise<Message> {
  const { id: customerId } = await oneCustomer({ engine, text, line: "customer" });
  const [risk, { items }] = await Promise.all([
    engine.customerRisk({ customerId }),
    engine.cases({ customerId, limit: mostCases }),
  ]);
  const told = customerRiskMessage(risk, timezone);
  const at = { now: clock.now(), timezone };
  // The first line of each says whom it is about, which is at the head of all this.
  const cases = items.flatMap((record) => caseBlocks(record, at, caseLines(record, at).slice(1)));
  return { ...told, blocks: [...told.blocks, ...cases] };
}
