/** An answer that came through a response address, or with the acknowledgement of a command. */
import type { Message } from "./message.ts";
import { givenContent, requireContent, type GivenContent } from "./message-content.ts";
import { MethodArguments } from "./method-arguments.ts";
import type { Fields } from "./problems.ts";
import type { ResponseUrl } from "./response-url-store.ts";
import { threadOf } from "./thread.ts";
import type { SlackWorkspace } from "./workspace.ts";

/** Throws `SlackError`; `counts: false` for the acknowledgement, which is no use of the address. */
export function answerThrough(
  parameters: { id: string; values: Fields; counts: boolean },
  workspace: SlackWorkspace,
): void {
  const { id, values, counts } = parameters;
  const args = new MethodArguments(values);
  const deletes = args.flag("delete_original");
  const content = givenContent(args, workspace);
  if (!deletes) requireContent(content);
  const target = counts ? workspace.responseUrls.use(id) : workspace.responseUrls.find(id);
  const original = originalOf(target, workspace);
  if (deletes) {
    if (original !== null) workspace.messages.remove(original);
    return;
  }
  if (args.flag("replace_original") && original !== null) return replace(original, content, workspace);
  const posted = post({ target, args, content }, workspace);
  if (target.messageTs === null) workspace.responseUrls.setMessage(id, posted.ts);
}

function originalOf({ channel, messageTs }: ResponseUrl, { messages }: SlackWorkspace): Message | null {
  return messageTs === null ? null : messages.find(channel, messageTs);
}

/** The whole content: what isn't given is gone, unlike with `chat.update`. */
function replace(original: Message, { text, blocks, metadata }: GivenContent, { messages }: SlackWorkspace): void {
  messages.edit(original, { text: text ?? "", blocks: blocks ?? [], metadata: metadata ?? original.metadata });
}

function post(
  parameters: { target: ResponseUrl; args: MethodArguments; content: GivenContent },
  { messages, identity }: SlackWorkspace,
): Message {
  const { target, args, content } = parameters;
  const inChannel = args.text("response_type") === "in_channel";
  return messages.post({
    channel: target.channel,
    threadTs: threadOf(args.text("thread_ts"), target.channel, messages),
    user: identity.botUserId,
    text: content.text ?? "",
    blocks: content.blocks ?? [],
    metadata: inChannel ? (content.metadata ?? null) : null,
    ephemeralFor: inChannel ? null : target.user,
  });
}
