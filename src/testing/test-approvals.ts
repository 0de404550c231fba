/** Which approval a test means, who decides it, and what it changes of a field. */
import type { ApprovalReference, WaitingApproval } from "../engine/engine.ts";
import type { FieldEdit } from "../flow/event.ts";
import type { Json } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";
import type { TestEngine } from "./test-engine.ts";
import { TestError } from "./test-error.ts";

/** Left out: the one approval that waits; `by`: a mail address or `user:ID`, left out: its first approver. */
export interface DecisionArguments {
  stepId?: string;
  executionId?: string;
  by?: string;
  reason?: string;
}

/** `newest`: the execution that was started last; of several approvals that wait, its own are meant. */
type Meant = DecisionArguments & { newest: string | null };

export async function approvalReference(
  started: TestEngine,
  meant: Meant,
): Promise<{ reference: ApprovalReference; person: Person }> {
  const { header, waiting } = await waitingApproval(started, meant);
  const { execution_id: executionId } = header;
  const { steps } = await started.engine.execution({ executionId });
  const version = steps[waiting.step_id]?.approval?.version ?? 0;
  const reference = meant.by ?? waiting.references[0] ?? "";
  const [person] = await started.people.resolve({ reference });
  if (person === undefined) throw new TestError(`Nobody is known as ${reference}.`);
  return { reference: { executionId, stepId: waiting.step_id, version }, person };
}

export async function waitingApproval({ engine }: TestEngine, meant: Meant): Promise<WaitingApproval> {
  const { stepId, executionId, newest } = meant;
  const { items } = await engine.waiting({ person: null, offset: 0, limit: 1_000 });
  const fitting = items.filter(
    ({ header, waiting }) =>
      (stepId === undefined || waiting.step_id === stepId) &&
      (executionId === undefined || header.execution_id === executionId),
  );
  const own = fitting.filter(({ header }) => header.execution_id === newest);
  const [first, ...others] = own.length > 0 ? own : fitting;
  const found = items.map(({ header, waiting }) => `${waiting.step_id} of ${header.execution_id}`).join(", ");
  if (first === undefined) {
    const asked = stepId === undefined ? "No approval waits" : `${stepId} doesn't wait for a decision`;
    throw new TestError(`${asked}; ${found === "" ? "nothing does" : `what waits: ${found}`}.`);
  }
  if (others.length > 0) throw new TestError(`Several approvals wait: ${found}. Name the stepId or executionId.`);
  return first;
}

/** `name`: a field, or `step.field`. */
export function fieldEdit(name: string, value: Json, fields: readonly { step: string; field: string }[]): FieldEdit {
  const meant = fields.filter(({ step, field }) => name === field || name === `${step}.${field}`);
  const [only, ...others] = meant;
  const known = fields.map(({ step, field }) => `${step}.${field}`).join(", ");
  if (only === undefined) throw new TestError(`${name} can't be edited; what can: ${known}.`);
  if (others.length > 0) throw new TestError(`${name} is a field of several steps: write one of ${known}.`);
  return { step: only.step, field: only.field, value };
}
