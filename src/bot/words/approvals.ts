/** `approvals`: what waits for the one who asks. */
import type { ApprovalCard } from "../../flow/card.ts";
import type { ExecutionHeader } from "../../flow/record.ts";
import { approvalList, type WaitingApproval } from "../views/approval-list.ts";
import type { Message } from "../views/message.ts";
import type { Ask } from "./answer.ts";

/** Each is asked for on its own; more than these say themselves that there are more. */
const maxChecked = 200;

export async function approvals(ask: Pick<Ask, "services" | "person">): Promise<Message> {
  const { engine, channels, timezone } = ask.services;
  const headers = await engine.list({ status: "running", limit: maxChecked + 1 });
  const waiting: WaitingApproval[] = [];
  for (const { header, stepId } of headers.slice(0, maxChecked).flatMap(askedApprovals)) {
    const card = await engine.approval({ executionId: header.execution_id, stepId });
    if (card !== null && (await waitsFor(ask, card))) waiting.push({ card, channel: channelOf(channels, card.flowId) });
  }
  return approvalList({ waiting, isComplete: headers.length <= maxChecked, timezone });
}

function askedApprovals(header: ExecutionHeader): { header: ExecutionHeader; stepId: string }[] {
  const asked = header.waiting_for.filter((wait) => wait.kind === "approval");
  return asked.map((wait) => ({ header, stepId: wait.step_id }));
}

/** The engine's own check, so that the list never promises what a click would refuse (A2). */
async function waitsFor(ask: Pick<Ask, "services" | "person">, card: ApprovalCard): Promise<boolean> {
  const { executionId, stepId, version } = card;
  const vote = { person: ask.person, decision: "approve" as const, forList: true };
  const may = await ask.services.engine.mayDecide({ executionId, stepId, version, ...vote });
  return may.kind === "yes";
}

function channelOf(channels: Ask["services"]["channels"], flowId: string): string {
  return channels.flows[flowId] ?? channels.alerts;
}
