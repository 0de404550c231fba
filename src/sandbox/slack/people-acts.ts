/**
 * What people do in the workspace: write, use a command, press, submit, close, open Home.
 *
 * 1. A refusal is an answer in Slack's words; nothing here throws for what a person did.
 * 2. What a person wrote is stored before the bot hears of it.
 */
import type { PageFeed } from "../page-server/page-feed.ts";
import type { Delivery } from "./delivery.ts";
import type { SlackWorkspace } from "./workspace.ts";

export type ActAnswer = { ok: true } | { ok: false; error: string } | { ok: false; errors: Record<string, string> };

export interface Acting {
  workspace: SlackWorkspace;
  feed: PageFeed;
}

export const done: ActAnswer = { ok: true };

export function refused(error: string): ActAnswer {
  return { ok: false, error };
}

/** Null: the bot acknowledged. */
export function deliveryError(delivery: Delivery): Exclude<Delivery["kind"], "acknowledged"> | null {
  return delivery.kind === "acknowledged" ? null : delivery.kind;
}
