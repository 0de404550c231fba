/** What the engine answered to a decision, for the person who made it. */
import type { DecisionAnswer } from "../../engine/engine.ts";
import { escapeMrkdwn } from "../../notify/slack/escape.ts";
import { privately, sentence, type Message } from "./message.ts";

/** Null: the card says it, and everybody sees the card. */
export function decisionMessage(answer: DecisionAnswer | { kind: "refused"; message: string }): Message | null {
  return answer.kind === "refused" ? refusal(answer) : null;
}

/** Others need not know who asked for what they may not (A1). */
export function refusal({ message }: { message: string }): Message {
  return privately(sentence(escapeMrkdwn(message)));
}
