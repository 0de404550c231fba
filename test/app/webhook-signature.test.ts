/** T1 for events: what passes for signed, and what doesn't. */
import { assert, nat, property, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { refuseWebhook, webhookKeys, type WebhookHeaders } from "../../src/app/webhook-signature.ts";
import { signatureOf } from "./webhook.ts";

/** The example of the reference libraries. */
const documented = {
  secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
  timestamp: "1614265330",
  signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  body: '{"test": 2432232314}',
};
const sentAt = Number(documented.timestamp) * 1_000;

interface Asked extends Partial<Omit<WebhookHeaders, "body">> {
  secret?: string;
  body?: string | Buffer;
  now?: number;
}

function refusal(fields: Asked = {}) {
  const { secret, body, now, ...headers } = { ...documented, now: sentAt, ...fields };
  return refuseWebhook({ headers, body: Buffer.from(body), keys: webhookKeys(secret), now });
}

test("the documented example is signed", () => {
  expect(refusal()).toBeNull();
});

function signed(key: string | Buffer): string {
  const { id, timestamp, body } = documented;
  return signatureOf({ id, timestamp, body, key });
}

describe("a secret", () => {
  test("without the prefix counts as it is written, and as the base64 that the reference libraries take it for", () => {
    const bare = documented.secret.slice("whsec_".length);
    expect(refusal({ secret: bare })).toBeNull();
    expect(refusal({ secret: bare, signature: signed(bare) })).toBeNull();
    expect(refusal({ secret: "plain words", signature: signed("plain words") })).toBeNull();
  });

  test("with the prefix counts as its bytes alone", () => {
    for (const key of [documented.secret, documented.secret.slice("whsec_".length), ""]) {
      expect(refusal({ signature: signed(key) })).toBe("wrong");
    }
  });

  test.each(["whsec_", "whsec_*", "whsec_abc", "whsec_YWJj=", "whsec_YW Jj"])("%j is none", (secret) => {
    expect(webhookKeys(secret)).toEqual([]);
  });
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

  test.each(["soon", "", "NaN", "-1", "1e9", "0x5b4", "1614265330.5", " 1614265330", "9".repeat(13)])(
    "a timestamp %j, though signed with the right secret",
    (timestamp) => {
      const [key] = webhookKeys(documented.secret);
      const signature = signatureOf({ id: documented.id, timestamp, body: documented.body, key: key ?? "" });
      expect(refusal({ timestamp, signature })).toBe("malformed");
    },
  );
});

describe("signature", () => {
  const right = documented.signature;
  const other = `v1,${Buffer.alloc(32, 7).toString("base64")}`;

  test("one of several is enough, while a secret is changed; other versions are passed over", () => {
    expect(refusal({ signature: `${other} ${right}` })).toBeNull();
    expect(refusal({ signature: `v1a,abc= ${right} v2,xyz` })).toBeNull();
  });

  test.each([other, `${other} ${other}`, right.replace("g0hM", "G0hM")])("%s is wrong", (signature) => {
    expect(refusal({ signature })).toBe("wrong");
  });

  test.each([
    "",
    "v1,",
    "v1,abc=",
    "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    right.replace("v1", "V1"),
    right.replace("=", ""),
    `${right}=`,
    right.replaceAll("+", "-").replaceAll("/", "_"),
    `${right},${right}`,
    "v1,".repeat(5_000),
  ])("%s is none", (signature) => {
    expect(refusal({ signature })).toBe("malformed");
  });

  test.each(["id", "timestamp", "signature"])("without webhook-%s it is unsigned", (name) => {
    expect(refusal({ [name]: undefined })).toBe("unsigned");
  });

  test.each(["", " ", "a b", "über", "a\u0000b", "x".repeat(257)])("an id %j", (id) => {
    expect(refusal({ id })).toBe("malformed");
  });

  test("belongs to one id, one timestamp and one body", () => {
    expect(refusal({ id: `${documented.id}x` })).toBe("wrong");
    expect(refusal({ timestamp: String(Number(documented.timestamp) + 1) })).toBe("wrong");
    expect(refusal({ body: documented.body.replace("{", "{ ") })).toBe("wrong");
    expect(refusal({ body: "" })).toBe("wrong");
  });

  test("is over bytes, not over text: no byte of a body can be changed", () => {
    assert(
      property(uint8Array({ minLength: 1, maxLength: 50 }), nat(), nat({ max: 6 }), (bytes, place, bit) => {
        const [key = Buffer.alloc(0)] = webhookKeys(documented.secret);
        const { id, timestamp } = documented;
        const body = Buffer.from(bytes);
        const signature = signatureOf({ id, timestamp, body, key });
        expect(refusal({ signature, body })).toBeNull();
        const changed = Buffer.from(body);
        const index = place % changed.length;
        changed[index] = (changed[index] ?? 0) ^ (1 << bit);
        expect(refusal({ signature, body: changed })).toBe("wrong");
      }),
    );
  });
});
