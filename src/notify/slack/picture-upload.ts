/**
 * A picture into Slack, in its three steps: an address for the bytes, the bytes, the message.
 *
 * Not by the client's own `filesUploadV2`: it calls the alternative text `alt_text`, which Slack overlooks (`alt_txt`).
 * Nothing is tried twice: who asked is told, and presses again.
 */
import { WebAPIRateLimitedError, type WebClient } from "@slack/web-api";
import { slackAnswer } from "./slack-failure.ts";
import { limits, truncate } from "./limits.ts";

/** Real time, as of the client's own requests. */
const uploadTimeoutMs = 10_000;

export interface PictureFile {
  png: Buffer;
  fileName: string;
  title: string;
  alternativeText: string;
  /** mrkdwn, escaped. */
  comment: string;
}

export interface PicturePlace {
  /** An id: Slack takes no names here. */
  channel: string;
  /** Null: in the channel itself. */
  threadTs: string | null;
}

/** `refused`: a sentence for the person who asked, plain. */
export type UploadAnswer = { kind: "posted" } | { kind: "refused"; message: string };

/** Throws what isn't Slack's own refusal: nobody knows then whether the picture is there. */
export async function uploadPicture(parameters: {
  client: WebClient;
  file: PictureFile;
  place: PicturePlace;
}): Promise<UploadAnswer> {
  try {
    await upload(parameters);
    return { kind: "posted" };
  } catch (error) {
    const answer = error instanceof WebAPIRateLimitedError ? "ratelimited" : slackAnswer(error);
    if (answer === null) throw error;
    return { kind: "refused", message: refusals[answer] ?? `Slack refused the picture: ${answer}.` };
  }
}

async function upload(parameters: { client: WebClient; file: PictureFile; place: PicturePlace }): Promise<void> {
  const { client, file, place } = parameters;
  const wanted = {
    filename: file.fileName,
    length: file.png.length,
    alt_txt: truncate(file.alternativeText, limits.fileAltText),
  };
  const { upload_url: address, file_id: id } = await client.files.getUploadURLExternal(wanted);
  if (address === undefined || id === undefined) throw new Error("Slack gave no address to upload the picture to.");
  const answer = await fetch(address, {
    method: "POST",
    headers: { "content-type": "image/png" },
    body: new Uint8Array(file.png),
    signal: AbortSignal.timeout(uploadTimeoutMs),
  });
  if (!answer.ok) throw new Error(`Slack answered the picture's upload with HTTP ${answer.status}.`);
  await client.files.completeUploadExternal({
    files: [{ id, title: file.title }],
    channel_id: place.channel,
    initial_comment: file.comment,
    ...(place.threadTs === null ? {} : { thread_ts: place.threadTs }),
  });
}

const invite = "The app isn't in that channel. Invite it there with /invite, then press the button again.";
const lacksScope =
  "The app may not upload pictures: it lacks the scope files:write. Install it again from manifest.yml, then press the button again.";
const uploadsOff = "This workspace allows no uploads of pictures. Ask a workspace admin to allow them for this app.";
const refusals: Readonly<Record<string, string>> = {
  missing_scope: lacksScope,
  not_allowed_token_type: lacksScope,
  not_in_channel: invite,
  channel_not_found: invite,
  invalid_channel: invite,
  is_archived: "That channel is archived, so the picture can't be posted there.",
  file_uploads_disabled: uploadsOff,
  file_uploads_except_images_disabled: uploadsOff,
  file_type_not_allowed: uploadsOff,
  storage_limit_reached: "This workspace's storage is full, so Slack takes no picture. Ask a workspace admin.",
  ratelimited: "Slack asks to wait. Press the button again in a minute.",
};
