/**
 * What people decide: votes, edits, answers to doubts.
 *
 * Job: check who asks (A2), hand the command to the execution's driver, answer truthfully; every refusal is an audit event
 * (T4). Non-job: what follows from a decision (decide.ts).
 */
import type { ApprovalCard } from "../flow/card.ts";
import type { SetAside } from "../flow/case.ts";
import type { FieldEdit } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import type { DecisionWord } from "../flow/flow.ts";
import type { Person } from "../flow/person.ts";
import { auditEvent } from "./audit.ts";
import { approvalCard } from "./cards.ts";
import type { RunningContext } from "./context.ts";
import { voteRefusal } from "./decide/approvals.ts";
import { findEffect } from "./decide/effects.ts";
import type { ExecutionDriver } from "./driver.ts";
import { checkEdit, editCommand, editFields } from "./edits.ts";
import type { ApprovalReference, DecisionAnswer, EditAnswer, EditFormAnswer, RefusalReason } from "./engine.ts";
import type { Executions } from "./executions.ts";
import { isAmong } from "./is-among.ts";
import { mayOperate } from "./may-operate.ts";
import { refusalMessage } from "./refusal.ts";

type Refused = Extract<DecisionAnswer, { kind: "refused" }>;

interface AskedDecision extends ApprovalReference {
  person: Person;
  decision: DecisionWord;
}

interface AskedEdit extends ApprovalReference {
  person: Person;
  edits: FieldEdit[];
}

interface AskedDoubt {
  effectKey: string;
  person: Person;
  answer: "send_again" | "arrived";
}

export class Decisions {
  readonly #context: RunningContext;
  readonly #executions: Executions;

  constructor(context: RunningContext, executions: Executions) {
    this.#context = context;
    this.#executions = executions;
  }

  async decide(parameters: AskedDecision & { reason: string | null; aside?: SetAside }): Promise<DecisionAnswer> {
    const { executionId, reason } = parameters;
    const refused = await this.#whyNot(parameters, { reason, reasonGiven: true });
    return refused ?? this.#executions.use(executionId, (driver) => this.#vote(driver, parameters));
  }

  async #vote(
    driver: ExecutionDriver | null,
    parameters: AskedDecision & { reason: string | null; aside?: SetAside },
  ): Promise<DecisionAnswer> {
    const { executionId, stepId, version, person, decision, reason, aside } = parameters;
    if (driver === null) return this.#refusal(null, parameters, "unknown");
    const about = driver.state.customer?.name ?? driver.state.flowId;
    const detail = `${decision} ${stepId} about ${about}${reason === null ? "" : `: ${reason}`}`;
    const audit = auditEvent(this.#context, {
      action: decision,
      person,
      flowId: driver.state.flowId,
      executionId,
      detail,
    });
    const vote = { type: "vote" as const, stepId, version, person, decision, reason };
    const { state, refusal } = await driver.submit(aside === undefined ? vote : { ...vote, aside }, [audit]);
    if (refusal !== null) return this.#refusal(state, parameters, refusal);
    return { kind: "recorded", ended: state.steps[stepId]?.approval?.status !== "pending" };
  }

  async mayDecide(parameters: AskedDecision & { forList?: boolean }) {
    const refused = await this.#whyNot(parameters, { reason: null, reasonGiven: false });
    if (refused !== null) return refused;
    const state = await this.#executions.read(parameters.executionId);
    const step = state?.definition.steps.find(({ id }) => id === parameters.stepId);
    const reasonRequired = step?.kind === "approval" && step.reason_required.includes(parameters.decision);
    return { kind: "yes" as const, reasonRequired };
  }

  /** A2: the log's own refusals first, then whether the workspace says that this person is an approver now. */
  async #whyNot(
    reference: AskedDecision,
    given: { reason: string | null; reasonGiven: boolean; voting?: boolean },
  ): Promise<Extract<DecisionAnswer, { kind: "refused" }> | null> {
    const state = await this.#executions.read(reference.executionId);
    if (state === null) return this.#refusal(null, reference, "unknown");
    const vote = { ...reference, reason: given.reason };
    const refusal = voteRefusal(state, vote, this.#context.clock.now(), given);
    // An outsider learns first that it isn't theirs to decide, before what a decision would need.
    if (refusal !== null && refusal !== "reason_missing") return this.#refusal(state, reference, refusal);
    const approvers = state.steps[reference.stepId]?.approval?.approvers ?? [];
    const references = approvers.map((approver) => approver.reference);
    if (!(await isAmong(this.#context, reference.person, references))) {
      return this.#refusal(state, reference, "not_an_approver");
    }
    return refusal === null ? null : this.#refusal(state, reference, refusal);
  }

  async #refusal(
    state: ExecutionState | null,
    reference: { executionId: string; stepId: string; person: Person },
    reason: RefusalReason,
  ): Promise<Extract<DecisionAnswer, { kind: "refused" }>> {
    const { executionId, stepId, person } = reference;
    const message =
      state === null ? "There is no such execution. Nothing changed." : refusalMessage({ reason, state, stepId });
    const detail = `${reason} at ${stepId}`;
    const audit = auditEvent(this.#context, {
      action: "refuse",
      person,
      flowId: state?.flowId ?? null,
      executionId,
      detail,
    });
    await this.#context.store.recordAudit({ events: [audit] });
    return { kind: "refused", reason, message };
  }

  async editForm(parameters: ApprovalReference & { person: Person }): Promise<EditFormAnswer> {
    const refused = await this.#whyNotEdit(parameters);
    if (refused !== null) return refused;
    const state = await this.#executions.read(parameters.executionId);
    const step = state?.definition.steps.find(({ id }) => id === parameters.stepId);
    if (state === null || step?.kind !== "approval") return this.#refusal(state, parameters, "unknown");
    return { kind: "form", fields: editFields(this.#context, state, step) };
  }

  async edit(parameters: AskedEdit): Promise<EditAnswer> {
    const refused = await this.#whyNotEdit(parameters);
    return refused ?? this.#executions.use(parameters.executionId, (driver) => this.#change(driver, parameters));
  }

  async #change(driver: ExecutionDriver | null, parameters: AskedEdit): Promise<EditAnswer> {
    const { executionId, stepId, version, person, edits: given } = parameters;
    const step = driver?.state.definition.steps.find(({ id }) => id === stepId);
    const approval = driver?.state.steps[stepId]?.approval ?? null;
    if (driver === null || step?.kind !== "approval" || approval === null) {
      return this.#refusal(driver?.state ?? null, parameters, "unknown");
    }
    const checked = checkEdit(this.#context, driver.state, { step, approval, given });
    if (checked.kind !== "valid") return checked;
    const command = await editCommand(this.#context, driver.state, { step, version, person, edits: checked.edits });
    const { flowId } = driver.state;
    const detail = `${stepId}: ${given.map(({ step: stepOf, field }) => `${stepOf}.${field}`).join(", ")}`;
    const audit = auditEvent(this.#context, { action: "edit", person, flowId, executionId, detail });
    const { state, refusal } = await driver.submit(command, [audit]);
    if (refusal !== null) return this.#refusal(state, parameters, refusal);
    return { kind: "edited", version: version + 1 };
  }

  /** Who may decide may edit, whether or not they have voted. */
  #whyNotEdit(reference: ApprovalReference & { person: Person }): Promise<Refused | null> {
    const given = { reason: null, reasonGiven: false, voting: false };
    return this.#whyNot({ ...reference, decision: "approve" }, given);
  }

  async approval({ executionId, stepId }: { executionId: string; stepId: string }): Promise<ApprovalCard | null> {
    const state = await this.#executions.read(executionId);
    const step = state?.steps[stepId];
    return state && step ? approvalCard(state, step, this.#context.clock.now()) : null;
  }

  resolveDoubt(parameters: AskedDoubt): Promise<DecisionAnswer> {
    const executionId = parameters.effectKey.split("/")[0] ?? "";
    return this.#executions.use(executionId, (driver) => this.#resolve(driver, { ...parameters, executionId }));
  }

  async #resolve(
    driver: ExecutionDriver | null,
    parameters: AskedDoubt & { executionId: string },
  ): Promise<DecisionAnswer> {
    const { executionId, effectKey, person, answer } = parameters;
    const found = driver === null ? null : findEffect(driver.state, effectKey);
    const reference = { executionId, stepId: found?.of.stepId ?? "", person };
    if (driver === null) return this.#refusal(null, reference, "unknown");
    if (found?.effect.state.status !== "doubtful")
      return this.#answered(driver.state, reference, "This doubt has been answered.");
    if (!(await mayOperate(this.#context, driver.state, person))) {
      return this.#answered(driver.state, reference, "An operator or an approver of this flow answers this.");
    }
    const detail = `${answer} ${effectKey}`;
    const audit = auditEvent(this.#context, {
      action: "resolve_doubt",
      person,
      flowId: driver.state.flowId,
      executionId,
      detail,
    });
    const { state, refusal } = await driver.submit({ type: "resolve_doubt", key: effectKey, person, answer }, [audit]);
    if (refusal !== null) return this.#answered(state, reference, "This doubt has been answered.");
    return { kind: "recorded", ended: true };
  }

  async #answered(
    state: ExecutionState,
    reference: { executionId: string; stepId: string; person: Person },
    sentence: string,
  ): Promise<DecisionAnswer> {
    const { reason } = await this.#refusal(state, reference, "already_decided");
    return { kind: "refused", reason, message: `${sentence} Nothing changed.` };
  }
}
