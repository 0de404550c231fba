/** `export audit`: every start, decision, edit, redrive, abort and refusal, oldest first (T4). */
import type { AuditEvent } from "../../flow/record.ts";
import type { StateStore } from "../../state/state-store.ts";
import type { Answer, Call, Command } from "../command.ts";
import { UsageError } from "../errors.ts";
import { iso } from "../moment.ts";

export const exportCommand: Command = {
  word: "export",
  usage: ["export audit [--execution EXECUTION]"],
  purpose: "the audit, oldest first: JSON lines, or one document with --json",
  options: { execution: { type: "text", value: "EXECUTION", about: "only what was done about this execution" } },
  examples: [
    { line: "export audit > audit.jsonl", about: "one event a line" },
    { line: "export audit --execution 1j4m2k9aa-0f3c5d7e9b11 --json", about: "who did what about one execution" },
  ],
  run: async (call) => {
    const [what, ...others] = call.words;
    if (what !== "audit" || others.length > 0)
      throw new UsageError("What can be exported is the audit.", { suggestion: what === undefined ? null : "audit" });
    const { inSession } = await import("../session.ts");
    return inSession(call, ({ store, timezone }) => auditOf(store, call, timezone));
  },
};

async function auditOf(store: StateStore, { options }: Call, timezone: string): Promise<Answer> {
  const executionId = options.text("execution");
  const events: AuditEvent[] = [];
  let cursor: string | null = null;
  do {
    const filter = executionId === null ? {} : { executionId };
    const page = await store.listAudit({ limit: 1_000, cursor, ...filter });
    events.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  const documents = events.map(({ at, ...event }) => ({ at: iso(at, timezone), ...event }));
  return {
    document: { events: documents },
    text: () => documents.map((event) => JSON.stringify(event)).join("\n"),
  };
}
