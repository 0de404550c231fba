/** `status`: what runs and what waits for whom; of one execution, each step. */
import type { KnownBlock } from "@slack/types";
import { RequestError, type Engine } from "../../engine/engine.ts";
import { nearest } from "../../flow/nearest.ts";
import type { ExecutionHeader } from "../../flow/record.ts";
import { caseLines } from "../views/case-row.ts";
import { doubtsOf, type Doubt } from "../views/doubts.ts";
import { executionStatus } from "../views/execution-status.ts";
import type { Message } from "../views/message.ts";
import { section } from "../views/rows.ts";
import { statusList } from "../views/status-list.ts";
import type { Ask } from "./answer.ts";

/** Counted, not shown: the list itself is cut to what one message holds. */
const maxListed = 500;
/** Each takes two blocks of a message's fifty. */
const maxDoubts = 5;
/** Of one name, and for one customer: a case for each reason. */
const maxCustomers = 5;
const maxCases = 2;

export async function status(ask: Pick<Ask, "services"> & { subject: string | null }): Promise<Message> {
  const { subject, services } = ask;
  const { engine, timezone } = services;
  if (subject === null) {
    const headers = await engine.list({ status: "running", limit: maxListed + 1 });
    return statusList({ headers, doubts: await doubtsIn(engine, headers), about: null, maxListed, timezone });
  }
  const listed = await listAbout(engine, subject);
  if (listed !== null) {
    const { customerIds, ...list } = listed;
    const doubts = await doubtsIn(engine, list.headers);
    const cases = await caseSections(services, customerIds);
    const told = statusList({ ...list, doubts, maxListed, timezone, taken: JSON.stringify(cases).length });
    const blocks = told.blocks.length === 0 && cases.length > 0 ? [section(told.text)] : told.blocks;
    return { ...told, blocks: [...cases, ...blocks] };
  }
  const report = await reportOf(engine, subject);
  return executionStatus({ report, doubts: await doubtsIn(engine, [report.header]), timezone });
}

/** The first ones, with what was to be sent: a person can settle them here. */
async function doubtsIn(engine: Engine, headers: readonly ExecutionHeader[]): Promise<Doubt[]> {
  const doubtful = headers.filter(({ waiting_for }) => waiting_for.some(({ kind }) => kind === "doubt"));
  const states = doubtful.slice(0, maxDoubts).map(({ execution_id: executionId }) => engine.execution({ executionId }));
  return (await Promise.all(states)).flatMap(doubtsOf).slice(0, maxDoubts);
}

/** Executions of a flow, or about a customer (all of one name); null where the subject is neither. */
async function listAbout(
  engine: Engine,
  subject: string,
): Promise<{ headers: ExecutionHeader[]; about: string; customerIds: string[] } | null> {
  const flowId = subject.toLowerCase();
  const flows = await engine.flows();
  if (flows.some(({ definition }) => definition.flow_id === flowId)) {
    return { about: flowId, customerIds: [], headers: await engine.list({ flowId, limit: maxListed + 1 }) };
  }
  const customers = await engine.findCustomers({ text: subject });
  if (customers.length === 0) return null;
  const headers: ExecutionHeader[] = [];
  for (const customer of customers) {
    headers.push(...(await engine.list({ customerId: customer.id, limit: maxListed + 1 - headers.length })));
    if (headers.length > maxListed) break;
  }
  const about = customers.map((customer) => `${customer.name} (${customer.id})`).join(", ");
  return { about, headers, customerIds: customers.map(({ id }) => id) };
}

/** What is open about these customers. */
async function caseSections(
  { engine, clock, timezone }: Ask["services"],
  customerIds: string[],
): Promise<KnownBlock[]> {
  const found = await Promise.all(
    customerIds.slice(0, maxCustomers).map((customerId) => engine.cases({ customerId, limit: maxCases })),
  );
  const at = { now: clock.now(), timezone };
  return found.flatMap(({ items }) => items.map((record) => section(caseLines(record, at).join("\n"))));
}

async function reportOf(engine: Engine, subject: string) {
  try {
    return await engine.report({ executionId: subject });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const suggestion = error.suggestion ?? (await nearestSubject(engine, subject));
    throw new RequestError(`Nothing is called “${subject}”: no execution, flow or customer.`, suggestion);
  }
}

async function nearestSubject(engine: Engine, subject: string): Promise<string | null> {
  const flows = await engine.flows();
  const flowIds = flows.map(({ definition }) => definition.flow_id);
  return nearest(subject, flowIds) ?? (await engine.nearestCustomers({ text: subject }))[0] ?? null;
}
