/** A task token as the log keeps it: on the server, shown to nobody. */
import type { EventOf } from "../../flow/event.ts";
import type { KeptToken } from "../../flow/service-state.ts";

export function keepToken(kept: Omit<KeptToken, "isAnswered">, at: number): EventOf<"token_kept"> {
  const { stepId: step_id, part, token } = kept;
  const about = part === null ? { step_id } : { step_id, part };
  return { type: "token_kept", at, ...about, for: kept.for, token };
}
