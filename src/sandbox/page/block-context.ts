/** What a block needs to know to be drawn, and whom it tells when somebody uses it. */
import type { PageImages } from "../page-api.ts";
import type { Reader } from "./dates.ts";

export interface Press {
  blockId: string;
  actionId: string;
  value: unknown;
}

export interface BlockContext {
  reader: Reader;
  userName: (id: string) => string | null;
  channelName: (id: string) => string | null;
  /** Somebody pressed a button or chose something; null where nothing can be pressed. */
  press: ((press: Press) => void) | null;
  isPending: (blockId: string, actionId: string) => boolean;
  /** What can be filled in or chosen is gathered here. */
  inputs: InputField[];
  /** Where the pictures of the blocks are; what isn't here isn't fetched. */
  images: PageImages;
  /** Makes element ids unique on the page. */
  scope: string;
}

/** One input of a view, as Slack's `view.state.values` wants it. */
export interface InputField {
  blockId: string;
  actionId: string;
  read: () => InputState;
  /** Puts back what was there before the view was drawn anew. */
  restore: (state: InputState) => void;
  /** Why it can't be sent as it is; null: it can. */
  problem: () => string | null;
  setError: (text: string | null) => void;
  focus: () => void;
}

export type InputState = { type: string } & Record<string, unknown>;
