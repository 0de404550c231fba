/**
 * What people say about cases, and the lists of them.
 *
 * Job: check who asks (A2), answer the approval that still waits, then record the word. Non-job: what follows from it
 * (src/flow/decide-case.ts), how it is written (case-records.ts).
 *
 * - K7. To set a case aside answers the approval that asks about it: it is rejected with that, so nothing goes out. The vote is
 *   first, since it decides the race (A1); who dies in between says it again, then to the case alone.
 */
import type { ApprovalReference } from "./engine.ts";
import { type Case, type CaseReason, type CaseStatus, isStanding, type SetAside } from "../flow/case.ts";
import { type CaseCommand, type CaseRefusal, decideCase } from "../flow/decide-case.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { Person } from "../flow/person.ts";
import { TrackedCase } from "../flow/tracked-case.ts";
import { auditEvent } from "./audit.ts";
import { CaseRecords, idOf } from "./case-records.ts";
import { closedWords, standingWords } from "./case-words.ts";
import type { RunningContext } from "./context.ts";
import type { Decisions } from "./decisions.ts";
import type { DecisionAnswer, RefusalReason } from "./engine.ts";
import type { Executions } from "./executions.ts";
import { isAmong } from "./is-among.ts";
import { mayOperate } from "./may-operate.ts";
import { refusalMessage } from "./refusal.ts";

type Refused = Extract<DecisionAnswer, { kind: "refused" }>;

/** A card's approval, or a case as a list showed it. */
export type CaseSubject = { approval: ApprovalReference } | { caseId: string; version: number };

export interface AskedAside {
  subject: CaseSubject;
  person: Person;
  aside: SetAside;
  /** Of a snooze it is needed. */
  reason: string | null;
}

export interface CaseFilterWords {
  customerId?: string;
  /** Mail address of the account manager. */
  owner?: string;
  reason?: CaseReason;
  /** Left out: all but the closed ones. */
  status?: CaseStatus;
}

interface Found {
  record: Case;
  /** Null: the execution that asked has gone. */
  state: ExecutionState | null;
  /** Of what the case asks and nobody has answered. */
  pending: ApprovalReference | null;
}

export class Cases {
  readonly #context: RunningContext;
  readonly #executions: Executions;
  readonly #decisions: Decisions;
  readonly #records: CaseRecords;

  constructor(context: RunningContext, parts: { executions: Executions; decisions: Decisions }) {
    this.#context = context;
    this.#executions = parts.executions;
    this.#decisions = parts.decisions;
    this.#records = new CaseRecords(context.store);
  }

  /** Those with most at stake first: score times yearly value. */
  async list({ limit, ...words }: CaseFilterWords & { limit: number }): Promise<{ items: Case[]; total: number }> {
    const found: Case[] = [];
    const filter = {
      open: words.status !== "closed",
      ...(words.customerId === undefined ? {} : { customerId: words.customerId }),
    };
    let cursor: string | null = null;
    do {
      const page = await this.#context.store.listCases({ filter, limit: 500, cursor });
      found.push(...page.items.filter((record) => fits(record, words)));
      cursor = page.next;
    } while (cursor !== null);
    const inOrder = found.toSorted((one, other) => stakeOf(other) - stakeOf(one) || other.opened_at - one.opened_at);
    return { items: inOrder.slice(0, limit), total: found.length };
  }

  /** For opening a form: the same check as `setAside`. */
  async maySetAside(asked: Pick<AskedAside, "subject" | "person">): Promise<{ kind: "yes"; record: Case } | Refused> {
    const found = await this.#find(asked);
    if (found.kind === "refused") return this.#refuse(asked, found);
    return (await this.#whyNot(asked, found.found)) ?? { kind: "yes", record: found.found.record };
  }

  async setAside(asked: AskedAside): Promise<DecisionAnswer> {
    const found = await this.#find(asked);
    if (found.kind === "refused") return this.#refuse(asked, found);
    const { record, pending } = found.found;
    const command = this.#command(asked, null);
    const { refusal } = decideCase(record, command);
    if (refusal !== null) return this.#refuse(asked, this.#refusal(refusal, record));
    const unable = await this.#whyNot(asked, found.found);
    if (unable !== null) return unable;
    if (pending !== null) {
      const { person, reason, aside } = asked;
      const vote = { ...pending, person, decision: "reject", reason: reason ?? words(aside), aside } as const;
      const answer = await this.#decisions.decide(vote);
      if (answer.kind === "refused") return answer;
    }
    // The vote was this person's: what has been found of the customer meanwhile doesn't make the word another.
    const said = await this.#records.say({
      id: idOf(record),
      command: pending === null ? this.#command(asked, record.version) : command,
    });
    if (said.refusal !== null) return this.#refuse(asked, this.#refusal(said.refusal, said.record));
    return { kind: "recorded", ended: true };
  }

  #command({ person, aside, reason }: AskedAside, version: number | null): Exclude<CaseCommand, { type: "observe" }> {
    const said = { at: this.#context.clock.now(), by: person, version };
    return aside.kind === "snooze"
      ? { type: "snooze", ...said, until: aside.until, reason: reason ?? "" }
      : { type: "dismiss", ...said, why: aside.why, note: reason };
  }

  async #find({
    subject,
    person,
  }: Pick<AskedAside, "subject" | "person">): Promise<{ kind: "found"; found: Found } | Refused> {
    if ("approval" in subject) return this.#findOfApproval(subject.approval, person);
    const record = await this.#context.store.getCase({ caseId: subject.caseId });
    if (record === null || !isStanding(record)) return this.#refusal("no_case", record);
    if (record.version !== subject.version) return this.#refusal("overtaken", record);
    const state = record.asked_in === null ? null : await this.#executions.read(record.asked_in);
    return { kind: "found", found: { record, state, pending: state === null ? null : pendingIn(state) } };
  }

  async #findOfApproval(
    approval: ApprovalReference,
    person: Person,
  ): Promise<{ kind: "found"; found: Found } | Refused> {
    const state = await this.#executions.read(approval.executionId);
    const caseId = state === null ? null : caseIn(state);
    const record = caseId === null ? null : await this.#context.store.getCase({ caseId });
    if (state === null || record === null || !isStanding(record)) return this.#refusal("no_case", record);
    const asked = state.steps[approval.stepId]?.approval ?? null;
    if (asked?.status === "pending") return { kind: "found", found: { record, state, pending: approval } };
    // The card is an old one: who was faster is told, but for the person whose word got no further than the vote (K7).
    if (record.status !== "open" || record.asked_in !== approval.executionId) return this.#refusal("overtaken", record);
    const isOwnWord = asked?.votes.some(({ by, aside }) => aside !== undefined && by.user_id === person.user_id);
    if (isOwnWord === true) return { kind: "found", found: { record, state, pending: null } };
    const status = asked?.status ?? "unknown";
    const reason = status === "approved" || status === "rejected" ? "already_decided" : status;
    return { kind: "refused", reason, message: refusalMessage({ reason, state, stepId: approval.stepId }) };
  }

  /** Who may decide may set aside; once that is decided, an operator, an approver of it, or the customer's owner. */
  async #whyNot(
    asked: Pick<AskedAside, "subject" | "person">,
    { record, state, pending }: Found,
  ): Promise<Refused | null> {
    if (pending !== null) {
      const answer = await this.#decisions.mayDecide({ ...pending, person: asked.person, decision: "reject" });
      return answer.kind === "refused" ? answer : null;
    }
    const isOwner =
      record.customer.owner !== null && (await isAmong(this.#context, asked.person, [record.customer.owner]));
    const isOperator =
      isOwner ||
      (state === null
        ? await isAmong(this.#context, asked.person, ["role:operator"])
        : await mayOperate(this.#context, state, asked.person));
    if (isOperator) return null;
    const message = "The customer's account manager, an approver of this or an operator can do that. Nothing changed.";
    return this.#refuse(asked, { kind: "refused", reason: "not_an_operator", message });
  }

  #refusal(refusal: CaseRefusal, record: Case | null): Refused {
    const { timezone } = this.#context;
    switch (refusal) {
      case "no_case":
        return refused("no_case", closedWords(record, timezone));
      case "overtaken":
        return refused("overtaken", record === null ? "There is no such case." : standingWords(record, timezone));
      case "past":
        return refused("bad_date", "A snooze ends in the future.");
      case "too_far":
        return refused("bad_date", "A snooze lasts a year at most; dismiss what is no risk.");
      case "reason_missing":
        return refused("reason_missing", "Please say why.");
      default:
        return refusal satisfies never;
    }
  }

  /** T4. */
  async #refuse({ subject, person }: Pick<AskedAside, "subject" | "person">, refused: Refused): Promise<Refused> {
    const name = "approval" in subject ? subject.approval.stepId : subject.caseId;
    const executionId = "approval" in subject ? subject.approval.executionId : null;
    const detail = `${refused.reason} to set aside at ${name}`;
    const audit = auditEvent(this.#context, { action: "refuse", person, flowId: null, executionId, detail });
    await this.#context.store.recordAudit({ events: [audit] });
    return refused;
  }
}

function refused(reason: RefusalReason, sentence: string): Refused {
  return { kind: "refused", reason, message: `${sentence} Nothing changed.` };
}

function fits(record: Case, { owner, reason, status }: CaseFilterWords): boolean {
  if (owner !== undefined && record.customer.owner?.toLowerCase() !== owner.toLowerCase()) return false;
  return (reason === undefined || record.reason === reason) && (status === undefined || record.status === status);
}

export function stakeOf({ score, customer }: Case): number {
  return score * (customer.arr ?? 0);
}

/** The case that this execution has tracked, the last one where it is about several. */
function caseIn(state: ExecutionState): string | null {
  const found = state.definition.steps.flatMap((step) => {
    if (step.kind !== "agent" || step.action !== "track_case") return [];
    const tracked = TrackedCase.safeParse(state.steps[step.id]?.output);
    return tracked.success && tracked.data.case_id !== null ? [tracked.data.case_id] : [];
  });
  return found.at(-1) ?? null;
}

function pendingIn(state: ExecutionState): ApprovalReference | null {
  for (const [stepId, { approval }] of Object.entries(state.steps)) {
    if (approval?.status === "pending") return { executionId: state.executionId, stepId, version: approval.version };
  }
  return null;
}

function words(aside: SetAside): string {
  return aside.kind === "snooze" ? "Snoozed" : aside.why.replaceAll("_", " ");
}
