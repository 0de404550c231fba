/** `export audit`: every start, decision, edit, redrive, abort and refusal, oldest first (T4). */
import type { JsonObject } from "../../flow/json.ts";
import type { AuditEvent } from "../../flow/record.ts";
import type { Page, StateStore } from "../../state/state-store.ts";
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

async function auditOf(store: StateStore, { options, terminal }: Call, timezone: string): Promise<Answer> {
  const executionId = options.text("execution");
  const documents: JsonObject[] = [];
  for await (const event of audit(store, executionId === null ? {} : { executionId })) {
    const { at, ...what } = event;
    const document: JsonObject = { at: iso(at, timezone), ...what };
    // An audit of years is longer than memory: a line goes out as it is read.
    if (options.isSet("json")) documents.push(document);
    else terminal.out(`${JSON.stringify(document)}\n`);
  }
  return { document: { events: documents }, text: () => "" };
}

async function* audit(store: StateStore, filter: { executionId?: string }): AsyncGenerator<AuditEvent> {
  let cursor: string | null = null;
  do {
    const page: Page<AuditEvent> = await store.listAudit({ limit: 1_000, cursor, ...filter });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
}
