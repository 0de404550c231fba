/** `pause` and `resume`: what starts a flow by itself, held and let go again. */
import type { FlowSummary } from "../../engine/engine.ts";
import { refusal } from "../views/decision.ts";
import type { Message } from "../views/message.ts";
import { pausedMessage, resumedMessage } from "../views/pause.ts";
import type { Ask } from "./answer.ts";

type Asked = Pick<Ask, "services" | "person"> & { flowId: string };

export async function pause(asked: Asked): Promise<Message> {
  const { engine, timezone } = asked.services;
  const { flowId, person } = asked;
  const before = await summaryOf(asked);
  const answer = await engine.pause({ flowId, person });
  return answer.kind === "refused" ? refusal(answer) : pausedMessage({ before, timezone });
}

export async function resume(asked: Asked): Promise<Message> {
  const { engine, timezone } = asked.services;
  const { flowId, person } = asked;
  const before = await summaryOf(asked);
  const answer = await engine.resume({ flowId, person });
  if (answer.kind === "refused") return refusal(answer);
  return resumedMessage({ wasPaused: before.paused !== null, now: await summaryOf(asked), timezone });
}

/** Throws `RequestError` with the nearest flow id. */
async function summaryOf({ services: { engine }, flowId }: Asked): Promise<FlowSummary> {
  const definition = engine.flow({ flowId });
  const found = (await engine.flows()).find((flow) => flow.definition.flow_id === flowId);
  return found ?? { definition, file: null, nextFiring: null, running: 0, paused: null };
}
