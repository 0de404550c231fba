/** What a form carries that opens above a review: the approval as it was pressed, and the list below both. */
import { callbackIds, decodeReview, encodeReview, type ApprovalReference } from "../../notify/slack/action-ids.ts";
import type { Press } from "./press.ts";

export function above({ body: { view } }: Pick<Press, "body">, approval: ApprovalReference): string {
  const review = view?.callback_id === callbackIds.review ? decodeReview(view.private_metadata) : null;
  return encodeReview({ approval, list: review?.list ?? null });
}
