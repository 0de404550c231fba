/** Slack: whether the token is taken, what it may do, whether the channels are there, and whether the clocks agree. */
import { WebClient } from "@slack/web-api";
import type { SlackAccess } from "../../bot/receiver.ts";
import { neededScopes } from "../../bot/manifest-scopes.ts";
import { ok, problem, warning, type Check } from "../../flow/check-up.ts";
import { FailureError } from "../../flow/failure.ts";
import { slackClientOptions } from "../../notify/slack/slack-client.ts";
import { createSlackChannels } from "../../notify/slack/slack-channels.ts";
import type { Configuration } from "../configuration.ts";

/** Slack's own bound for signatures. */
const refusedFromS = 300;
const noticedFromS = 30;

interface Asked {
  slack: SlackAccess | null;
  configuration: Configuration;
  realNow: () => number;
}

export async function slackChecks({ slack, configuration, realNow }: Asked): Promise<Check[]> {
  if (slack === null)
    return [ok("Slack", "none is set up: npm start opens the sandbox, and messages of a program are refused")];
  let date: string | null = null;
  const options = slackClientOptions(slack);
  const client = new WebClient(slack.botToken, {
    ...options,
    fetch: async (input, init) => {
      const response = await options.fetch(input, init);
      date = response.headers.get("date");
      return response;
    },
  });
  try {
    const answer = await client.auth.test();
    const scopes = answer.response_metadata?.scopes ?? [];
    const where = `${answer.user ?? "the bot"} in ${answer.team ?? "the workspace"}`;
    return [
      ok("Slack", `the token is taken: ${where}`),
      ...scopeChecks(scopes),
      ...skewChecks(date, realNow()),
      ...(await channelChecks(client, configuration)),
    ];
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return [
      problem(
        "Slack",
        `auth.test: ${said}`,
        "Look at SLACK_BOT_TOKEN and SLACK_API_URL; docs/workspace.md says where they come from.",
      ),
    ];
  }
}

/** A Slack that doesn't say what the token may do isn't asked further. */
function scopeChecks(scopes: readonly string[]): Check[] {
  if (scopes.length === 0) return [];
  const needed = neededScopes().map(({ scope }) => scope);
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return [ok("scopes", `all ${needed.length} are there`)];
  return [
    problem(
      "scopes",
      `missing: ${missing.join(", ")}`,
      "Paste manifest.yml under App Manifest, and install the app again.",
    ),
  ];
}

function skewChecks(date: string | null, now: number): Check[] {
  const theirs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return [];
  const seconds = Math.round((now - theirs) / 1000);
  const size = Math.abs(seconds);
  const said = `this machine is ${size} s ${seconds < 0 ? "behind" : "ahead of"} Slack`;
  const advice = "Set the clock, by NTP for example.";
  if (size >= refusedFromS) return [problem("clock", `${said}: its signatures are refused`, advice)];
  return size >= noticedFromS ? [warning("clock", said, advice)] : [ok("clock", "it agrees with Slack's")];
}

async function channelChecks(client: WebClient, { channels }: Configuration): Promise<Check[]> {
  const known = createSlackChannels({ client });
  const names = [...new Set([channels.default, channels.alerts, ...Object.values(channels.flows)])];
  const missing: string[] = [];
  for (const name of names) {
    const id = await known.id(name).catch((error: unknown) => {
      if (error instanceof FailureError && error.failure.error === "Effect.Refused") return null;
      throw error;
    });
    if (id === null) missing.push(name);
  }
  if (missing.length === 0) return [ok("channels", `${names.join(", ")} are there`)];
  return [
    problem(
      "channels",
      `Slack shows the bot no ${missing.join(", ")}`,
      "Make it, or invite the app there; revops.yml names it under channels.",
    ),
  ];
}
