/** What concerns one person, for their App Home: from the lists alone, bounded. */
import type { Customer } from "../flow/customer.ts";
import type { Person } from "../flow/person.ts";
import type { ExecutionHeader } from "../flow/record.ts";
import type { EngineContext } from "./context.ts";
import type { CustomerAtRisk, PersonalReport } from "./engine.ts";
import { headers } from "./header-pages.ts";

/** Older executions than these say little about today. */
const mostScanned = 2_000;
const executionsShown = 5;
const customersShown = 8;
/** `risk_level` is at least medium from here (DESIGN §9). */
const mediumRisk = 0.4;

export async function personalReport(
  context: Pick<EngineContext, "store" | "customers">,
  person: Person,
): Promise<PersonalReport> {
  const [open, ended]: [ExecutionHeader[], ExecutionHeader[]] = [[], []];
  const assessed = new Map<string, ExecutionHeader>();
  let scanned = 0;
  for await (const header of headers(context.store, {})) {
    const mine = header.status === "running" ? open : ended;
    if (header.requester_id === person.user_id && mine.length < executionsShown) mine.push(header);
    const { customer_id } = header;
    if (customer_id !== null && header.risk_score !== null && !assessed.has(customer_id))
      assessed.set(customer_id, header);
    scanned += 1;
    if (scanned >= mostScanned) break;
  }
  const executions = [...open, ...ended].slice(0, executionsShown);
  return { executions, customersAtRisk: await ownedAtRisk(context, person, [...assessed.values()]) };
}

async function ownedAtRisk(
  context: Pick<EngineContext, "customers">,
  person: Person,
  assessed: ExecutionHeader[],
): Promise<CustomerAtRisk[]> {
  if (person.email === null) return [];
  const risky = assessed
    .flatMap((header) => (header.risk_score === null ? [] : [{ header, riskScore: header.risk_score }]))
    .filter(({ riskScore }) => riskScore >= mediumRisk)
    .toSorted((one, other) => other.riskScore - one.riskScore);
  const owned: CustomerAtRisk[] = [];
  for (const { header, riskScore } of risky) {
    const customer = await context.customers.get({ customerId: header.customer_id ?? "" });
    if (customer !== null && owns(customer, person.email)) owned.push({ customer, riskScore, header });
    if (owned.length >= customersShown) break;
  }
  return owned;
}

function owns({ account_manager_email, csm_email }: Customer, email: string): boolean {
  return [account_manager_email, csm_email].some((owner) => owner?.toLowerCase() === email.toLowerCase());
}
