/** `status`: what runs and what waits for whom; of one execution, each step. */
import { RequestError, type Engine, type ExecutionReport } from "../../engine/engine.ts";
import { nearest } from "../../flow/nearest.ts";
import { ExecutionStatus, type ExecutionHeader } from "../../flow/record.ts";
import type { Answer, Command } from "../command.ts";
import { CommandError } from "../errors.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";
import { reportDocument, reportText } from "../views/execution.ts";
import { executionDocument, executionTable } from "../views/executions.ts";
import { optionalSubject } from "../words.ts";

export const statusCommand: Command = {
  word: "status",
  usage: ["status [EXECUTION|FLOW|CUSTOMER] [--status S] [--limit N]"],
  purpose: "what runs and what waits for whom; of one execution, each step",
  options: {
    status: { type: "text", value: "S", about: `only ${ExecutionStatus.options.join(", ")}` },
    limit: { type: "text", value: "N", about: "at most so many executions (100)" },
  },
  examples: [
    { line: "status", about: "everything that runs" },
    { line: "status renewal_management --status failed", about: "of one flow, what has failed" },
    { line: "status Acme Robotics", about: "about one customer" },
    { line: "status 1j4m2k9aa-0f3c5d7e9b11", about: "one execution, step by step" },
  ],
  run: async (call) => {
    const asked = {
      subject: optionalSubject(call),
      status: call.options.choice("status", ExecutionStatus.options),
      limit: call.options.count("limit", { otherwise: 100, most: 10_000 }),
    };
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) => statusOf(session, asked));
  },
};

async function statusOf(
  { engine, timezone }: Session,
  { subject, status, limit }: { subject: string | null; status: ExecutionStatus | null; limit: number },
): Promise<Answer> {
  // One more than is shown tells that there are more.
  const asked = { ...(status === null ? {} : { status }), limit: limit + 1 };
  if (subject === null) {
    const headers = await engine.list({ status: "running", ...asked });
    return listAnswer({ headers, limit, timezone, none: `No execution is ${words(status ?? "running")}.` });
  }
  const headers = await listAbout(engine, subject, asked);
  if (headers === null) return reportAnswer(await reportOf(engine, subject), timezone);
  const kind = status === null ? "" : `${words(status)} `;
  return listAnswer({ headers, limit, timezone, none: `There is no ${kind}execution of ${plain(subject)}.` });
}

function words(status: ExecutionStatus): string {
  return status.replaceAll("_", " ");
}

function listAnswer(parameters: { headers: ExecutionHeader[]; limit: number; timezone: string; none: string }): Answer {
  const { headers, limit, timezone, none } = parameters;
  const shown = headers.slice(0, limit);
  const more = headers.length > limit ? `\n\nThe first ${limit.toLocaleString("en-US")}; --limit N shows more.` : "";
  return {
    document: { executions: shown.map((header) => executionDocument(header, timezone)), more: headers.length > limit },
    text: (paper) => (shown.length === 0 ? none : `${executionTable(paper, shown, timezone)}${more}`),
  };
}

function reportAnswer(report: ExecutionReport, timezone: string): Answer {
  return {
    document: { executions: [reportDocument(report, timezone)] },
    text: (paper) => reportText(paper, report, timezone),
  };
}

/** Executions of a flow, or about a customer (all of one name); null where the subject is neither. */
async function listAbout(
  engine: Engine,
  subject: string,
  asked: { status?: ExecutionStatus; limit: number },
): Promise<ExecutionHeader[] | null> {
  const flows = await engine.flows();
  if (flows.some(({ definition }) => definition.flow_id === subject)) return engine.list({ flowId: subject, ...asked });
  const customers = await engine.findCustomers({ text: subject });
  if (customers.length === 0) return null;
  const lists = customers.map(({ id }) => engine.list({ customerId: id, ...asked }));
  return (await Promise.all(lists)).flat().slice(0, asked.limit);
}

async function reportOf(engine: Engine, subject: string): Promise<ExecutionReport> {
  try {
    return await engine.report({ executionId: subject });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const near = error.suggestion ?? (await nearestSubject(engine, subject));
    throw new CommandError([`Nothing is called “${plain(subject)}”: no execution, flow or customer.`], near);
  }
}

async function nearestSubject(engine: Engine, subject: string): Promise<string | null> {
  const flows = await engine.flows();
  const flowIds = flows.map(({ definition }) => definition.flow_id);
  return nearest(subject, flowIds) ?? (await engine.nearestCustomers({ text: subject }))[0] ?? null;
}
