/** What may be said of one customer: fields that cards show, the risk as it is now, and what its executions came to. */
import type { CustomerFacts, ExecutionFact } from "../../agents/conversation-facts.ts";
import type { Customer } from "../../flow/customer.ts";
import type { Person } from "../../flow/person.ts";
import type { ExecutionHeader } from "../../flow/record.ts";
import type { RunningContext } from "../context.ts";
import type { Lookups } from "../lookups.ts";
import { startedByWords } from "../started-by.ts";
import { happenedIn } from "./happened.ts";

const mostExecutions = 5;

export async function customerFacts(
  context: RunningContext,
  lookups: Lookups,
  asked: {
    customer: Customer;
    person: Person;
    now: number;
    signal: AbortSignal;
    /** False: only what tells it apart from others. */
    isWhole: boolean;
  },
): Promise<CustomerFacts> {
  const { customer, person, now, signal, isWhole } = asked;
  const { id, name, segment, region, arr, currency, seats, status } = customer;
  const { renewal_date, notice_date, auto_renew, term_months, contract_start, account_manager_name } = customer;
  const shown = {
    id,
    name,
    segment,
    region,
    arr,
    currency,
    seats,
    status,
    renewal_date,
    notice_date,
    auto_renew,
    term_months,
    contract_start,
    account_manager_name,
    isMine: isOwnedBy(customer, person),
  };
  if (!isWhole) return { ...shown, risk: null, executions: [], isCut: false };
  const { timezone } = context;
  const headers = await lookups.list({ customerId: id, limit: mostExecutions + 1 });
  const [risk, executions] = await Promise.all([
    context.conversation?.currentRisk({ customer, now, timezone, signal }) ?? null,
    Promise.all(headers.slice(0, mostExecutions).map((header) => executionFact(lookups, header))),
  ]);
  return { ...shown, risk, executions, isCut: headers.length > mostExecutions };
}

async function executionFact(lookups: Lookups, header: ExecutionHeader): Promise<ExecutionFact> {
  const { execution_id, flow_id, status, outcome, started_at, ended_at, risk_score, waiting_for } = header;
  const state = await lookups.execution({ executionId: execution_id });
  return {
    execution_id,
    flow_id,
    status,
    outcome,
    started_at,
    ended_at,
    risk_score,
    started_by: startedByWords(state),
    waiting_for: waiting_for.map(({ kind, people, until }) => ({ kind, people, until })),
    happened: happenedIn(state),
  };
}

/** As account manager or customer-success manager. */
export function isOwnedBy({ account_manager_email, csm_email }: Customer, { email }: Person): boolean {
  if (email === null) return false;
  return [account_manager_email, csm_email].some((owner) => owner?.toLowerCase() === email.toLowerCase());
}
