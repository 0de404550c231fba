/** What was written: asked by the bot when it lost a receipt (with `include_all_metadata`). */
import { decodeCursor, encodeCursor, pageOf } from "../cursor.ts";
import { asSlackMessage, type Message } from "../message.ts";
import type { MethodArguments } from "../method-arguments.ts";
import type { Method } from "../method.ts";
import { SlackError } from "../slack-error.ts";
import { formatTs, normalTs, tsMicros } from "../timestamp.ts";
import { requireJoinedChannel } from "./conversations.ts";

const FIRST_TS = "0000000000.000000";
const LAST_TS = "9999999999.999999";

interface Span {
  from: string;
  to: string;
}

/** Newest first, without the replies in threads. */
export const history: Method = (args, workspace) => {
  const channel = requireJoinedChannel(args, workspace);
  const span = spanOf(args);
  const cursor = args.text("cursor");
  const to = cursor === null ? span.to : requireTs(decodeCursor(cursor), "invalid_cursor");
  const limit = args.count("limit", 100, 999);
  const found = workspace.messages.history({ channel: channel.id, from: span.from, to, limit: limit + 1 });
  const page = found.slice(0, limit);
  const next = found[limit];
  const threads = workspace.messages.threads(channel.id);
  const withMetadata = args.flag("include_all_metadata");
  return {
    messages: page.map((message) =>
      asSlackMessage({
        message,
        identity: workspace.identity,
        url: workspace.url(),
        thread: threads.get(message.ts) ?? null,
        withMetadata,
      }),
    ),
    has_more: next !== undefined,
    pin_count: 0,
    ...(next === undefined ? {} : { response_metadata: { next_cursor: encodeCursor(next.ts) } }),
  };
};

/** A thread, its first message always with it, oldest first. */
export const replies: Method = (args, workspace) => {
  const channel = requireJoinedChannel(args, workspace);
  const ts = requireTs(args.text("ts") ?? "", "invalid_ts");
  const [first, ...rest] = workspace.messages.thread(channel.id, ts);
  if (first === undefined) throw new SlackError("thread_not_found");
  const { from, to } = spanOf(args);
  const within: Message[] = [first, ...rest.filter((reply) => reply.ts >= from && reply.ts <= to)];
  const { items, nextCursor } = pageOf(within, args.text("cursor"), args.count("limit", 1_000, 1_000));
  const thread = workspace.messages.threads(channel.id).get(first.ts) ?? null;
  const withMetadata = args.flag("include_all_metadata");
  return {
    messages: items.map((message) =>
      asSlackMessage({
        message,
        identity: workspace.identity,
        url: workspace.url(),
        thread: message === first ? thread : null,
        withMetadata,
      }),
    ),
    has_more: nextCursor !== "",
    ...(nextCursor === "" ? {} : { response_metadata: { next_cursor: nextCursor } }),
  };
};

/** Slack leaves both ends out, unless `inclusive`. */
function spanOf(args: MethodArguments): Span {
  const oldest = args.text("oldest");
  const latest = args.text("latest");
  const step = args.flag("inclusive") ? 0 : 1;
  return {
    from: oldest === null ? FIRST_TS : shifted(requireTs(oldest, "invalid_ts_oldest"), step),
    to: latest === null ? LAST_TS : shifted(requireTs(latest, "invalid_ts_latest"), -step),
  };
}

function shifted(ts: string, micros: number): string {
  return formatTs(Math.max(0, tsMicros(ts) + micros));
}

function requireTs(text: string, error: string): string {
  const ts = normalTs(text);
  if (ts === null) throw new SlackError(error);
  return ts;
}
