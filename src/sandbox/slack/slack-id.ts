/** Slack's kind of ids. Derived ones are the same at every start. */
import { createHash } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LENGTH = 10;

/** Prefix and ten upper-case base32 digits of the seed's hash. */
export function derivedId(prefix: string, seed: string): string {
  return prefix + base32(createHash("sha256").update(seed).digest());
}

export function randomId(prefix: string, randomHex: (bytes: number) => string): string {
  return prefix + base32(Buffer.from(randomHex(LENGTH), "hex"));
}

export function userIdOf(email: string): string {
  return derivedId("U", email.trim().toLowerCase());
}

function base32(bytes: Buffer): string {
  return Array.from(bytes.subarray(0, LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join("");
}
