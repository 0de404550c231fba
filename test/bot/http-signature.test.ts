/** T1: what passes for Slack's, and what doesn't. */
import { assert, nat, property, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { refuseHeaders, refuseSignature } from "../../src/bot/http-signature.ts";
import { signed } from "./slack-delivery.ts";

/** Slack's own example, as its documentation has it. */
const documented = {
  signingSecret: "8f742231b10e8888abcd99yyyzzz85a5",
  timestamp: "1531420618",
  signature: "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
  body:
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar" +
    "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=" +
    "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN" +
    "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
};
const sentAt = Number(documented.timestamp) * 1_000;

function refusal(fields: Partial<typeof documented> & { now?: number } = {}) {
  const { signingSecret, timestamp, signature, body, now } = { ...documented, now: sentAt, ...fields };
  return refuseSignature({ headers: { signature, timestamp }, body: Buffer.from(body), signingSecret, now });
}

test("Slack's documented example is Slack's", () => {
  expect(refusal()).toBeNull();
});

describe("time", () => {
  test.each([
    [0, null],
    [300, null],
    [300.999, null],
    [301, "stale"],
    [86_400, "stale"],
    [-300, null],
    [-301, "future"],
    [-86_400, "future"],
  ])("looked at %d s after it was signed: %s", (seconds, expected) => {
    expect(refusal({ now: sentAt + seconds * 1_000 })).toBe(expected);
  });

  test.each([
    "soon",
    "",
    "NaN",
    "-1",
    "1e9",
    "0x5b4",
    "1531420618.5",
    " 1531420618",
    "1531420618, 1531420618",
    "9".repeat(13),
  ])("a timestamp %j, though signed with the right secret", (timestamp) => {
    const { signature } = signatureOf(timestamp, documented.body);
    expect(refusal({ timestamp, signature })).toBe("malformed");
  });
});

describe("signature", () => {
  test("another secret's", () => {
    expect(refusal({ signingSecret: "8f742231b10e8888abcd99yyyzzz85a6" })).toBe("wrong");
  });

  test("of another time", () => {
    expect(refusal({ timestamp: "1531420619" })).toBe("wrong");
  });

  test.each([
    ["another version", documented.signature.replace("v0", "v1")],
    ["none but the version", "v0="],
    ["no version", documented.signature.slice("v0=".length)],
    ["upper case", documented.signature.replace("a2114d", "A2114D")],
    ["one digit short", documented.signature.slice(0, -1)],
    ["one digit more", `${documented.signature}0`],
    ["no hex", documented.signature.replace("a2114d", "zzzzzz")],
    ["twice", `${documented.signature}, ${documented.signature}`],
  ])("%s", (_what, signature) => {
    expect(refusal({ signature })).toBe("malformed");
  });

  test("a single bit of the body or of the signature decides", () => {
    assert(
      property(uint8Array({ minLength: 1, maxLength: 200 }), nat(), nat({ max: 7 }), (bytes, at, bit) => {
        const body = Buffer.from(bytes);
        const headers = { timestamp: documented.timestamp, ...signatureOf(documented.timestamp, body) };
        const { signingSecret } = documented;
        expect(refuseSignature({ headers, body, signingSecret, now: sentAt })).toBeNull();
        const tampered = Buffer.from(body);
        tampered[at % body.length] = (body[at % body.length] ?? 0) ^ (1 << bit);
        expect(refuseSignature({ headers, body: tampered, signingSecret, now: sentAt })).toBe("wrong");
      }),
    );
  });

  test.each([
    ["no signature", { signature: undefined, timestamp: documented.timestamp }],
    ["no timestamp", { signature: documented.signature, timestamp: undefined }],
    ["neither", { signature: undefined, timestamp: undefined }],
  ])("%s is known before the body is read", (_what, headers) => {
    expect(refuseHeaders({ headers, now: sentAt })).toBe("unsigned");
  });
});

function signatureOf(timestamp: string, body: string | Buffer): { signature: string } {
  const { signingSecret: secret } = documented;
  return { signature: signed(body, { timestamp, secret })["x-slack-signature"] ?? "" };
}
