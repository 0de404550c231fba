/** `approvals`: the decisions that are waited for, those with the least time left first. */
import type { WaitingApproval } from "../../engine/engine.ts";
import type { Answer, Command } from "../command.ts";
import { iso, isoOrNull, moment } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import type { Session } from "../session.ts";
import { table } from "../table.ts";
import { noWords } from "../words.ts";

export const approvals: Command = {
  word: "approvals",
  usage: ["approvals [--limit N]"],
  purpose: "the decisions that are waited for, and whose they are",
  options: { limit: { type: "text", value: "N", about: "at most so many (100)" } },
  notes: ["Decisions are made in Slack, where it is known who makes them."],
  examples: [{ line: "approvals", about: "those with the least time left first" }],
  run: async (call) => {
    noWords(call);
    const limit = call.options.count("limit", { otherwise: 100, most: 10_000 });
    const { inSession } = await import("../session.ts");
    return inSession(call, (session) => waiting(session, limit));
  },
};

async function waiting({ engine, timezone }: Session, limit: number): Promise<Answer> {
  const { items, total } = await engine.waiting({ person: null, offset: 0, limit });
  const document = {
    approvals: items.map(({ header, waiting: { step_id, people, since, until } }) => ({
      execution_id: header.execution_id,
      flow_id: header.flow_id,
      customer_id: header.customer_id,
      customer_name: header.customer_name,
      step_id,
      waiting_for: people,
      since: iso(since, timezone),
      expires_at: isoOrNull(until, timezone),
      risk_score: header.risk_score,
    })),
    total,
  };
  const text = (paper: Paper) => {
    if (items.length === 0) return "No decision is waited for.";
    const rest =
      total > items.length
        ? `\n\nThe first ${items.length} of ${total.toLocaleString("en-US")}; --limit N shows more.`
        : "";
    return `${approvalTable(paper, items, timezone)}${rest}`;
  };
  return { document, text };
}

function approvalTable(paper: Paper, items: readonly WaitingApproval[], timezone: string): string {
  const rows = items.map(({ header, waiting: { step_id, people, since, until } }) => [
    header.execution_id,
    header.flow_id,
    plain(header.customer_name ?? header.customer_id ?? ""),
    step_id,
    plain(people.join(", ")),
    moment(since, timezone),
    moment(until, timezone),
    header.risk_score === null ? "" : header.risk_score.toFixed(2),
  ]);
  return table(paper, {
    heads: ["EXECUTION", "FLOW", "CUSTOMER", "STEP", "WAITS FOR", `SINCE (${timezone})`, "EXPIRES", "RISK"],
    rows,
  });
}
