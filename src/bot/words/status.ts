/** `status`: what runs and what waits for whom; of one execution, each step. */
import { RequestError, type Engine } from "../../engine/engine.ts";
import { nearest } from "../../flow/nearest.ts";
import type { ExecutionHeader } from "../../flow/record.ts";
import { doubtsOf, type Doubt } from "../views/doubts.ts";
import { executionStatus } from "../views/execution-status.ts";
import type { Message } from "../views/message.ts";
import { statusList } from "../views/status-list.ts";
import type { Ask } from "./answer.ts";

/** Counted, not shown: the list itself is cut to what one message holds. */
const maxListed = 500;
/** Each takes two blocks of a message's fifty. */
const maxDoubts = 5;

export async function status(ask: Pick<Ask, "services"> & { subject: string | null }): Promise<Message> {
  const { subject, services } = ask;
  const { engine, timezone } = services;
  if (subject === null) {
    const headers = await engine.list({ status: "running", limit: maxListed + 1 });
    return statusList({ headers, doubts: await doubtsIn(engine, headers), about: null, maxListed, timezone });
  }
  const listed = await listAbout(engine, subject);
  if (listed !== null) {
    return statusList({ ...listed, doubts: await doubtsIn(engine, listed.headers), maxListed, timezone });
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
): Promise<{ headers: ExecutionHeader[]; about: string } | null> {
  const flowId = subject.toLowerCase();
  const flows = await engine.flows();
  if (flows.some(({ definition }) => definition.flow_id === flowId)) {
    return { about: flowId, headers: await engine.list({ flowId, limit: maxListed + 1 }) };
  }
  const customers = await engine.findCustomers({ text: subject });
  if (customers.length === 0) return null;
  const headers: ExecutionHeader[] = [];
  for (const customer of customers) {
    headers.push(...(await engine.list({ customerId: customer.id, limit: maxListed + 1 - headers.length })));
    if (headers.length > maxListed) break;
  }
  return { about: customers.map((customer) => `${customer.name} (${customer.id})`).join(", "), headers };
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
