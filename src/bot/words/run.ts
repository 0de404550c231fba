/** `run`: one execution about one customer, or a batch over those that the flow's filter matches. */
import { RequestError } from "../../engine/engine.ts";
import { hasFilter, isAboutCustomer, type FlowDefinition } from "../../flow/flow.ts";
import type { JsonObject } from "../../flow/json.ts";
import { usage, type CommandLine } from "../listeners/commands/command-line.ts";
import type { Message } from "../views/message.ts";
import { batchElsewhere, startAnswer } from "../views/start.ts";
import type { Ask } from "./answer.ts";
import { oneCustomer } from "./one-customer.ts";

type RunLine = Extract<CommandLine, { kind: "run" }>;

export async function run(ask: Ask & { line: RunLine }): Promise<Message | null> {
  const { services, line } = ask;
  const definition = services.engine.flow({ flowId: line.flowId });
  if (!isAboutCustomer(definition)) return startPlain({ ask, definition, line });
  if (line.customer === null && !("customer_id" in line.input)) return startBatch({ ask, definition, line });
  if (line.customer === null) return start({ ask, definition, input: line.input });
  if ("customer_id" in line.input) {
    throw new RequestError(`The customer is named twice: as “${line.customer}” and as customer_id. Write one of them.`);
  }
  const customer = await oneCustomer({
    engine: services.engine,
    text: line.customer,
    line: `run ${definition.flow_id}`,
  });
  return start({ ask, definition, input: { ...line.input, customer_id: customer.id } });
}

async function start(parameters: { ask: Ask; definition: FlowDefinition; input: JsonObject }): Promise<Message> {
  const { ask, definition, input } = parameters;
  const { engine } = ask.services;
  const answer = await engine.start({ flowId: definition.flow_id, input, person: ask.person });
  return startAnswer({ answer, definition });
}

async function startPlain(parameters: { ask: Ask; definition: FlowDefinition; line: RunLine }): Promise<Message> {
  const { ask, definition, line } = parameters;
  if (line.customer !== null) {
    const inputs = Object.keys(definition.input).map((name) => `${name}=VALUE`);
    throw new RequestError(
      `${definition.flow_id} isn't about a customer, so “${line.customer}” can't be used. ` +
        `Write: ${["/revops run", definition.flow_id, ...inputs].join(" ")}`,
    );
  }
  return start({ ask, definition, input: line.input });
}

/** E3: the message goes to the channel of the command, else to the configured one, never to one that was typed. */
async function startBatch(parameters: {
  ask: Ask;
  definition: FlowDefinition;
  line: RunLine;
}): Promise<Message | null> {
  const { ask, definition, line } = parameters;
  const flowId = definition.flow_id;
  if (!hasFilter(definition)) {
    throw new RequestError(
      `${flowId} is about one customer and has no filter to find them: /revops run ${flowId} CUSTOMER`,
    );
  }
  if (Object.keys(line.input).length > 0) {
    throw new RequestError(
      `name=value goes with one customer: ${usage.run.replace("FLOW [CUSTOMER]", `${flowId} CUSTOMER`)}`,
    );
  }
  const isHere = await ask.hasBot();
  const channel = isHere ? ask.channel : ask.services.channels.default;
  const batch = await ask.services.engine.startBatch({ flowId, person: ask.person, channel, requestId: ask.requestId });
  return isHere ? null : batchElsewhere({ batch, channel });
}
