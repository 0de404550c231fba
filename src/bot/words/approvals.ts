/** `approvals`: what waits for the one who asks. */
import { approvalList, approvalsShown } from "../views/approval-list.ts";
import type { Message } from "../views/message.ts";
import type { Ask } from "./answer.ts";

export async function approvals({ services, person }: Pick<Ask, "services" | "person">): Promise<Message> {
  const { engine, timezone } = services;
  return approvalList({ ...(await engine.waiting({ person, offset: 0, limit: approvalsShown })), timezone });
}
