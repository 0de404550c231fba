/** What a block needs to know to be drawn, and whom it tells when somebody uses it. */
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
  /** Inputs of a modal are gathered here. */
  inputs: InputField[];
  /** Makes element ids unique on the page. */
  scope: string;
}

/** One input of a modal, as Slack's `view.state.values` wants it. */
export interface InputField {
  blockId: string;
  actionId: string;
  label: string;
  required: boolean;
  read: () => InputState;
  /** Puts back what was there before the view was drawn anew. */
  restore: (state: InputState) => void;
  isEmpty: () => boolean;
  setError: (text: string | null) => void;
  focus: () => void;
}

export type InputState = { type: string } & Record<string, unknown>;
