/** `abort`: asks first, saying what it would end; the button does it (listeners/actions/abort.ts). */
import type { CommandLine } from "../listeners/commands/command-line.ts";
import { abortConfirmation } from "../views/abort.ts";
import { abortFacts } from "../views/abort-facts.ts";
import { privately, type Message } from "../views/message.ts";
import type { Ask } from "./answer.ts";
import { executionOf } from "./execution.ts";

type AbortLine = Extract<CommandLine, { kind: "abort" }>;

export async function abort({ services, line }: Pick<Ask, "services"> & { line: AbortLine }): Promise<Message> {
  const state = await executionOf(services.engine, line.executionId);
  return privately(abortConfirmation({ ...abortFacts(state), compensate: line.compensate }));
}
