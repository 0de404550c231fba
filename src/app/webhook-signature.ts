/**
 * Is this event from who knows the secret? The Standard Webhooks form: `webhook-id`, `webhook-timestamp`, and in
 * `webhook-signature` one or several `v1,BASE64`, each an HMAC-SHA256 over `id.timestamp.body`. Pure.
 *
 * 1. Compared in constant time; versions that aren't known are passed over.
 * 2. |now − timestamp| ≤ 300 s, on real time: a moved clock has no say.
 * 3. The signature is over the body's very bytes, as they came.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { longestSkewSeconds, type RefusedSignature } from "../bot/http-signature.ts";

export interface WebhookHeaders {
  id: string | undefined;
  timestamp: string | undefined;
  signature: string | undefined;
}

const prefix = "whsec_";
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * What a secret may stand for: `whsec_` and base64 for its bytes, any other text for itself. Where such a text is base64, the
 * reference libraries decode it, so that counts as well. Empty: it is no secret.
 */
export function webhookKeys(secret: string): Buffer[] {
  const encoded = secret.startsWith(prefix) ? secret.slice(prefix.length) : secret;
  const decoded = base64.test(encoded) && encoded !== "" ? [Buffer.from(encoded, "base64")] : [];
  return secret.startsWith(prefix) ? decoded : [Buffer.from(secret), ...decoded];
}

/** What can be said before the body is read; null: it may be signed. `now` in milliseconds. */
export function refuseWebhookHeaders(parameters: { headers: WebhookHeaders; now: number }): RefusedSignature | null {
  const { id, timestamp, signature } = parameters.headers;
  if (id === undefined || timestamp === undefined || signature === undefined) return "unsigned";
  if (!/^[\x21-\x7e]{1,256}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return "malformed";
  if (signaturesIn(signature).length === 0) return "malformed";
  const age = Math.floor(parameters.now / 1_000) - Number(timestamp);
  if (age > longestSkewSeconds) return "stale";
  return age < -longestSkewSeconds ? "future" : null;
}

/** Null: it is signed. */
export function refuseWebhook(parameters: {
  headers: WebhookHeaders;
  body: Buffer;
  keys: readonly Buffer[];
  now: number;
}): RefusedSignature | null {
  const { headers, body, keys } = parameters;
  const refused = refuseWebhookHeaders(parameters);
  if (refused !== null) return refused;
  const expected = keys.map((key) =>
    createHmac("sha256", key).update(`${headers.id}.${headers.timestamp}.`).update(body).digest(),
  );
  const given = signaturesIn(headers.signature ?? "");
  return given.some((one) => expected.some((other) => timingSafeEqual(one, other))) ? null : "wrong";
}

/** Of version 1; each has the length of what it is compared with. */
function signaturesIn(list: string): Buffer[] {
  return list.split(" ").flatMap((item) => {
    const encoded = /^v1,([A-Za-z0-9+/]{43}=)$/.exec(item)?.[1];
    return encoded === undefined ? [] : [Buffer.from(encoded, "base64")];
  });
}
