/**
 * A button that asks for a picture: the picture goes where others see it too, what there is to say to the one who pressed.
 *
 * Drawing takes longer than a modal's trigger lives, so a modal says at once that it is being drawn.
 */
import type { WebClient } from "@slack/web-api";
import type { ExecutionState } from "../../flow/execution.ts";
import { escapeMrkdwn } from "../../notify/slack/escape.ts";
import { mostStepsDrawn } from "../../notify/slack/pictures/flow-graph.ts";
import type { Picture } from "../../notify/slack/pictures/picture.ts";
import { toPng } from "../../notify/slack/pictures/rasterise.ts";
import { uploadPicture, type PicturePlace } from "../../notify/slack/picture-upload.ts";
import { guarded, type Reply } from "../error-policy.ts";
import type { BotServices } from "../services.ts";
import { sentence, type Message } from "../views/message.ts";
import { noticeModal } from "../views/notice-modal.ts";
import { channelName } from "../views/start.ts";
import { hasBot } from "../words/has-bot.ts";
import { privately, type Press } from "./press.ts";
import { openView, surfaceOf } from "./surface.ts";

/** Two presses within it ask for one picture. */
const samePictureMs = 15_000;

export interface Wanted {
  /** "timeline", "graph": how the person calls it. */
  name: string;
  /** The same for the same picture of the same state. */
  key: string;
  steps: number;
  /** Whose card's thread it belongs in; null: no execution's. */
  execution: ExecutionState | null;
  draw: () => Picture;
}

/** `find` gives what was asked for, or what to say instead. */
export async function handlePicturePress(parameters: {
  press: Press;
  services: BotServices;
  find: () => Promise<Wanted | Message>;
}): Promise<void> {
  const { press, services, find } = parameters;
  await press.ack();
  let reply = privately(press, services);
  await guarded({
    services,
    subject: press.action.action_id,
    reply: (message) => reply(message),
    work: async () => {
      if (surfaceOf(press.body) !== "message") reply = await inView(press);
      const wanted = await find();
      const message = "draw" in wanted ? await post({ press, services, wanted }) : wanted;
      if (message !== null) await reply(message);
    },
  });
}

async function inView(press: Press): Promise<Reply> {
  const viewId = await openView(press, noticeModal(sentence("The picture is being drawn.")));
  return async (message) => {
    if (viewId !== null) await press.client.views.update({ view_id: viewId, view: noticeModal(message) });
  };
}

interface Posting {
  press: Press;
  services: BotServices;
  wanted: Wanted;
}

/** Null: the picture is where the person looks. */
async function post(posting: Posting): Promise<Message | null> {
  const { press, services, wanted } = posting;
  const { name, key, steps } = wanted;
  if (steps > mostStepsDrawn)
    return sentence(`This flow has ${steps} steps; more than ${mostStepsDrawn} can't be read in one picture.`);
  const { place, words } = await destination(posting);
  const isFirst = await services.engine.firstTime({
    key: `picture/${key}/${place.channel}/${place.threadTs ?? ""}`,
    ttlMs: samePictureMs,
  });
  if (!isFirst)
    return sentence(
      `This ${name} was asked for a few seconds ago: it stands ${words ?? "here"}, or is on its way. ` +
        "If it doesn't come, press again in a moment.",
    );
  const picture = wanted.draw();
  const png = await toPng(picture.drawing);
  const answer = await uploadPicture({ client: press.client, file: { ...picture, png }, place });
  if (answer.kind === "refused") return sentence(escapeMrkdwn(answer.message));
  return words === null ? null : sentence(`The ${name} stands ${words}.`);
}

interface Destination {
  place: PicturePlace;
  /** mrkdwn: where that is; null: where the button was pressed. */
  words: string | null;
}

/** The card's thread; else where the button was pressed, if the bot is there; else a direct message. */
async function destination({ press, services, wanted }: Posting): Promise<Destination> {
  const here = pressedAt(press);
  const card = wanted.execution === null ? null : newestCard(wanted.execution);
  if (card !== null) {
    const isHere = here?.channel === card.channel && here.threadTs === card.ts;
    const words = isHere ? null : `in the thread of its card in ${channelName(card.channel)}`;
    return { place: { channel: card.channel, threadTs: card.ts }, words };
  }
  const { client } = press;
  if (here !== null && (await hasBot({ client, channel: here.channel, logger: services.logger })))
    return { place: here, words: null };
  return { place: await directMessages(client, press.body.user.id), words: "in your direct messages with me" };
}

/** Null: in a modal or the App Home. */
function pressedAt({ body }: Press): PicturePlace | null {
  const channel = body.channel?.id;
  if (channel === undefined) return null;
  const ofMessage: unknown = body.message?.["thread_ts"];
  // An ephemeral message isn't sent along: its thread stands in the container.
  const ofContainer: unknown = body.container["thread_ts"];
  const threadTs = [ofMessage, ofContainer].find((ts) => typeof ts === "string");
  return { channel, threadTs: typeof threadTs === "string" ? threadTs : null };
}

/** Of its approvals' cards. */
function newestCard({ cards }: ExecutionState): { channel: string; ts: string } | null {
  const ofApprovals = Object.entries(cards).filter(([key]) => key.endsWith("#card"));
  return ofApprovals.map(([, card]) => card).toSorted((one, other) => other.at - one.at)[0] ?? null;
}

async function directMessages(client: WebClient, users: string): Promise<PicturePlace> {
  const { channel } = await client.conversations.open({ users });
  if (channel?.id === undefined) throw new Error("Slack opened no conversation with who pressed.");
  return { channel: channel.id, threadTs: null };
}
