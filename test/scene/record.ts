/**
 * What there is, read from the app's files and not from its words: what the engine recorded, and what Slack's stand-in holds
 * under which key.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { headers } from "../../src/engine/header-pages.ts";
import { fold, type ExecutionState, type StepEffect } from "../../src/flow/execution.ts";
import type { AuditEvent, Batch, ExecutionHeader } from "../../src/flow/record.ts";
import { openSqliteStateStore } from "../../src/state/sqlite/sqlite-state-store.ts";
import type { StateStore } from "../../src/state/state-store.ts";

export interface Recorded {
  executions: { header: ExecutionHeader; state: ExecutionState }[];
  /** Of all executions, by id. */
  batches: Batch[];
  audit: AuditEvent[];
}

export async function readRecord(folder: string): Promise<Recorded> {
  const store = await openSqliteStateStore({ path: join(folder, "revops.db") });
  try {
    const executions: Recorded["executions"] = [];
    for await (const header of headers(store, {})) executions.push({ header, state: await stateOf(store, header) });
    const ids = new Set(executions.flatMap(({ header }) => header.batch_id ?? []));
    const batches = await Promise.all([...ids].map((batchId) => store.getBatch({ batchId })));
    const { items: audit } = await store.listAudit({ limit: 10_000 });
    return { executions, batches: batches.filter((batch) => batch !== null), audit };
  } finally {
    await store.close();
  }
}

/** Not yet ended, or their last message not yet shown; the app may run meanwhile. */
export async function openExecutions(folder: string): Promise<ExecutionHeader[]> {
  const store = await openSqliteStateStore({ path: join(folder, "revops.db") });
  try {
    const open: ExecutionHeader[] = [];
    for await (const header of headers(store, { open: true })) open.push(header);
    return open;
  } finally {
    await store.close();
  }
}

async function stateOf(store: StateStore, header: ExecutionHeader): Promise<ExecutionState> {
  const executionId = header.execution_id;
  const definition = await store.getDefinition({ hash: header.definition_hash });
  if (definition === null) throw new Error(`the definition of ${executionId} is gone`);
  const state = fold({ definition, entries: await store.readLog({ executionId, after: 0 }) });
  if (state === null) throw new Error(`the log of ${executionId} is gone`);
  return state;
}

/** The key and those of the generations before it: a person's "send again" makes the next. */
export function keysOf({ key, generation }: StepEffect): string[] {
  const first = key.replace(/#\d+$/, "");
  return Array.from({ length: generation }, (_, index) => (index === 0 ? first : `${first}#${index + 1}`));
}

const Metadata = z.object({ event_payload: z.object({ key: z.string() }) });

/** The keys of all messages that the bot ever posted for everybody, once for each message; none is ever removed. */
export function postedKeys(folder: string): string[] {
  const database = new DatabaseSync(join(folder, "sandbox.db"), { readOnly: true });
  try {
    return database
      .prepare("SELECT metadata FROM messages WHERE metadata IS NOT NULL AND ephemeral_for IS NULL")
      .all()
      .map(({ metadata }) => Metadata.parse(JSON.parse(String(metadata))).event_payload.key);
  } finally {
    database.close();
  }
}
