/** `pause` and `resume`: whether a flow's triggers start anything. */
import type { DecisionAnswer, Engine } from "../../engine/engine.ts";
import { CommandError, UsageError } from "../errors.ts";
import { knownFlow } from "../known-names.ts";
import type { Answer, Call, Command } from "../command.ts";

export const pause: Command = {
  word: "pause",
  usage: ["pause FLOW"],
  purpose: "a flow's triggers start nothing until it is resumed; by hand it still starts",
  options: {},
  notes: ["What falls due while it is paused isn't caught up."],
  examples: [{ line: "pause renewal_management", about: "over the holidays" }],
  run: (call) => change(call, { done: "is paused", ask: (engine, flowId) => engine.pause({ flowId, person: null }) }),
};

export const resume: Command = {
  word: "resume",
  usage: ["resume FLOW"],
  purpose: "a paused flow's triggers start executions again",
  options: {},
  examples: [{ line: "resume renewal_management", about: "from its next firing on" }],
  run: (call) => change(call, { done: "is resumed", ask: (engine, flowId) => engine.resume({ flowId, person: null }) }),
};

interface Change {
  done: string;
  ask: (engine: Engine, flowId: string) => Promise<DecisionAnswer>;
}

async function change(call: Call, { done, ask }: Change): Promise<Answer> {
  const [flowId, ...others] = call.words;
  if (flowId === undefined || others.length > 0) throw new UsageError("This command takes one flow.");
  const { inSession } = await import("../session.ts");
  return inSession(call, async (session) => {
    knownFlow(session, flowId);
    const answer = await ask(session.engine, flowId);
    if (answer.kind === "refused") throw new CommandError([answer.message]);
    return { document: { flow_id: flowId, paused: done === "is paused" }, text: () => `${flowId} ${done}.` };
  });
}
