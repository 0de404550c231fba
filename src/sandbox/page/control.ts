/** One thing that can be filled in or chosen: in a form's input block, or among a message's actions. */
import type { InputState } from "./block-context.ts";

export interface Control {
  node: HTMLElement;
  /** What takes the keyboard; a group's first choice is found when it is needed. */
  field: () => HTMLElement | null;
  /** Whether one label points at it, or a caption names the group. */
  labelled: "for" | "group";
  read: () => InputState;
  /** Puts back what was there before it was drawn anew; what no longer can be chosen is left out. */
  restore: (state: InputState) => void;
  isEmpty: () => boolean;
  /** What is wrong with what stands there; null: nothing, or nothing stands there. */
  problem: () => string | null;
  /** What a press of it says. */
  value: () => unknown;
  /** Calls back when somebody has chosen, not for each step on the way there. */
  onCommit: (commit: () => void) => void;
}
