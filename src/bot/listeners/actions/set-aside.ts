/** Snooze and Dismiss, on a card or in a list: a form, but only for whom the engine would hear (A2). */
import { decodeApproval, decodeCase, encodeCase } from "../../../notify/slack/action-ids.ts";
import type { CaseSubject } from "../../../engine/cases.ts";
import type { Person } from "../../../flow/person.ts";
import { localDate } from "../../../flow/zone.ts";
import type { BotServices } from "../../services.ts";
import { dismissModal, snoozeModal } from "../../views/aside-modals.ts";
import { refusal } from "../../views/decision.ts";
import type { Message } from "../../views/message.ts";
import { above } from "../above.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";
import { openView } from "../surface.ts";

export async function snooze(press: Press, services: BotServices): Promise<void> {
  await open(press, services, "snooze");
}

export async function dismiss(press: Press, services: BotServices): Promise<void> {
  await open(press, services, "dismiss");
}

async function open(press: Press, services: BotServices, kind: "snooze" | "dismiss"): Promise<void> {
  await handlePress({ press, services, work: (person) => form(press, services, { kind, person }) });
}

async function form(
  press: Press,
  services: BotServices,
  { kind, person }: { kind: "snooze" | "dismiss"; person: Person },
): Promise<Message | null> {
  const pressed = subjectOf(press);
  if (pressed === null) return unreadableButton;
  const answer = await services.engine.maySetAside({ subject: pressed.subject, person });
  if (answer.kind === "refused") return refusal(answer);
  const { metadata } = pressed;
  const about = answer.record.customer.name;
  const today = localDate({ at: services.clock.now(), timezone: services.timezone });
  await openView(
    press,
    kind === "snooze" ? snoozeModal({ metadata, about, today }) : dismissModal({ metadata, about }),
  );
  return null;
}

function subjectOf(press: Press): { subject: CaseSubject; metadata: string } | null {
  const value = press.action.value ?? "";
  const approval = decodeApproval(value);
  if (approval !== null) return { subject: { approval }, metadata: above(press, approval) };
  const listed = decodeCase(value);
  return listed === null ? null : { subject: listed, metadata: encodeCase(listed) };
}
