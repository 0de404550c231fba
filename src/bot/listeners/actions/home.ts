/** The buttons of the App Home: run a flow now, assess a customer again, see an execution's steps. */
import type { Person } from "../../../flow/person.ts";
import { decodeExecution, decodeFlow, decodeStart } from "../../../notify/slack/action-ids.ts";
import { count, number } from "../../../notify/slack/format.ts";
import type { BotServices } from "../../services.ts";
import { executionStatus } from "../../views/execution-status.ts";
import { sentence, type Message } from "../../views/message.ts";
import { messageModal } from "../../views/notice-modal.ts";
import { channelName, startAnswer } from "../../views/start.ts";
import { code } from "../../views/text.ts";
import { resume } from "../../words/pause.ts";
import { handlePress, unreadableButton, type Press } from "../press.ts";
import { openView, publishHome } from "../surface.ts";

/** One customer where the button names one, else all that the flow's filter matches. */
export async function startFromHome(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const start = decodeStart(press.action.value ?? "");
      if (start === null) return unreadableButton;
      const message = await begin(press, services, { ...start, person });
      await publishHome({ client: press.client, services, person });
      return message;
    },
  });
}

export async function resumeFromHome(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      const flow = decodeFlow(press.action.value ?? "");
      if (flow === null) return unreadableButton;
      const message = await resume({ services, person, ...flow });
      await publishHome({ client: press.client, services, person });
      return message;
    },
  });
}

async function begin(
  press: Press,
  { engine, channels }: BotServices,
  { flowId, customerId, person }: { flowId: string; customerId: string | null; person: Person },
): Promise<Message> {
  if (customerId !== null) {
    const answer = await engine.start({ flowId, input: { customer_id: customerId }, person });
    return startAnswer({ answer, definition: engine.flow({ flowId }) });
  }
  const channel = channels.default;
  const requestId = `${person.user_id}/${press.action.action_ts}`;
  const batch = await engine.startBatch({ flowId, person, channel, requestId });
  const matched = `${number(batch.customer_ids.length)} of ${count(batch.customers_total, "customer")}`;
  return sentence(`${code(flowId)} runs for ${matched}. The progress stands in ${channelName(channel)}.`);
}

/** Slack tells nobody that a Home is open: what has happened since is asked for. */
export async function reloadHome(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async (person) => {
      await publishHome({ client: press.client, services, person });
      return null;
    },
  });
}

export async function stepsFromHome(press: Press, services: BotServices): Promise<void> {
  await handlePress({
    press,
    services,
    work: async () => {
      const execution = decodeExecution(press.action.value ?? "");
      if (execution === null) return unreadableButton;
      const report = await services.engine.report(execution);
      await openView(press, messageModal("Steps", executionStatus({ report, timezone: services.timezone })));
      return null;
    },
  });
}
