/** The submitted form: read against the fields as they stand now, each problem at its input, then the engine's word (A3). */
import { decodeApproval, type ApprovalReference } from "../../../notify/slack/action-ids.ts";
import type { EditAnswer } from "../../../engine/engine.ts";
import type { FieldProblem } from "../../../flow/edit-field.ts";
import { asker } from "../../asker.ts";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { blockOf, readEdits } from "../../views/read-edits.ts";
import { sentence, type Message } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";
import { refreshBelow, type Submit } from "./reject-reason.ts";

export async function editSubmit(submit: Submit, services: BotServices): Promise<void> {
  const { ack, view } = submit;
  const say = (message: Message) => ack({ response_action: "update", view: noticeModal(message) });
  await guarded({
    services,
    subject: view.callback_id,
    reply: say,
    work: async () => {
      const approval = decodeApproval(view.private_metadata);
      if (approval === null) return say(sentence("This form can't be read: close it and press Edit again."));
      const outcome = await submitted(submit, services, approval);
      switch (outcome.kind) {
        case "errors":
          return ack({ response_action: "errors", errors: outcome.errors });
        case "say":
          return say(outcome.message);
        case "done":
          return ack();
        default:
          return outcome satisfies never;
      }
    },
  });
}

type Outcome =
  { kind: "errors"; errors: Record<string, string> } | { kind: "say"; message: Message } | { kind: "done" };

async function submitted(submit: Submit, services: BotServices, approval: ApprovalReference): Promise<Outcome> {
  const { engine, people } = services;
  const { view, body } = submit;
  const person = await asker({ people, userId: body.user.id, name: body.user.name });
  const form = await engine.editForm({ ...approval, person });
  if (form.kind === "refused") return refused(form);
  const { edits, errors } = readEdits(form.fields, view.state.values);
  if (Object.keys(errors).length > 0) return { kind: "errors", errors };
  const answer = await engine.edit({ ...approval, person, edits });
  if (answer.kind === "edited") await refreshBelow(submit, services, approval);
  return afterEdit(answer, (problem) => blockOf(form.fields, view.state.values, problem));
}

function afterEdit(answer: EditAnswer, blockOfProblem: (problem: FieldProblem) => string | null): Outcome {
  switch (answer.kind) {
    case "edited":
      return { kind: "done" };
    case "unchanged":
      return { kind: "say", message: sentence("Nothing was changed: the card stands as it was.") };
    case "refused":
      return refused(answer);
    case "invalid": {
      const places = answer.problems.flatMap((problem) => {
        const block = blockOfProblem(problem);
        return block === null ? [] : [[block, problem.message] as const];
      });
      const said = answer.problems.map(({ field, message }) => `${field}: ${message}`).join("\n");
      return places.length === 0
        ? { kind: "say", message: sentence(said) }
        : { kind: "errors", errors: Object.fromEntries(places) };
    }
    default:
      return answer satisfies never;
  }
}

function refused(answer: Extract<EditAnswer, { kind: "refused" }>): Outcome {
  return { kind: "say", message: decisionMessage(answer) ?? sentence("Nothing changed.") };
}
