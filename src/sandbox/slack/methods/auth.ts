/** Who am I, does it answer, where do I connect. */
import type { Method } from "../method.ts";
import { SlackError } from "../slack-error.ts";

export const apiTest: Method = (args) => {
  const error = args.text("error");
  if (error !== null) throw new SlackError(error);
  return { args: {} };
};

export const authTest: Method = (_args, { identity, url }) => ({
  url: `${url()}/`,
  team: identity.teamName,
  user: identity.botName.toLowerCase(),
  team_id: identity.teamId,
  user_id: identity.botUserId,
  bot_id: identity.botId,
  is_enterprise_install: false,
});

export const appsConnectionsOpen: Method = (_args, { socket, identity, url }) => {
  const query = new URLSearchParams({ ticket: socket.makeTicket(), app_id: identity.appId });
  return { url: `${url().replace(/^http/, "ws")}/link?${query.toString()}` };
};
