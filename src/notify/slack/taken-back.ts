/** What a flow's compensations do, in words: which steps are taken back, and by what. */
import type { ApprovalCard } from "../../flow/card.ts";
import { piece } from "./escape.ts";
import { list, number } from "./format.ts";

/** "book_follow_up by cancel_event and send_offer by send_email". */
export function takenBackWords(steps: ApprovalCard["takenBack"], mostShown: number): string {
  const words = steps.slice(0, mostShown).map(({ stepId, action }) => `${piece(stepId, 80)} by ${piece(action, 80)}`);
  const left = steps.length - words.length;
  return list(left === 0 ? words : [...words, `${number(left)} more`], "and");
}
