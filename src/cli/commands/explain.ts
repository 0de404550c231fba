/** `explain`: what each step of an execution waits for; of an ended one, why it ended so. */
import type { EndReason, Explanation, StepExplanation } from "../../engine/explain.ts";
import type { Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { isoOrNull } from "../moment.ts";
import type { Paper } from "../paper.ts";
import { plain } from "../plain.ts";
import { statusMark, statusWords } from "../views/executions.ts";

export const explain: Command = {
  word: "explain",
  usage: ["explain EXECUTION"],
  purpose: "what an execution waits for, step by step, or why it ended as it did",
  options: {},
  examples: [{ line: "explain 1j4m2k9aa-0f3c5d7e9b11", about: "whose word is missing, and since when" }],
  run: async (call) => {
    const [executionId, ...others] = call.words;
    if (executionId === undefined || others.length > 0) throw new UsageError("This command takes one execution.");
    const { inSession } = await import("../session.ts");
    return inSession(call, async ({ engine, timezone }) => {
      const explanation = await engine.explain({ executionId });
      return { document: documentOf(explanation, timezone), text: (paper) => textOf(paper, explanation) };
    });
  },
};

function documentOf({ steps, reasons, ...explanation }: Explanation, timezone: string) {
  return {
    ...explanation,
    steps: steps.map(({ waits_for, ...step }) => ({
      ...step,
      waits_for: waits_for.map(({ until, ...waiting }) => ({ ...waiting, until: isoOrNull(until, timezone) })),
    })),
    reasons: reasons.map((reason) => ({ ...reason })),
  };
}

function textOf(paper: Paper, explanation: Explanation): string {
  const { execution_id, flow_id, flow_version, customer_name, status, outcome, summary, steps, reasons } = explanation;
  const about = customer_name === null ? "" : ` · ${plain(customer_name)}`;
  const standing = paper.mark(statusMark({ status, waiting_for: [] }), statusWords({ status, outcome }));
  return [
    `${paper.mark("bold", `${flow_id} ${plain(flow_version)}${about}`)} · ${standing} · ${execution_id}`,
    plain(summary),
    ...steps.flatMap((step) => stepLines(paper, step)),
    ...reasons.flatMap((reason) => reasonLines(paper, reason)),
  ].join("\n");
}

function stepLines(paper: Paper, { step_id, status, waits_for }: StepExplanation): string[] {
  const waits = waits_for.map(({ text }) => `  ${plain(text)}`);
  return ["", `${paper.mark("bold", step_id)} ${paper.mark("dim", status)}`, ...waits];
}

function reasonLines(paper: Paper, { step_id, text, because }: EndReason): string[] {
  const from = because.length === 0 ? "" : paper.mark("dim", ` (because of ${because.join(" ← ")})`);
  return ["", ...(step_id === null ? [] : [paper.mark("bold", step_id)]), `  ${plain(text)}${from}`];
}
