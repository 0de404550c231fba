/**
 * The submitted form of a start: what the word `run` does. What is wrong is said at its field, so that nothing typed is lost. A form
 * that Slack submits again is the same request.
 */
import { RequestError } from "../../../engine/engine.ts";
import { isAboutCustomer, type FlowDefinition } from "../../../flow/flow.ts";
import { decodeStartForm } from "../../../notify/slack/action-ids.ts";
import { asker } from "../../asker.ts";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { sentence, type Message } from "../../views/message.ts";
import { noticeModal } from "../../views/notice-modal.ts";
import { channelName } from "../../views/start.ts";
import { blockOf, readStart, startBlocks } from "../../views/start-form.ts";
import { code } from "../../views/text.ts";
import { hasBot } from "../../words/has-bot.ts";
import { run } from "../../words/run.ts";
import type { Submit } from "./reject-reason.ts";

export async function startSubmit(submit: Submit, services: BotServices): Promise<void> {
  const { ack, view, body, client } = submit;
  const reply = async (message: Message) => ack({ response_action: "update", view: noticeModal(message) });
  await guarded({
    services,
    subject: view.callback_id,
    reply,
    work: async () => {
      const form = decodeStartForm(view.private_metadata);
      if (form === null || form.flowId === null) return ack(fieldError(startBlocks.flow, "Choose a flow."));
      const { channel, flowId } = form;
      const definition = services.engine.flow({ flowId });
      const read = readStart(definition, view.state.values);
      if (!read.ok) return ack({ response_action: "errors", errors: read.errors });
      const person = await asker({ people: services.people, userId: body.user.id, name: body.user.name });
      const isThere = () => hasBot({ client, channel, logger: services.logger });
      const ask = { services, person, channel, requestId: view.id, hasBot: isThere, line: read.line };
      try {
        const here = sentence(`${code(flowId)} runs. The progress stands in ${channelName(channel)}.`);
        await reply((await run(ask)) ?? here);
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        await ack(fieldError(blameOf(definition), error.message));
      }
    },
  });
}

/** What the engine refuses is mostly a customer that nobody has. */
function blameOf(definition: FlowDefinition): string {
  return isAboutCustomer(definition) ? blockOf(definition, startBlocks.customer) : startBlocks.flow;
}

function fieldError(block: string, message: string): { response_action: "errors"; errors: Record<string, string> } {
  return { response_action: "errors", errors: { [block]: message } };
}
