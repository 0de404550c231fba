/** A person uses a button or a select, in a message, in a modal or in Home. */
import { chosenFields, findElement } from "./block-elements.ts";
import { makeResponseUrl, occasionOf } from "./occasion.ts";
import type { Member } from "./member-store.ts";
import { blocks, type Block, type Message } from "./message.ts";
import { messageActionsPayload, viewActionsPayload } from "./payload.ts";
import { deliveryError, done, refused, type ActAnswer, type Acting } from "./people-acts.ts";
import type { Fields } from "./problems.ts";
import { formatTs, normalTs } from "./timestamp.ts";
import { viewState } from "./view-state.ts";
import type { SlackWorkspace } from "./workspace.ts";

export interface Press {
  as: string;
  blockId: string;
  actionId: string;
  value?: unknown;
}

const GONE = "The message has changed and this is no longer there.";

export async function pressInMessage(
  press: Press & { channel: string; ts: string },
  { workspace }: Acting,
): Promise<ActAnswer> {
  const member = workspace.people.find(press.as);
  const channel = workspace.channels.find(press.channel);
  if (member === null) return refused("user_not_found");
  if (channel === null || !workspace.channels.membersOf(channel).includes(member.id))
    return refused("channel_not_found");
  const message = workspace.messages.find(channel.id, normalTs(press.ts) ?? "");
  if (message === null || !isVisible(message, member)) return refused("message_not_found");
  const action = actionOf({ blocks: message.blocks, press, workspace });
  if (action === null) return refused(GONE);
  const response = makeResponseUrl({ channel: channel.id, user: member.id, messageTs: message.ts }, workspace);
  const occasion = occasionOf(member, workspace);
  const payload = messageActionsPayload({ ...occasion, channel, message, action, responseUrl: response.address });
  return sent(payload, workspace);
}

/** `values`: what stands in the view's inputs meanwhile, which the bot is told too. */
export async function pressInView(
  press: Press & { viewId: string; values?: unknown },
  { workspace }: Acting,
): Promise<ActAnswer> {
  const member = workspace.people.find(press.as);
  if (member === null) return refused("user_not_found");
  const stored = workspace.views.find(press.viewId);
  if (stored === null || stored.user !== member.id) return refused("view_not_found");
  const shown = blocks.parse(stored.view["blocks"]);
  const action = actionOf({ blocks: shown, press, workspace });
  if (action === null) return refused(GONE);
  const view = { ...stored.view, state: { values: viewState(shown, press.values).values } };
  return sent(viewActionsPayload({ ...occasionOf(member, workspace), view, action }), workspace);
}

function isVisible(message: Message, member: Member): boolean {
  return message.ephemeralFor === null || message.ephemeralFor === member.id;
}

/** Null: no such element, or a choice that it doesn't offer. */
function actionOf(parameters: { blocks: Block[]; press: Press; workspace: SlackWorkspace }): Fields | null {
  const { blocks, press, workspace } = parameters;
  const found = findElement(blocks, press.blockId, press.actionId);
  const chosen = found === null ? null : chosenFields(found.element, press.value);
  if (found === null || chosen === null) return null;
  return {
    action_id: press.actionId,
    block_id: press.blockId,
    ...chosen,
    type: found.element["type"],
    action_ts: formatTs(workspace.clock.now() * 1_000),
  };
}

async function sent(payload: Fields, { dispatcher }: SlackWorkspace): Promise<ActAnswer> {
  const error = deliveryError(await dispatcher.send({ type: "interactive", payload }));
  return error === null ? done : refused(error);
}
