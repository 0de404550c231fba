/**
 * The facts that a question may be answered from: what `/revops status` would show this person, and the CRM's fields that cards
 * show. This is where it is decided what an answer can say; whoever phrases it sees nothing else.
 */
import type { ConversationFacts, DueFact } from "../../agents/conversation-facts.ts";
import type { Customer } from "../../flow/customer.ts";
import { isAboutCustomer, type FlowDefinition } from "../../flow/flow.ts";
import type { Person } from "../../flow/person.ts";
import { addDays, localDate } from "../../flow/zone.ts";
import type { Lookups } from "../lookups.ts";
import type { RunningContext } from "../context.ts";
import { atRisk } from "./at-risk.ts";
import { customerFacts, isOwnedBy } from "./customer-facts.ts";
import { NameSearch } from "./named-customers.ts";

/** Whole facts of more would be more than an answer holds. */
const mostCustomers = 3;
/** A quarter back and a year ahead: "this quarter" and "in June" are whole. */
const daysBack = 92;
const daysAhead = 366;
/** More than these wait for nobody who asks in Slack; they are counted all the same. */
const mostWaiting = 500;

export interface Gathering {
  question: string;
  person: Person;
  /** Whom the thread is about, asked only where the question names nobody. */
  ofThread: () => Promise<string | null>;
  signal: AbortSignal;
}

export async function gatherFacts(
  context: RunningContext,
  lookups: Lookups,
  { question, person, ofThread, signal }: Gathering,
): Promise<ConversationFacts> {
  const now = context.clock.now();
  const { timezone } = context;
  const today = localDate({ at: now, timezone });
  const search = new NameSearch(question);
  const span = { from: addDays({ date: today, days: -daysBack }), to: addDays({ date: today, days: daysAhead }) };
  const due: DueFact[] = [];
  const mine = new Set<string>();
  for await (const page of context.customers.all({ signal })) {
    for (const customer of page) {
      search.look(customer);
      const isMine = isOwnedBy(customer, person);
      if (isMine) mine.add(customer.id);
      due.push(...datesOf(customer, { ...span, isMine }));
    }
  }
  const named = search.result();
  const customers = named.customers.length > 0 ? named.customers : await threadCustomers(context, ofThread, signal);
  const [first] = customers;
  const isOne = customers.length === 1;
  const waiting = await lookups.waiting({ person, offset: 0, limit: mostWaiting });
  return {
    now,
    timezone,
    today,
    customers: await Promise.all(
      customers
        .slice(0, mostCustomers)
        .map((customer) => customerFacts(context, lookups, { customer, person, now, signal, isWhole: isOne })),
    ),
    isNamed: named.customers.length > 0,
    takenFor: isOne && first === named.customers[0] ? named.takenFor : null,
    similar: isOne ? [] : customers.map(({ name }) => name),
    // What fires by itself is what is usual here, so it is offered before what is started by hand alone.
    flows: context.flows
      .all()
      .toSorted((one, other) => Number(isScheduled(other)) - Number(isScheduled(one)))
      .map(({ definition }) => ({
        flow_id: definition.flow_id,
        needsOnlyCustomer: needsOnlyCustomer(definition),
      })),
    due: due.toSorted((one, other) => (one.date < other.date ? -1 : one.date > other.date ? 1 : 0)),
    dueSpan: span,
    atRisk: await atRisk(context, mine),
    waitingTotal: waiting.total,
    waiting: waiting.items.map(({ header, waiting: { since, until } }) => ({
      execution_id: header.execution_id,
      flow_id: header.flow_id,
      customer_name: header.customer_name,
      since,
      until,
    })),
  };
}

function needsOnlyCustomer(definition: FlowDefinition): boolean {
  const others = Object.entries(definition.input).filter(([name]) => name !== "customer_id");
  return isAboutCustomer(definition) && others.every(([, input]) => !input.required || input.default !== null);
}

async function threadCustomers(
  { customers }: RunningContext,
  ofThread: Gathering["ofThread"],
  signal: AbortSignal,
): Promise<Customer[]> {
  const customerId = await ofThread();
  const customer = customerId === null ? null : await customers.get({ customerId, signal });
  return customer === null ? [] : [customer];
}

function datesOf(customer: Customer, { from, to, isMine }: { from: string; to: string; isMine: boolean }): DueFact[] {
  const { id, name, arr, currency, renewal_date, notice_date } = customer;
  const about = { customer_id: id, customer_name: name, arr, currency, isMine };
  const dates = [
    { kind: "notice" as const, date: notice_date },
    { kind: "renewal" as const, date: renewal_date },
  ];
  return dates.flatMap(({ kind, date }) =>
    date !== null && date >= from && date <= to ? [{ kind, date, ...about }] : [],
  );
}

function isScheduled({ definition }: { definition: FlowDefinition }): boolean {
  return definition.triggers.some(({ type }) => type === "schedule");
}
