/** The customers whose newest assessment is the riskiest, from the lists alone. */
import type { AtRiskFact } from "../../agents/conversation-facts.ts";
import type { ExecutionHeader } from "../../flow/record.ts";
import type { RunningContext } from "../context.ts";
import { headers } from "../header-pages.ts";

/** Older executions than these say little about today. */
const mostScanned = 2_000;
/** `risk_level` is at least medium from here (DESIGN §9). */
const mediumRisk = 0.4;

/** `mine`: the asker's customers, by id. */
export async function atRisk({ store }: RunningContext, mine: ReadonlySet<string>): Promise<AtRiskFact[]> {
  const newest = new Map<string, ExecutionHeader>();
  let scanned = 0;
  for await (const header of headers(store, {})) {
    const { customer_id, risk_score } = header;
    if (customer_id !== null && risk_score !== null && !newest.has(customer_id)) newest.set(customer_id, header);
    scanned += 1;
    if (scanned >= mostScanned) break;
  }
  const risky = [...newest].flatMap(([customer_id, { risk_score, customer_name, execution_id, started_at: at }]) => {
    if (risk_score === null || risk_score < mediumRisk) return [];
    const isMine = mine.has(customer_id);
    return [{ customer_id, customer_name: customer_name ?? customer_id, risk_score, execution_id, at, isMine }];
  });
  return risky.toSorted((one, other) => other.risk_score - one.risk_score);
}
