/** The buttons that ask for pictures: an execution's timeline, graph and risk, a flow's graph, a customer's risk over time. */
import type { ExecutionState } from "../../../flow/execution.ts";
import { decodeCustomer, decodeExecution, decodeFlow } from "../../../notify/slack/action-ids.ts";
import {
  customerRiskPicture,
  graphPicture,
  riskPicture,
  timelinePicture,
} from "../../../notify/slack/pictures/picture.ts";
import { readersZone } from "../../readers-zone.ts";
import type { BotServices } from "../../services.ts";
import { shownCustomerRisk } from "../../views/customer-risk.ts";
import { sentence, type Message } from "../../views/message.ts";
import { handlePicturePress, type Wanted } from "../picture-press.ts";
import { unreadableButton, type Press } from "../press.ts";

export async function timeline(press: Press, services: BotServices): Promise<void> {
  const { client } = press;
  const { logger, clock } = services;
  await ofExecution(press, services, async (execution, userId) => {
    const timezone = await readersZone({ client, userId, otherwise: execution.timezone, logger });
    const draw = () => timelinePicture({ execution, now: clock.now(), timezone });
    return { name: "timeline", key: "timeline", draw };
  });
}

export async function executionGraph(press: Press, services: BotServices): Promise<void> {
  await ofExecution(press, services, async (execution) => {
    const { definition } = execution;
    const draw = () => graphPicture({ definition, shown: { execution, now: services.clock.now() } });
    return { name: "graph", key: "graph", draw };
  });
}

export async function executionRisk(press: Press, services: BotServices): Promise<void> {
  await ofExecution(press, services, async (execution) => {
    const picture = riskPicture({ execution });
    if (picture === null) return sentence("This execution has assessed no risk: there is nothing to draw.");
    return { name: "picture of the risk", key: "risk", draw: () => picture };
  });
}

async function ofExecution(
  press: Press,
  services: BotServices,
  make: (execution: ExecutionState, userId: string) => Promise<Pick<Wanted, "name" | "key" | "draw"> | Message>,
): Promise<void> {
  const find = async (): Promise<Wanted | Message> => {
    const asked = decodeExecution(press.action.value ?? "");
    if (asked === null) return unreadableButton;
    const execution = await services.engine.execution(asked);
    const made = await make(execution, press.body.user.id);
    if (!("draw" in made)) return made;
    const key = `${made.key}/${execution.executionId}/${execution.sequence}`;
    return { ...made, key, steps: execution.definition.steps.length, execution };
  };
  await handlePicturePress({ press, services, find });
}

export async function flowGraph(press: Press, services: BotServices): Promise<void> {
  const find = async (): Promise<Wanted | Message> => {
    const asked = decodeFlow(press.action.value ?? "");
    if (asked === null) return unreadableButton;
    const definition = services.engine.flow(asked);
    return {
      name: "graph",
      key: `graph/${definition.flow_id}/${definition.version}`,
      steps: definition.steps.length,
      execution: null,
      draw: () => graphPicture({ definition, shown: null }),
    };
  };
  await handlePicturePress({ press, services, find });
}

export async function customerRisk(press: Press, services: BotServices): Promise<void> {
  const { client } = press;
  const { logger, timezone: otherwise } = services;
  const find = async (): Promise<Wanted | Message> => {
    const asked = decodeCustomer(press.action.value ?? "");
    if (asked === null) return unreadableButton;
    const timezone = await readersZone({ client, userId: press.body.user.id, otherwise, logger });
    const found = await services.engine.customerRisk(asked);
    const shown = shownCustomerRisk(found);
    if (shown === null) return sentence("Nobody has assessed this customer: there is nothing to draw.");
    return {
      name: "picture of the risk",
      key: `customer/${asked.customerId}/${found.at}`,
      steps: 0,
      execution: null,
      draw: () => customerRiskPicture({ ...shown, customer: found.customer, timezone }),
    };
  };
  await handlePicturePress({ press, services, find });
}
