/** What Slack posts, from its text. Pure. A form carries a command, or an interaction as JSON in `payload`; events are JSON. */
import { z } from "zod";

export type SlackRequest =
  /** Slack looks whether the certificate is good; unsigned. */
  | { kind: "ssl_check" }
  | { kind: "url_verification"; challenge: string }
  /** More events than Slack delivers in an hour: nothing to do but to know. */
  | { kind: "app_rate_limited" }
  | { kind: "payload"; body: Record<string, unknown> }
  | { kind: "unreadable" };

export const formType = "application/x-www-form-urlencoded";
export const jsonType = "application/json";

const Fields = z.record(z.string(), z.unknown());
const Verification = z.object({ type: z.literal("url_verification"), challenge: z.string().max(1_000) });

export function readSlackRequest(parameters: { mediaType: string; text: string }): SlackRequest {
  const { mediaType, text } = parameters;
  const form = mediaType === formType ? Object.fromEntries(new URLSearchParams(text)) : null;
  if (form?.["ssl_check"] === "1") return { kind: "ssl_check" };
  const json = form === null ? text : form["payload"];
  const body = json === undefined ? form : fields(json);
  if (body === null) return { kind: "unreadable" };
  const verification = Verification.safeParse(body);
  if (verification.success) return { kind: "url_verification", challenge: verification.data.challenge };
  return body["type"] === "app_rate_limited" ? { kind: "app_rate_limited" } : { kind: "payload", body };
}

/** Null: it is no JSON object. */
function fields(json: string): Record<string, unknown> | null {
  try {
    const parsed = Fields.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
