/** What the engine answered to a decision, for the person who made it. */
import type { DecisionAnswer } from "../../engine/engine.ts";
import { escapeMrkdwn } from "../../notify/slack/escape.ts";
import { sentence, type Message } from "./message.ts";

/** Null: the card says it, and everybody sees the card. */
export function decisionMessage(answer: DecisionAnswer | { kind: "refused"; message: string }): Message | null {
  if (answer.kind === "refused") return sentence(escapeMrkdwn(answer.message));
  return null;
}
