/** The Home tab, made anew each time it is opened. */
import type { AllMiddlewareArgs, SlackEventMiddlewareArgs } from "@slack/bolt";
import { guarded } from "../../error-policy.ts";
import type { BotServices } from "../../services.ts";
import { asker } from "../../asker.ts";
import { publishHome } from "../surface.ts";

export async function appHomeOpened(
  args: SlackEventMiddlewareArgs<"app_home_opened"> & AllMiddlewareArgs,
  services: BotServices,
): Promise<void> {
  const { event, client } = args;
  // The Messages tab reports itself by the same event.
  if (event.tab !== "home") return;
  await guarded({
    services,
    subject: "app_home_opened",
    reply: async () => {},
    work: async () => {
      const person = await asker({ people: services.people, userId: event.user, name: event.user });
      await publishHome({ client, services, person });
    },
  });
}
