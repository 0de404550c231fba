/** E1: Google takes the id of an event from its client and answers 409 to a repeat; its alphabet is base32hex. */
import { createHash } from "node:crypto";

const alphabet = "0123456789abcdefghijklmnopqrstuv";

/** The same key always gives the same 52 characters. */
export function eventId(key: string): string {
  let bits = 0n;
  const hash = createHash("sha256").update(key).digest();
  for (const byte of hash) bits = (bits << 8n) | BigInt(byte);
  // 256 bits are 51 characters of five and one of a single bit, which is padded as base32 pads it.
  bits <<= 4n;
  let id = "";
  for (let character = 0; character < 52; character += 1) {
    id = (alphabet[Number(bits & 31n)] ?? "") + id;
    bits >>= 5n;
  }
  return id;
}
