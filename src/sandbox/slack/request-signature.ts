/** How Slack signs a request: version 0, HMAC-SHA256 over time and body. Pure. */
import { createHmac } from "node:crypto";

/** `timestamp` in seconds, as the header carries it. */
export function requestSignature(parameters: { signingSecret: string; timestamp: number; body: string }): string {
  const { signingSecret, timestamp, body } = parameters;
  return `v0=${createHmac("sha256", signingSecret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}
