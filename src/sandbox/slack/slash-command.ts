/** A slash command: shown to nobody; what the bot acknowledges with is its first answer. */
import type { Channel } from "./channel-store.ts";
import { makeResponseUrl, occasionOf } from "./occasion.ts";
import type { Member } from "./member-store.ts";
import { slashCommandPayload } from "./payload.ts";
import { deliveryError, done, refused, type ActAnswer, type Acting } from "./people-acts.ts";
import { answerThrough } from "./response-url.ts";
import { SlackError } from "./slack-error.ts";
import { escapeTyped } from "./typed-text.ts";
import type { SlackWorkspace } from "./workspace.ts";

export async function slashCommand(
  parameters: { member: Member; channel: Channel; text: string; inThread: boolean },
  acting: Acting,
): Promise<ActAnswer> {
  const { member, channel, inThread } = parameters;
  const { workspace } = acting;
  const [, command = "/", rest = ""] = /^(\/\S*)\s*([^]*)$/.exec(parameters.text) ?? [];
  const say = (text: string): ActAnswer => {
    acting.feed.publish({ type: "notice", user: member.id, channel: channel.id, text });
    return refused(text);
  };
  if (command === "/invite") return invite({ channel, named: rest, workspace, say });
  if (!workspace.commands.some((known) => known.command === command)) return say(notACommand(command));
  if (inThread) return say(`${command} is not supported in threads. Sorry!`);
  const response = makeResponseUrl({ channel: channel.id, user: member.id, messageTs: null }, workspace);
  const payload = slashCommandPayload({
    ...occasionOf(member, workspace),
    channel,
    command,
    text: escapeTyped(rest.trim()),
    responseUrl: response.address,
  });
  const delivery = await workspace.dispatcher.send({ type: "slash_commands", payload });
  const error = deliveryError(delivery);
  if (error !== null) return say(`${command} failed with the error "${error}"`);
  if (delivery.kind === "acknowledged" && Object.keys(delivery.payload).length > 0) {
    return answered(
      () => answerThrough({ id: response.id, values: delivery.payload, counts: false }, workspace),
      () => say(`${command} failed with the error "dispatch_failed"`),
    );
  }
  return done;
}

/** Slack's own command, for the one that may be missing. */
function invite(parameters: {
  channel: Channel;
  named: string;
  workspace: SlackWorkspace;
  say: (text: string) => ActAnswer;
}): ActAnswer {
  const { channel, named, workspace, say } = parameters;
  const { channels, identity } = workspace;
  const isBot = named.trim().replace(/^@/, "").toLowerCase() === identity.botName.toLowerCase();
  if (!isBot) return say(`Say whom: /invite @${identity.botName}. Everybody else is here already.`);
  if (channels.hasBot(channel)) return say(`${identity.botName} is already in this channel.`);
  channels.invite(channel);
  say(`${identity.botName} is in this channel now.`);
  return done;
}

function notACommand(command: string): string {
  return (
    `${command} is not a valid command. In Slack, all messages that start with the "/" character are interpreted as ` +
    `commands. If you are trying to send a message and not run a command, try preceding the "/" with an empty space.`
  );
}

/** An acknowledgement that Slack can't show (broken blocks) is a failed command. */
function answered(show: () => void, fail: () => ActAnswer): ActAnswer {
  try {
    show();
    return done;
  } catch (error) {
    if (error instanceof SlackError) return fail();
    throw error;
  }
}
