/** Slack in the process: what the bot calls is recorded, what Slack sends is made here; it travels by `slack-delivery.ts`. */
import type { FetchFunction } from "@slack/web-api";
import { z } from "zod";

export interface Call {
  method: string;
  args: Record<string, unknown>;
}

type Body = Record<string, unknown>;

export class FakeSlack {
  readonly calls: Call[] = [];
  /** What was sent to the `response_url`. */
  readonly responses: Body[] = [];
  /** The `response_url` has been used up, or is older than thirty minutes. */
  responsesExpired = false;
  /** Answers by method; a string is an error. */
  readonly answers = new Map<string, Body | string>();

  readonly fetch: FetchFunction = async (url, init) => {
    const address = new URL(url);
    const body = typeof init?.body === "string" ? init.body : "";
    if (address.hostname === "hooks.slack.test") {
      if (this.responsesExpired) return new Response("expired_url", { status: 404 });
      this.responses.push(z.record(z.string(), z.unknown()).parse(JSON.parse(body)));
      return new Response("ok");
    }
    const method = address.pathname.replace(/^\/api\//, "");
    this.calls.push({ method, args: decoded(new URLSearchParams(body)) });
    const answer = this.answers.get(method) ?? {};
    return Response.json(
      typeof answer === "string" ? { ok: false, error: answer } : { ok: true, ...defaults(method), ...answer },
    );
  };

  of(method: string): Record<string, unknown>[] {
    return this.calls.filter((call) => call.method === method).map((call) => call.args);
  }
}

function defaults(method: string): Body {
  return method === "auth.test" ? { user_id: "UBOT", bot_id: "BBOT" } : {};
}

/** Form fields; arrays and objects travel as JSON. */
function decoded(form: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries([...form].map(([name, value]) => [name, /^[[{]/.test(value) ? JSON.parse(value) : value]));
}

export const responseUrl = "https://hooks.slack.test/response";
const team = { id: "T1", domain: "test" };

export function command(text: string, fields: Body = {}): Body {
  return {
    command: "/revops",
    text,
    team_id: "T1",
    channel_id: "C1",
    channel_name: "revops",
    user_id: "ULEAD",
    user_name: "lead",
    trigger_id: "trigger-1",
    response_url: responseUrl,
    ...fields,
  };
}

export function press(actionId: string, value: string, fields: Body = {}): Body {
  return {
    type: "block_actions",
    team,
    user: { id: "UDANA", username: "dana", name: "dana", team_id: "T1" },
    channel: { id: "C2", name: "renewals" },
    message: { type: "message", ts: "100.1", text: "card" },
    container: { type: "message", channel_id: "C2", message_ts: "100.1" },
    trigger_id: "trigger-2",
    response_url: responseUrl,
    actions: [
      {
        type: "button",
        action_id: actionId,
        block_id: "b",
        value,
        action_ts: "1",
        text: { type: "plain_text", text: "x" },
      },
    ],
    ...fields,
  };
}

export function submit(parameters: {
  callbackId: string;
  metadata: string;
  reason?: string | null;
  optional?: boolean;
  /** In place of the one reason. */
  values?: object;
}): Body {
  const { callbackId, metadata, reason = null, optional = false } = parameters;
  const typed = parameters.values ?? { reason: { reason: { type: "plain_text_input", value: reason } } };
  return {
    type: "view_submission",
    team,
    user: { id: "UDANA", name: "dana", team_id: "T1" },
    trigger_id: "trigger-3",
    view: {
      id: "V1",
      type: "modal",
      callback_id: callbackId,
      private_metadata: metadata,
      blocks: [{ type: "input", block_id: "reason", optional }],
      state: { values: typed },
    },
  };
}

export function mention(text: string, fields: Body = {}): Body {
  return event({ type: "app_mention", user: "ULEAD", text, ts: "200.1", channel: "C1", event_ts: "200.1", ...fields });
}

export function directMessage(text: string, fields: Body = {}): Body {
  return event({
    type: "message",
    channel_type: "im",
    user: "ULEAD",
    text,
    ts: "300.1",
    channel: "D1",
    event_ts: "300.1",
    ...fields,
  });
}

let eventCount = 0;
export function event(fields: Body): Body {
  eventCount += 1;
  return { type: "event_callback", team_id: "T1", event_id: `Ev${eventCount}`, event_time: 1, event: fields };
}
