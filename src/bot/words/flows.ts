/** `flows`: what can be started, and what fires by itself. */
import { flowList } from "../views/flow-list.ts";
import type { Message } from "../views/message.ts";
import type { Ask } from "./answer.ts";

export async function flows(ask: Pick<Ask, "services">): Promise<Message> {
  const { engine, timezone } = ask.services;
  return flowList({ flows: await engine.flows(), timezone });
}
