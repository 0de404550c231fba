/** The submitted form: read against the fields as they stand now, each problem at its input, then the engine's word (A3). */
import { decodeReview, type ApprovalReference } from "../../../notify/slack/action-ids.ts";
import type { EditAnswer } from "../../../engine/engine.ts";
import type { FieldProblem } from "../../../flow/edit-field.ts";
import type { Person } from "../../../flow/person.ts";
import { escapeMrkdwn } from "../../../notify/slack/escape.ts";
import { asker } from "../../asker.ts";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { decisionMessage } from "../../views/decision.ts";
import { blockOf, readEdits } from "../../views/read-edits.ts";
import { sentence, type Message } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";
import { showDecided } from "../after-decision.ts";
import type { Submit } from "./reject-reason.ts";

export async function editSubmit(submit: Submit, services: BotServices): Promise<void> {
  const { ack, view } = submit;
  const say = (message: Message) => ack({ response_action: "update", view: noticeModal(message) });
  await guarded({
    services,
    subject: view.callback_id,
    reply: say,
    work: async () => {
      const approval = decodeReview(view.private_metadata)?.approval;
      if (approval === undefined) return say(sentence("This form can't be read: close it and press Edit again."));
      const { user } = submit.body;
      const person = await asker({ people: services.people, userId: user.id, name: user.name });
      const outcome = await submitted(submit, services, { ...approval, person });
      switch (outcome.kind) {
        case "errors":
          return ack({ response_action: "errors", errors: outcome.errors });
        case "say":
          await say(outcome.message);
          break;
        case "done":
          await ack();
          break;
        default:
          return outcome satisfies never;
      }
      await showDecided({ client: submit.client, services, person, view });
    },
  });
}

type Outcome =
  { kind: "errors"; errors: Record<string, string> } | { kind: "say"; message: Message } | { kind: "done" };

async function submitted(
  { view }: Submit,
  { engine }: BotServices,
  asked: ApprovalReference & { person: Person },
): Promise<Outcome> {
  const form = await engine.editForm(asked);
  if (form.kind === "refused") return refused(form);
  const { edits, errors } = readEdits(form.fields, view.state.values);
  if (Object.keys(errors).length > 0) return { kind: "errors", errors };
  const answer = await engine.edit({ ...asked, edits });
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
        ? { kind: "say", message: sentence(escapeMrkdwn(said)) }
        : { kind: "errors", errors: Object.fromEntries(places) };
    }
    default:
      return answer satisfies never;
  }
}

function refused(answer: Extract<EditAnswer, { kind: "refused" }>): Outcome {
  return { kind: "say", message: decisionMessage(answer) ?? sentence("Nothing changed.") };
}
