/** What is shown of a log holds no secret (T3), whatever it is called and wherever it stands. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { redact, redacted, redactText } from "../../src/engine/redact.ts";
import type { Json } from "../../src/flow/json.ts";

test.each([
  "password",
  "PASSWORD",
  "smtpPassword",
  "smtp-passwd",
  "slack_bot_token",
  "accessToken",
  "client_secret",
  "Authorization",
  "api_key",
  "apiKey",
  "APIKey",
  "x-api-key",
  "privateKey",
  "webhook_key",
  "credentials",
])("a value under the key %s", (key) => {
  expect(redact({ [key]: "hunter2" })).toEqual({ [key]: redacted });
  expect(redact({ deep: [{ [key]: { nested: "hunter2" } }] })).toEqual({ deep: [{ [key]: redacted }] });
});

test.each(["secretary", "tokenised", "author", "passenger", "key_account", "monkey", "authority"])(
  "a key that only looks like one: %s",
  (key) => {
    expect(redact({ [key]: "Dana Reyes" })).toEqual({ [key]: "Dana Reyes" });
  },
);

const base62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const material = (least: number, letters = base62) =>
  fc.string({ unit: fc.constantFrom(...Array.from(letters)), minLength: least, maxLength: least + 20 });

/** Each way that key material looks, with the part that must not be left. */
const secrets = fc.oneof(
  fc
    .tuple(fc.constantFrom("xoxb-", "xoxp-", "xoxa-", "xoxe.xoxp-", "xapp-1-"), material(12))
    .map(([head, rest]) => [head + rest, rest] as const),
  fc
    .tuple(fc.constantFrom("AKIA", "ASIA"), material(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    .map(([head, rest]) => [head + rest, rest] as const),
  material(16).map((rest) => [`Bearer ${rest}`, rest] as const),
  material(16).map((rest) => [`Authorization: Basic ${rest}==`, rest] as const),
  material(16).map((rest) => [`whsec_${rest}`, rest] as const),
  material(20).map((rest) => [`ghp_${rest}`, rest] as const),
  material(20).map((rest) => [`sk_live_${rest}`, rest] as const),
  material(12).map((rest) => [`password=${rest}`, rest] as const),
  material(12).map((rest) => [`{"api_key": "${rest}"}`, rest] as const),
  material(12).map((rest) => [`postgres://app:${rest}@db.example.com/x`, rest] as const),
  material(40).map((rest) => [`-----BEGIN PRIVATE KEY-----\n${rest}\n-----END PRIVATE KEY-----`, rest] as const),
);

test("key material anywhere in any value: none of it is left", () => {
  const prose = fc.string({ unit: fc.constantFrom(...Array.from("abc xyz.,!?\n")), maxLength: 12 });
  const text = fc.tuple(prose, secrets, prose).map(([before, [whole, rest], after]) => ({
    rest,
    text: `${before} ${whole} ${after}`,
  }));
  fc.assert(
    fc.property(text, fc.jsonValue({ maxDepth: 3 }), ({ rest, text: holding }, other) => {
      const around: Json = JSON.parse(JSON.stringify(other));
      const shown = JSON.stringify(redact({ note: holding, list: [around, { [holding]: holding }] }));
      expect(shown).not.toContain(rest);
    }),
    { numRuns: 500 },
  );
});

test("what holds no secret stays as it is", () => {
  const harmless = fc.jsonValue({ maxDepth: 3, stringUnit: fc.constantFrom(...Array.from("abcdef 0123.,-")) });
  fc.assert(
    fc.property(harmless, (any) => {
      const value: Json = JSON.parse(JSON.stringify(any));
      expect(redact(value)).toEqual(value);
    }),
  );
});

test("a sentence of a failure keeps its sense", () => {
  expect(redactText("550 no such user dana@example.com; the token of 3 parts is gone")).toBe(
    "550 no such user dana@example.com; the token of 3 parts is gone",
  );
  expect(redactText("The CRM answered 401 to Authorization: Bearer abcdef123456 (GET /v1/x)")).toBe(
    "The CRM answered 401 to Authorization: [redacted] (GET /v1/x)",
  );
});

test("a text made to be slow takes no time", () => {
  const hostile = [
    "-----BEGIN PRIVATE KEY-----".repeat(4_000),
    `://${"a:".repeat(50_000)}`,
    "password".repeat(20_000),
    `bearer ${" ".repeat(100_000)}`,
    `token${" ".repeat(100_000)}`,
    "eyJ".repeat(50_000),
  ];
  const before = performance.now();
  for (const text of hostile) redactText(text);
  expect(performance.now() - before).toBeLessThan(2_000);
});
