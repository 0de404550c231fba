/** Uploads in Slack's three steps; the bytes come to an address of their own (`slack-http.ts`). */
import { z } from "zod";
import { asSlackFileInfo, type FileInfo } from "../file.ts";
import { fillBlocks } from "../block-fill.ts";
import { blockProblems } from "../block-check.ts";
import { blocks as blockList, type Block } from "../message.ts";
import type { MethodArguments } from "../method-arguments.ts";
import type { Method } from "../method.ts";
import { randomId } from "../slack-id.ts";
import { SlackError } from "../slack-error.ts";
import { threadOf } from "../thread.ts";
import type { SlackWorkspace } from "../workspace.ts";

/** Slack's own is a gigabyte; here it is a database on somebody's laptop. */
export const LARGEST_FILE_BYTES = 10_000_000;
const LONGEST_ALT_TEXT = 1_000;

const completed = z.array(z.object({ id: z.string(), title: z.string().optional() })).min(1);

/** Slack calls the alternative text `alt_txt`; what is called otherwise is overlooked, as every name that Slack doesn't know. */
export const getUploadUrl: Method = (args, { files, randomHex, url }) => {
  const name = args.required("filename");
  const sizeBytes = args.count("length", 0, Number.MAX_SAFE_INTEGER);
  if (sizeBytes === 0) throw new SlackError("missing_argument");
  if (sizeBytes > LARGEST_FILE_BYTES) throw new SlackError("file_upload_size_restricted");
  const altText = args.text("alt_txt") ?? "";
  if (altText.length > LONGEST_ALT_TEXT) throw new SlackError("alt_txt_too_large");
  const id = randomId("F", randomHex);
  const uploadId = randomHex(24);
  files.begin({ id, uploadId, name, sizeBytes, altText });
  return { upload_url: `${url()}/upload/v1/${uploadId}`, file_id: id };
};

/** Without a channel the file stays the bot's own. */
export const completeUpload: Method = (args, workspace) => {
  const given = completed.safeParse(args.structure("files", "invalid_arguments"));
  if (!given.success) throw new SlackError("invalid_arguments");
  const places = channelsOf(args).map((id) => placeOf(id, args, workspace));
  const blocks = commentBlocks(args);
  const files = given.data.map(({ id, title }) => complete(id, title ?? null, workspace));
  for (const { channel, threadTs } of places) {
    workspace.messages.post({
      channel,
      threadTs,
      user: workspace.identity.botUserId,
      text: args.text("initial_comment") ?? "",
      blocks,
      metadata: null,
      ephemeralFor: null,
      files: files.map(({ id }) => id),
    });
  }
  return { files: files.map((file) => shown(file, workspace)) };
};

export const fileInfoOf: Method = (args, workspace) => {
  const file = workspace.files.find(args.text("file") ?? "");
  if (file === null) throw new SlackError("file_not_found");
  return { file: shown(file, workspace), comments: [], response_metadata: { next_cursor: "" } };
};

function complete(id: string, title: string | null, { files }: SlackWorkspace): FileInfo {
  const file = files.complete(id, title);
  if (file === null) throw new SlackError("file_not_found");
  return file;
}

function channelsOf(args: MethodArguments): string[] {
  const listed = args.text("channels") ?? "";
  return [args.text("channel_id") ?? "", ...listed.split(",")].map((id) => id.trim()).filter((id) => id !== "");
}

function placeOf(
  id: string,
  args: MethodArguments,
  { channels, messages }: SlackWorkspace,
): { channel: string; threadTs: string | null } {
  const channel = channels.find(id);
  if (channel === null) throw new SlackError("channel_not_found");
  if (!channels.hasBot(channel)) throw new SlackError("not_in_channel");
  return { channel: id, threadTs: threadOf(args.text("thread_ts"), id, messages) };
}

/** A comment wins over blocks. */
function commentBlocks(args: MethodArguments): Block[] {
  const value = args.structure("blocks", "invalid_blocks_format");
  if (value === undefined || args.text("initial_comment") !== null) return [];
  const problems = blockProblems(value, "message");
  if (problems.length > 0) throw new SlackError("invalid_blocks", problems);
  return fillBlocks(blockList.parse(value), JSON.stringify(value));
}

function shown(file: FileInfo, { files, identity, url, realNow }: SlackWorkspace): Record<string, unknown> {
  return asSlackFileInfo({ file, shares: files.sharesOf(file.id), identity, url: url(), realNow: realNow() });
}
