/** A person submits or closes a modal, or opens Home. */
import { z } from "zod";
import { occasionOf } from "./occasion.ts";
import { blocks } from "./message.ts";
import { homeOpenedEvent, viewClosedPayload, viewSubmissionPayload } from "./payload.ts";
import { deliveryError, done, refused, type ActAnswer, type Acting } from "./people-acts.ts";
import { isObject, type Fields } from "./problems.ts";
import { SlackError } from "./slack-error.ts";
import { formatTs } from "./timestamp.ts";
import { newView, updatedView } from "./view-object.ts";
import { viewState } from "./view-state.ts";
import type { StoredView } from "./view-store.ts";
import type { SlackWorkspace } from "./workspace.ts";

const TROUBLE = "We had some trouble connecting. Try again?";
const fieldErrors = z.record(z.string(), z.string());

export async function submitView(
  submission: { as: string; viewId: string; values?: unknown },
  { workspace }: Acting,
): Promise<ActAnswer> {
  const member = workspace.people.find(submission.as);
  const stored = member === null ? null : workspace.views.find(submission.viewId);
  if (member === null || stored === null || stored.user !== member.id) return refused("view_not_found");
  const { values, errors } = viewState(blocks.parse(stored.view["blocks"]), submission.values);
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const view = { ...stored.view, state: { values } };
  const payload = viewSubmissionPayload({ ...occasionOf(member, workspace), view });
  const delivery = await workspace.dispatcher.send({ type: "interactive", payload });
  if (delivery.kind !== "acknowledged") return refused(deliveryError(delivery) ?? TROUBLE);
  return obey({ payload: delivery.payload, stored, workspace });
}

/** Without a `response_action` the modal closes; one that Slack can't follow leaves it open, with Slack's words. */
function obey(parameters: { payload: Fields; stored: StoredView; workspace: SlackWorkspace }): ActAnswer {
  const { payload, stored, workspace } = parameters;
  try {
    return followResponse({ payload, stored, workspace });
  } catch (error) {
    if (error instanceof SlackError) return refused(TROUBLE);
    throw error;
  }
}

function followResponse(parameters: { payload: Fields; stored: StoredView; workspace: SlackWorkspace }): ActAnswer {
  const { payload, stored, workspace } = parameters;
  const { views } = workspace;
  switch (payload["response_action"]) {
    case undefined:
      views.close(stored);
      return done;
    case "clear":
      views.closeAll(stored.user);
      return done;
    case "errors":
      return refusedFields(payload["errors"], stored);
    case "update":
      views.put(updatedView(stored, viewIn(payload), workspace));
      return done;
    case "push":
      views.put(newView({ given: viewIn(payload), user: stored.user, kind: "modal", below: stored, workspace }));
      return done;
    default:
      return refused(TROUBLE);
  }
}

/** Errors under a block that isn't there would be seen by nobody: Slack says so to the developer, here to the person. */
function refusedFields(errors: unknown, stored: StoredView): ActAnswer {
  const parsed = fieldErrors.safeParse(errors);
  const known = new Set(blocks.parse(stored.view["blocks"]).map((block) => block["block_id"]));
  if (!parsed.success || Object.keys(parsed.data).every((id) => !known.has(id))) return refused(TROUBLE);
  return { ok: false, errors: parsed.data };
}

function viewIn(payload: Fields): Fields {
  if (!isObject(payload["view"])) throw new SlackError("invalid_arguments");
  return payload["view"];
}

/** The bot hears of it only if the view asked for that. */
export async function closeView(closing: { as: string; viewId: string }, { workspace }: Acting): Promise<ActAnswer> {
  const { views, people, dispatcher, identity } = workspace;
  const stored = views.find(closing.viewId);
  const member = people.find(closing.as);
  if (member === null || stored === null || stored.user !== member.id) return done;
  const isCleared = stored.view["clear_on_close"] === true;
  if (isCleared) views.closeAll(stored.user);
  else views.close(stored);
  if (stored.view["notify_on_close"] === true) {
    await dispatcher.send({
      type: "interactive",
      payload: viewClosedPayload({ identity, member, view: stored.view, isCleared }),
    });
  }
  return done;
}

export function openHome({ as }: { as: string }, { workspace }: Acting): ActAnswer {
  const { people, channels, views, clock, dispatcher } = workspace;
  const member = people.find(as);
  if (member === null) return refused("user_not_found");
  const event = homeOpenedEvent({
    member,
    channel: channels.imOf(member.id)?.id ?? "",
    view: views.homeOf(member.id)?.view ?? null,
    ts: formatTs(clock.now() * 1_000),
  });
  dispatcher.sendEvent(event);
  return done;
}
