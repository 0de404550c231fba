/** The submitted snooze or dismissal: what is missing is said at its field; then the engine decides again who may (A2). */
import type { AskedAside, CaseSubject } from "../../../engine/cases.ts";
import type { DecisionAnswer } from "../../../engine/engine.ts";
import { callbackIds, decodeCase, decodeReview } from "../../../notify/slack/action-ids.ts";
import { asker } from "../../asker.ts";
import { guarded } from "../../error-policy.ts";
import { readersZone } from "../../readers-zone.ts";
import type { BotServices } from "../../services.ts";
import { asideBlocks, readDismissal, readSnooze, type ReadAside } from "../../views/aside-modals.ts";
import { decisionMessage } from "../../views/decision.ts";
import { sentence } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";
import { showDecided } from "../after-decision.ts";
import { publishHome } from "../surface.ts";
import type { Submit } from "./reject-reason.ts";

export async function setAsideSubmit(submit: Submit, services: BotServices): Promise<void> {
  const { ack, view, body, client } = submit;
  await guarded({
    services,
    subject: view.callback_id,
    reply: async (message) => ack({ response_action: "update", view: noticeModal(message) }),
    work: async () => {
      const subject = subjectOf(view.private_metadata);
      if (subject === null) return ack({ response_action: "update", view: noticeModal(unreadable) });
      const read = await readForm(submit, services);
      if (!read.ok) return ack({ response_action: "errors", errors: read.errors });
      const person = await asker({ people: services.people, userId: body.user.id, name: body.user.name });
      const answer = await services.engine.setAside({ subject, person, ...read.value });
      const errors = fieldErrors(answer);
      if (errors !== null) return ack({ response_action: "errors", errors });
      const refused = decisionMessage(answer);
      await (refused === null ? ack() : ack({ response_action: "update", view: noticeModal(refused) }));
      if ("approval" in subject) await showDecided({ client, services, person, view });
      else await publishHome({ client, services, person });
    },
  });
}

const unreadable = sentence("This form can't be read: close it and press the button again.");

function subjectOf(metadata: string): CaseSubject | null {
  const approval = decodeReview(metadata)?.approval;
  return approval === undefined ? decodeCase(metadata) : { approval };
}

async function readForm(
  { view, client, body }: Submit,
  { clock, timezone: otherwise, logger }: BotServices,
): Promise<ReadAside<Pick<AskedAside, "aside" | "reason">>> {
  const { values } = view.state;
  if (view.callback_id === callbackIds.dismiss) {
    const read = readDismissal(values);
    if (!read.ok) return read;
    const { why, note } = read.value;
    return { ok: true, value: { aside: { kind: "dismiss", why }, reason: note } };
  }
  const timezone = await readersZone({ client, userId: body.user.id, otherwise, logger });
  const read = readSnooze(values, { now: clock.now(), timezone });
  if (!read.ok) return read;
  const { until, reason } = read.value;
  return { ok: true, value: { aside: { kind: "snooze", until }, reason } };
}

/** Null: the answer concerns no field. */
function fieldErrors(answer: DecisionAnswer): Record<string, string> | null {
  if (answer.kind !== "refused") return null;
  if (answer.reason === "bad_date") return { [asideBlocks.date]: answer.message };
  return answer.reason === "reason_missing" ? { [asideBlocks.reason]: answer.message } : null;
}
