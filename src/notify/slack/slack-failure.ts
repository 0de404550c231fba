/**
 * What a failed call of Slack's Web API means (E2, F1): certainly not done and worth another try, certainly not done and not
 * worth one, or nobody knows.
 */
import { ErrorCode } from "@slack/web-api";
import { z } from "zod";
import { FailureError } from "../../flow/failure.ts";
import { DoubtError } from "../notifier.ts";

export interface SlackCall {
  /** The Web API method. */
  method: string;
  /** What it was for, as the person calls it: "#renewals", "dana@example.com". */
  subject: string;
  /** False: asking again changes nothing, so what nobody knows is simply asked again. */
  posts: boolean;
}

const Shape = z.object({
  code: z.string().optional().catch(undefined),
  statusCode: z.number().optional().catch(undefined),
  retryAfter: z.number().optional().catch(undefined),
  data: z
    .object({ error: z.string(), response_metadata: z.object({ retryAfter: z.number() }).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

export function slackFailure(error: unknown, call: SlackCall): FailureError | DoubtError {
  if (error instanceof FailureError || error instanceof DoubtError) return error;
  const read = Shape.safeParse(error);
  const { code, statusCode, retryAfter, data } = read.success ? read.data : Shape.parse({});
  if (code === ErrorCode.RateLimitedError) return throttled(call, retryAfter ?? null, error);
  if (code === ErrorCode.HTTPError && statusCode !== undefined) return afterStatus(statusCode, call, error);
  if (code === ErrorCode.PlatformError && data !== undefined)
    return afterAnswer({ answer: data.error, retryAfter: data.response_metadata?.retryAfter ?? null, call, error });
  if (code === ErrorCode.RequestError && neverSent(error))
    return unavailable(`Slack can't be reached for ${call.method}.`, error);
  return unknown(`Slack gave no answer to ${call.method} for ${call.subject}.`, call, error);
}

/** Slack's own word for what went wrong; null where it didn't get to one. */
export function slackAnswer(error: unknown): string | null {
  const read = Shape.safeParse(error instanceof FailureError || error instanceof DoubtError ? error.cause : error);
  return read.success && read.data.code === ErrorCode.PlatformError ? (read.data.data?.error ?? null) : null;
}

function afterStatus(status: number, call: SlackCall, error: unknown): FailureError | DoubtError {
  if (status >= 500 || status === 408)
    return unknown(`Slack answered ${call.method} for ${call.subject} with HTTP ${status}.`, call, error);
  return refused(`Slack refused ${call.method} with HTTP ${status}. Check SLACK_API_URL.`, error);
}

function afterAnswer(parameters: {
  answer: string;
  retryAfter: number | null;
  call: SlackCall;
  error: unknown;
}): FailureError | DoubtError {
  const { answer, retryAfter, call, error } = parameters;
  if (/^(ratelimited|rate_limited|message_limit_exceeded)$/.test(answer)) return throttled(call, retryAfter, error);
  // An answer that was cut, or came from something between, is put in the place of Slack's word by the client.
  const isSlacksWord = /^[a-z][a-z0-9_]{2,80}$/.test(answer);
  if (!isSlacksWord || outcomeUnknown.has(answer))
    return unknown(`Slack gave no usable answer to ${call.method} for ${call.subject}.`, call, error);
  const advice = advices[answer]?.(call.subject);
  return refused(advice ?? `Slack refused ${call.method} for ${call.subject}: ${answer}.`, error);
}

const outcomeUnknown: ReadonlySet<string> = new Set([
  "internal_error",
  "fatal_error",
  "request_timeout",
  "service_unavailable",
]);

const token = () => "Slack doesn't accept the app's token. Check SLACK_BOT_TOKEN, then redrive.";
const invite = (subject: string) => `The app isn't in ${subject}. Invite it there with /invite, then redrive.`;
const advices: Readonly<Record<string, (subject: string) => string>> = {
  channel_not_found: (subject) =>
    `Slack knows no channel ${subject}. Check the channels in revops.yml and invite the app there.`,
  not_in_channel: invite,
  is_archived: (subject) =>
    `${subject} is archived. Name another channel in revops.yml, or take it out of the archive.`,
  restricted_action: (subject) => `The app may not post in ${subject}. Ask a workspace admin to allow it.`,
  invalid_blocks: (subject) =>
    `Slack refused the layout of the message for ${subject}. Please report it with the execution's id.`,
  invalid_blocks_format: (subject) =>
    `Slack refused the layout of the message for ${subject}. Please report it with the execution's id.`,
  msg_blocks_too_long: (subject) =>
    `The message for ${subject} is too long for Slack. Please report it with the execution's id.`,
  msg_too_long: (subject) => `The message for ${subject} is too long for Slack. Shorten its template.`,
  missing_scope: () => "The app lacks a scope of manifest.yml. Install it again from the manifest, then redrive.",
  cannot_dm_bot: (subject) => `${subject} is an app, which gets no direct messages. Name a person.`,
  user_disabled: (subject) => `${subject} has left this Slack workspace. Name another person.`,
  not_authed: token,
  invalid_auth: token,
  token_revoked: token,
  token_expired: token,
  account_inactive: token,
};

/** The connection never stood, so no byte of the request left. */
const beforeSending: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

function neverSent(error: unknown, depth = 0): boolean {
  if (!(error instanceof Error) || depth > 5) return false;
  if ("code" in error && typeof error.code === "string" && beforeSending.has(error.code)) return true;
  const causes: unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  return causes.length > 0 && causes.every((cause) => neverSent(cause, depth + 1));
}

function throttled(call: SlackCall, retryAfterSeconds: number | null, cause: unknown): FailureError {
  const failure = { error: "Agent.Throttled", cause: `Slack asks to wait with ${call.method}.` } as const;
  return new FailureError(failure, {
    cause,
    ...(retryAfterSeconds === null ? {} : { retryAfterMs: retryAfterSeconds * 1000 }),
  });
}

function unknown(sentence: string, call: SlackCall, cause: unknown): FailureError | DoubtError {
  return call.posts ? new DoubtError(sentence, { cause }) : unavailable(sentence, cause);
}

function unavailable(sentence: string, cause: unknown): FailureError {
  return new FailureError({ error: "Agent.Unavailable", cause: sentence }, { cause });
}

function refused(sentence: string, cause: unknown): FailureError {
  return new FailureError({ error: "Effect.Refused", cause: sentence }, { cause });
}
