/** What a call says that a message shall hold: text, blocks, metadata; refused as Slack refuses it. */
import { blockProblems } from "./block-check.ts";
import { fillBlocks } from "./block-fill.ts";
import { imageProblems } from "./image-check.ts";
import { blocks, metadata, type Block, type Metadata } from "./message.ts";
import { isTooLarge } from "./message-size.ts";
import type { MethodArguments } from "./method-arguments.ts";
import { SlackError } from "./slack-error.ts";
import type { SlackWorkspace } from "./workspace.ts";

/** Slack cuts a posted text here. */
const LONGEST_TEXT = 40_000;

/** `undefined`: not given, which an update reads as "keep". */
export interface GivenContent {
  text: string | undefined;
  blocks: Block[] | undefined;
  metadata: Metadata | undefined;
}

export function givenContent(args: MethodArguments, workspace: SlackWorkspace): GivenContent {
  return {
    text: args.has("text") ? (args.text("text") ?? "").slice(0, LONGEST_TEXT) : undefined,
    blocks: givenBlocks(args.structure("blocks", "invalid_blocks_format"), workspace),
    metadata: givenMetadata(args),
  };
}

/** The limit of `chat.*` on all blocks together. */
export function requireSize(content: Pick<GivenContent, "blocks">): void {
  if (isTooLarge(content.blocks ?? [])) throw new SlackError("msg_blocks_too_long");
}

/** Slack posts nothing empty; blocks need no text, though a text is what notifications show. */
export function requireContent(content: GivenContent): void {
  if ((content.text ?? "").trim() === "" && (content.blocks ?? []).length === 0) throw new SlackError("no_text");
}

function givenBlocks(value: unknown, workspace: SlackWorkspace): Block[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new SlackError("invalid_blocks_format");
  const problems = [...blockProblems(value, "message"), ...imageProblems(value, workspace)];
  if (problems.length > 0) throw new SlackError("invalid_blocks", problems);
  return fillBlocks(blocks.parse(value), JSON.stringify(value));
}

function givenMetadata(args: MethodArguments): Metadata | undefined {
  const value = args.structure("metadata", "invalid_metadata_format");
  if (value === undefined) return undefined;
  const parsed = metadata.safeParse(value);
  if (!parsed.success) throw new SlackError("invalid_metadata_format");
  return parsed.data;
}
