/** Signs as a sender of Standard Webhooks does. */
import { createHmac } from "node:crypto";

export const webhookSecret = `whsec_${Buffer.from("a secret that nobody guesses").toString("base64")}`;

export interface Webhook {
  id: string;
  /** Seconds. */
  timestamp: number | string;
  body: string | Buffer;
  key?: string | Buffer;
}

export function signatureOf({ id, timestamp, body, key = "a secret that nobody guesses" }: Webhook): string {
  return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest("base64")}`;
}

export function webhookHeaders(webhook: Webhook): Record<string, string> {
  return {
    "content-type": "application/json",
    "webhook-id": webhook.id,
    "webhook-timestamp": String(webhook.timestamp),
    "webhook-signature": signatureOf(webhook),
  };
}
