/** A verb over many executions: which ones its options mean, the question whether to go on, and what came of each. */
import type { BulkFilter } from "../engine/engine.ts";
import { headers } from "../engine/header-pages.ts";
import type { ExecutionHeader, ExecutionStatus } from "../flow/record.ts";
import type { Answer, Call, OptionSpec } from "./command.ts";
import { UsageError } from "./errors.ts";
import { readInstant } from "./moment.ts";
import { oneCustomer } from "./one-customer.ts";
import { createPaper } from "./paper.ts";
import type { Session } from "./session.ts";
import { executionTable } from "./views/executions.ts";

export const filterOptions = {
  flow: { type: "text", value: "FLOW", about: "executions of this flow" },
  customer: { type: "text", value: "CUSTOMER", about: "about this customer, by id or name" },
  batch: { type: "text", value: "BATCH", about: "of this batch" },
  before: { type: "text", value: "T", about: "started before this instant or day, ISO 8601" },
  after: { type: "text", value: "T", about: "started at it or later" },
} as const satisfies Record<string, OptionSpec>;

export const yesOption = {
  yes: { type: "flag", value: "", about: "in bulk: does it without asking" },
} as const satisfies Record<string, OptionSpec>;

/** The store commits together what is asked for together. */
const atOnce = 20;
const mostShown = 20;

/** The one that is named, or undefined where filters mean many; throws `UsageError` where it is neither or both. */
export function namedExecution(
  { options }: Pick<Call, "options">,
  words: readonly string[],
  filterNames: readonly string[],
): string | undefined {
  const [executionId, ...others] = words;
  const given = filterNames.find((name) => options.isSet(name));
  if (executionId === undefined && given === undefined) throw new UsageError("Name an execution, or filter: --flow F.");
  if (executionId !== undefined && given !== undefined)
    throw new UsageError(`An execution is named, so --${given} has nothing to choose: give one of them.`);
  if (others.length > 0) throw new UsageError("Name one execution; filters such as --batch mean many.");
  return executionId;
}

/** Newest first. Throws for a flow that never was and a customer that there isn't. */
export async function matchingExecutions(
  session: Session,
  { options }: Pick<Call, "options">,
  statuses: readonly ExecutionStatus[],
): Promise<ExecutionHeader[]> {
  const filter = await filterOf(session, options);
  const { startedBefore = Infinity, startedAfter = -Infinity, ...stored } = filter;
  const found: ExecutionHeader[] = [];
  for (const status of statuses) {
    for await (const header of headers(session.store, { ...stored, status })) {
      if (header.started_at < startedBefore && header.started_at >= startedAfter) found.push(header);
    }
  }
  return found.toSorted((one, other) => other.started_at - one.started_at);
}

async function filterOf({ engine, timezone }: Session, options: Call["options"]): Promise<BulkFilter> {
  const [flowId, customer, batchId] = [options.text("flow"), options.text("customer"), options.text("batch")];
  // Says the nearest name of a flow that never was; one whose file is gone may still have executions.
  if (flowId !== null) await engine.versions({ flowId });
  const instant = (name: string) => {
    const text = options.text(name);
    const at = text === null ? null : readInstant(text, timezone);
    if (text !== null && at === null)
      throw new UsageError(`--${name} must be an instant or a day such as 2026-12-04T09:00, not "${text}".`);
    return at;
  };
  const [before, after] = [instant("before"), instant("after")];
  return {
    ...(flowId === null ? {} : { flowId }),
    ...(customer === null ? {} : { customerId: (await oneCustomer(engine, customer)).id }),
    ...(batchId === null ? {} : { batchId }),
    ...(before === null ? {} : { startedBefore: before }),
    ...(after === null ? {} : { startedAfter: after }),
  };
}

/** Shows what it would be done to and asks; somebody who can't be asked must have said --yes. */
export async function isConfirmed(
  { terminal, options }: Pick<Call, "terminal" | "options">,
  { verb, found, timezone }: { verb: string; found: readonly ExecutionHeader[]; timezone: string },
): Promise<boolean> {
  if (options.isSet("yes")) return true;
  if (!terminal.isInteractive)
    throw new UsageError(`This would ${verb} ${executions(found.length)}, and nobody can be asked here: add --yes.`);
  const rest = found.length > mostShown ? `and ${(found.length - mostShown).toLocaleString("en-US")} more\n` : "";
  terminal.err(`${executionTable(createPaper(terminal), found.slice(0, mostShown), timezone)}\n${rest}`);
  const typed = await terminal.ask(
    `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${executions(found.length)}? [y/N] `,
  );
  return /^\s*y(?:es)?\s*$/i.test(typed);
}

export function executions(count: number): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? "execution" : "executions"}`;
}

export type Outcome<Done> =
  { executionId: string; done: Done } | { executionId: string; /** A sentence. */ refused: string };

export async function forEach<Done>(
  found: readonly ExecutionHeader[],
  work: (executionId: string) => Promise<Outcome<Done>>,
): Promise<Outcome<Done>[]> {
  const outcomes: Outcome<Done>[] = [];
  for (let at = 0; at < found.length; at += atOnce) {
    const slice = found.slice(at, at + atOnce);
    outcomes.push(...(await Promise.all(slice.map(({ execution_id }) => work(execution_id)))));
  }
  return outcomes;
}

/** What was refused is a problem, each with its id. */
export function bulkAnswer<Done>(
  outcomes: readonly Outcome<Done>[],
  said: {
    /** The document's key for what was done. */
    key: string;
    document: (executionId: string, done: Done) => string | { [key: string]: string | string[] };
    text: (done: { executionId: string; done: Done }[]) => string;
  },
): Answer {
  const done = outcomes.filter((outcome) => "done" in outcome);
  const refused = outcomes.filter((outcome) => "refused" in outcome);
  return {
    document: {
      [said.key]: done.map((one) => said.document(one.executionId, one.done)),
      refused: refused.map(({ executionId, refused: message }) => ({ execution_id: executionId, message })),
    },
    text: () => (done.length === 0 && refused.length > 0 ? "" : said.text(done)),
    problems: refused.map(({ executionId, refused: message }) => `${executionId}: ${message}`),
    isProblem: refused.length > 0,
  };
}
