/** `redrive`: an execution that ended otherwise than well goes on, with what is kept and what starts again. */
import type { Engine } from "../../engine/engine.ts";
import type { Person } from "../../flow/person.ts";
import type { CommandLine } from "../listeners/commands/command-line.ts";
import { refusal } from "../views/decision.ts";
import type { Message } from "../views/message.ts";
import { redrivenMessage } from "../views/redriven.ts";
import type { Ask } from "./answer.ts";
import { executionOf } from "./execution.ts";

type RedriveLine = Extract<CommandLine, { kind: "redrive" }>;

export async function redrive(ask: Pick<Ask, "services" | "person"> & { line: RedriveLine }): Promise<Message> {
  const { executionId, from, input } = ask.line;
  return redriveOne(ask.services.engine, {
    executionId,
    person: ask.person,
    ...(from === null ? {} : { from }),
    ...(Object.keys(input).length === 0 ? {} : { input }),
  });
}

/** Also by the button of a failure's card. */
export async function redriveOne(
  engine: Pick<Engine, "execution" | "redrive">,
  asked: { executionId: string; person: Person; from?: string; input?: Record<string, string> },
): Promise<Message> {
  const { flowId, customer, steps } = await executionOf(engine, asked.executionId);
  const wasTakenBack = Object.values(steps).some(({ compensation }) => compensation?.status === "succeeded");
  const answer = await engine.redrive(asked);
  if (answer.kind === "refused") return refusal(answer);
  return redrivenMessage({
    executionId: asked.executionId,
    flowId,
    customerName: customer?.name ?? null,
    wasTakenBack,
    ...answer,
  });
}
