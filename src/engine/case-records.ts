/**
 * Cases as they are written: one event after another over the stored record, each with its line in the audit (T4).
 *
 * Job: read, decide, write; who loses the write (K2) reads again and decides anew. Non-job: who may say something about a case.
 */
import type { CaseBook } from "../agents/agent.ts";
import { type Case, type CaseEvent, caseId, evolve, type Finding } from "../flow/case.ts";
import { type CaseCommand, type CaseRefusal, decideCase } from "../flow/decide-case.ts";
import type { Person } from "../flow/person.ts";
import type { AuditEvent } from "../flow/record.ts";
import type { StateStore } from "../state/state-store.ts";

const pageSize = 500;

export class CaseRecords implements CaseBook {
  readonly #store: StateStore;

  constructor(store: StateStore) {
    this.#store = store;
  }

  async observe(assessment: Parameters<CaseBook["observe"]>[0]): Promise<Finding | null> {
    const { key, executionId } = assessment;
    const id = caseId({ reason: assessment.reason, customerId: assessment.customer.id });
    for (;;) {
      const record = await this.#store.getCase({ caseId: id });
      const told = record?.findings.find((finding) => finding.key === key);
      // K3: the try before may have died between the case and its audit.
      if (record && told) {
        await this.#store.recordAudit({ events: findingAudit(record, told, executionId) });
        return told;
      }
      const isUnanswered = await this.#isUnanswered(record);
      const { event } = decideCase(record, { type: "observe", ...assessment, isUnanswered });
      if (event?.type !== "found") return null;
      const next = evolve(record, event);
      const audit = findingAudit(next, event.finding, executionId);
      if (await this.#store.putCase({ record: next, audit })) return event.finding;
    }
  }

  async *all({ open }: { open: boolean }): AsyncGenerator<Case[]> {
    let cursor: string | null = null;
    do {
      const page = await this.#store.listCases({ filter: { open }, limit: pageSize, cursor });
      yield page.items;
      cursor = page.next;
    } while (cursor !== null);
  }

  async review({ record, now, at }: Parameters<CaseBook["review"]>[0]): Promise<boolean> {
    const said = await this.say({ id: idOf(record), command: { type: "review", now, at } });
    return said.event !== null;
  }

  /** `record`: as it stands now, changed or not; null: there never was one. */
  async say({ id, command }: { id: string; command: Exclude<CaseCommand, { type: "observe" }> }): Promise<{
    record: Case | null;
    event: CaseEvent | null;
    refusal: CaseRefusal | null;
  }> {
    for (;;) {
      const record = await this.#store.getCase({ caseId: id });
      const { event, refusal } = decideCase(record, command);
      if (event === null || event.type === "found" || record === null) return { record, event: null, refusal };
      const next = evolve(record, event);
      if (await this.#store.putCase({ record: next, audit: wordAudit(next, event) }))
        return { record: next, event, refusal: null };
    }
  }

  /** What was asked last ended by itself: nobody has said anything about the customer. */
  async #isUnanswered(record: Case | null): Promise<boolean> {
    if (record === null || record.asked_in === null) return false;
    const header = await this.#store.getHeader({ executionId: record.asked_in });
    if (header === null || header.status === "running") return false;
    return header.status !== "succeeded" || header.outcome === "expired";
  }
}

export function idOf(record: Case): string {
  return caseId({ reason: record.reason, customerId: record.customer.id });
}

const actions = {
  opened: "case_opened",
  worsened: "case_worsened",
  recovered: "case_recovered",
  closed: "case_closed",
} as const;

/** Its id is derived from the finding, so that what is told again is recorded once. */
function findingAudit(record: Case, finding: Finding, executionId: string): AuditEvent[] {
  const { transition, score, previous_score: before, note, at, key } = finding;
  if (transition === "unchanged") return [];
  const figures = [before, score].flatMap((one) => (one === null ? [] : [one.toFixed(2)])).join(" to ");
  const detail = `${about(record)}: ${[figures, note].filter(Boolean).join("; ")}`;
  return [audit({ id: `case/${key}`, at, action: actions[transition], person: null, executionId, detail })];
}

function wordAudit(record: Case, event: Exclude<CaseEvent, { type: "found" }>): AuditEvent[] {
  const id = `case/${idOf(record)}/${record.revision}`;
  const of = { id, at: event.at, executionId: record.asked_in };
  switch (event.type) {
    case "closed":
      return [audit({ ...of, action: "case_closed", person: null, detail: `${about(record)}: ${event.note}` })];
    case "snoozed": {
      const detail = `${about(record)} until ${new Date(event.until).toISOString()}: ${event.reason}`;
      return [audit({ ...of, action: "snooze", person: event.by, detail })];
    }
    case "dismissed": {
      const note = event.note === null ? "" : `: ${event.note}`;
      const detail = `${about(record)} as ${event.why.replaceAll("_", " ")}${note}`;
      return [audit({ ...of, action: "dismiss", person: event.by, detail })];
    }
    default:
      return event satisfies never;
  }
}

function audit(parameters: {
  id: string;
  at: number;
  action: AuditEvent["action"];
  person: Person | null;
  executionId: string | null;
  detail: string;
}): AuditEvent {
  const { id, at, action, person, executionId, detail } = parameters;
  return { audit_id: id, at, action, person, flow_id: null, execution_id: executionId, detail };
}

function about({ reason, customer }: Case): string {
  return `${reason.replaceAll("_", " ")} of ${customer.name}`;
}
