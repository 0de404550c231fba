/** The one place that posts: what a link leads to is never fetched and shown as if we had said it (T2). */
import type { KnownBlock } from "@slack/types";
import type { WebClient } from "@slack/web-api";
import type { metadataOf } from "./message-search.ts";

export interface Post {
  channel: string;
  thread_ts?: string;
  text: string;
  blocks?: KnownBlock[];
  /** Left out: of a message that nobody looks for. */
  metadata?: ReturnType<typeof metadataOf>;
}

export async function postMessage(client: WebClient, post: Post): Promise<{ channel?: string; ts?: string }> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- Slack's method, not a window's
  return client.chat.postMessage({ ...post, unfurl_links: false, unfurl_media: false });
}
