/**
 * What a later assessment found is shown on the card that asked about the case last, in place of a new card.
 *
 * Job: at an execution's end, note its findings in the executions that they belong to. Harmless to repeat: an execution is
 * closed only after this, and what is noted already is noted once.
 */
import type { CaseNote } from "../flow/event.ts";
import type { ExecutionState } from "../flow/execution.ts";
import { TrackedCase } from "../flow/tracked-case.ts";
import type { Executions } from "./executions.ts";

export class CaseNotes {
  readonly #executions: Executions;

  constructor(executions: Executions) {
    this.#executions = executions;
  }

  async tell(state: ExecutionState): Promise<void> {
    for (const { askedIn, note } of notesOf(state)) {
      await this.#executions.use(askedIn, async (driver) => {
        await driver?.submit({ type: "note_case", note });
      });
    }
  }
}

/** Of the steps that track a case and found one that somebody has been asked about elsewhere. */
export function notesOf(state: ExecutionState): { askedIn: string; note: CaseNote }[] {
  return state.definition.steps.flatMap((step) => {
    if (step.kind !== "agent" || step.action !== "track_case") return [];
    const { output, endedAt } = state.steps[step.id] ?? { output: null, endedAt: null };
    const found = TrackedCase.safeParse(output);
    if (!found.success || endedAt === null) return [];
    const { case_id, asked_in, transition, alert, score, opened_score, day } = found.data;
    if (case_id === null || asked_in === null || asked_in === state.executionId || day === null) return [];
    const note = { case_id, from: state.executionId, found_at: endedAt, transition, alert, score, opened_score, day };
    return [{ askedIn: asked_in, note: { ...note, note: found.data.note } }];
  });
}
