/**
 * T1: is this request Slack's? Pure; stricter than Bolt, which takes timestamps from the future and those that are no numbers.
 *
 * 1. Only `v0`, only lower-case hex of the right length, compared in constant time.
 * 2. |now − timestamp| ≤ 300 s, on real time: a moved clock has no say.
 * 3. The signature is over the body's very bytes, as they came.
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export const longestSkewSeconds = 300;

export interface SignatureHeaders {
  signature: string | undefined;
  timestamp: string | undefined;
}

export type RefusedSignature = "unsigned" | "malformed" | "stale" | "future" | "wrong";

/** What can be said before the body is read; null: it may be Slack's. `now` in milliseconds. */
export function refuseHeaders(parameters: { headers: SignatureHeaders; now: number }): RefusedSignature | null {
  const { signature, timestamp } = parameters.headers;
  if (signature === undefined || timestamp === undefined) return "unsigned";
  if (!/^v0=[0-9a-f]{64}$/.test(signature) || !/^\d{1,12}$/.test(timestamp)) return "malformed";
  const age = Math.floor(parameters.now / 1_000) - Number(timestamp);
  if (age > longestSkewSeconds) return "stale";
  return age < -longestSkewSeconds ? "future" : null;
}

/** Null: the request is Slack's. */
export function refuseSignature(parameters: {
  headers: SignatureHeaders;
  body: Buffer;
  signingSecret: string;
  now: number;
}): RefusedSignature | null {
  const { headers, body, signingSecret } = parameters;
  const refused = refuseHeaders(parameters);
  if (refused !== null) return refused;
  const expected = createHmac("sha256", signingSecret).update(`v0:${headers.timestamp}:`).update(body).digest();
  const given = Buffer.from((headers.signature ?? "").slice("v0=".length), "hex");
  return timingSafeEqual(given, expected) ? null : "wrong";
}
