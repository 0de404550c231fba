/**
 * Editing before the decision (A3): what may be changed, whether a change is valid, and what would leave after it.
 * Non-job: who may edit (the engine asks as for a vote), and the record (the decider's).
 */
import { editInput, type EditField, type FieldProblem } from "../flow/edit-field.ts";
import type { FieldEdit } from "../flow/event.ts";
import { evolve, type ApprovalState, type ExecutionState } from "../flow/execution.ts";
import type { ApprovalStep, EditableField } from "../flow/flow.ts";
import { canonicalJson, type Json } from "../flow/json.ts";
import type { Person } from "../flow/person.ts";
import { valueProblem } from "../flow/value-problem.ts";
import { propose } from "./ask.ts";
import type { Command } from "./command.ts";
import { describeAction, type EngineContext, type RunningContext } from "./context.ts";
import { stepDefinition, stepState } from "./readiness.ts";
import { outputOf, outputSeenBy, withEdits } from "./roots.ts";

export function editFields(context: EngineContext, state: ExecutionState, step: ApprovalStep): EditField[] {
  return step.editable.map(({ step: stepId, field }) => {
    const description = describe(context, state, stepId);
    const value = fieldOf(outputSeenBy(state, step.id, stepState(state, stepId)), field);
    return {
      step: stepId,
      field,
      value,
      input: description === undefined ? { kind: "json" } : editInput({ output: description.output, field }),
    };
  });
}

export type CheckedEdit =
  { kind: "valid"; edits: FieldEdit[] } | { kind: "invalid"; problems: FieldProblem[] } | { kind: "unchanged" };

/** A second edit starts from the first; a field put back as the agent gave it is no edit any more. */
export function checkEdit(
  context: EngineContext,
  state: ExecutionState,
  { step, approval, given }: { step: ApprovalStep; approval: ApprovalState; given: readonly FieldEdit[] },
): CheckedEdit {
  const foreign = given.filter((edit) => !step.editable.some((field) => isSame(field, edit)));
  if (foreign.length > 0) {
    const message = "The flow doesn't let this be changed.";
    return {
      kind: "invalid",
      problems: foreign.map((edit) => ({ step: edit.step, field: edit.field, path: [], message })),
    };
  }
  const kept = approval.edits.filter((edit) => !given.some((each) => isSame(each, edit)));
  const edits = [...kept, ...given].filter(
    ({ step: stepId, field, value }) => !isEqual(fieldOf(outputOf(stepState(state, stepId)), field), value),
  );
  const problems = problemsOf(context, state, edits);
  if (problems.length > 0) return { kind: "invalid", problems };
  const before = withoutOrder(approval.edits);
  return before === withoutOrder(edits) ? { kind: "unchanged" } : { kind: "valid", edits };
}

/** The plans are made anew on the edited outputs, before anything is recorded. */
export async function editCommand(
  context: RunningContext,
  state: ExecutionState,
  asked: { step: ApprovalStep; version: number; person: Person; edits: FieldEdit[] },
): Promise<Command> {
  const { step, version, person, edits } = asked;
  const at = context.clock.now();
  const edited = { at, step_id: step.id, by: person, edits, plans: [], later: [], hash: "", version: version + 1 };
  const proposal = await propose(context, evolve(state, { type: "approval_edited", ...edited }), step);
  return { type: "edit", stepId: step.id, version, person, edits, proposal };
}

function problemsOf(context: EngineContext, state: ExecutionState, edits: readonly FieldEdit[]): FieldProblem[] {
  const steps = [...new Set(edits.map(({ step }) => step))];
  return steps.flatMap((stepId) => {
    const description = describe(context, state, stepId);
    const output = withEdits(stepId, outputOf(stepState(state, stepId)), edits);
    const parsed = description?.output.safeParse(output);
    if (parsed === undefined || parsed.success) return [];
    return parsed.error.issues.map((issue) => {
      const [field, ...path] = issue.path;
      return {
        step: stepId,
        field: String(field ?? ""),
        path: path.map((part) => (typeof part === "number" ? part : String(part))),
        message: valueProblem(issue),
      };
    });
  });
}

function describe(context: EngineContext, state: ExecutionState, stepId: string) {
  const definition = stepDefinition(state, stepId);
  return definition.kind === "agent" ? describeAction(context, definition) : undefined;
}

function isSame(one: EditableField, other: EditableField): boolean {
  return one.step === other.step && one.field === other.field;
}

function isEqual(one: Json, other: Json): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function withoutOrder(edits: readonly FieldEdit[]): string {
  return edits
    .map((edit) => canonicalJson(edit))
    .toSorted()
    .join("\n");
}

function fieldOf(output: Json, field: string): Json {
  return typeof output === "object" && output !== null && !Array.isArray(output) ? (output[field] ?? null) : null;
}
