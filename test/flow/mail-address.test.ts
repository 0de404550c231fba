import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isMailAddress } from "../../src/flow/mail-address.ts";

const separators = ["\r", "\n", ",", ";", ":", "<", ">", "(", ")", "[", "]", "\\", '"', " ", "\t", "\0"];

describe("can an address smuggle in a second recipient?", () => {
  it.each([
    "b@y.com\r\nRCPT TO:<evil@z.com>",
    "b@y.com\nBcc: evil@z.com",
    "b@y.com <evil@z.com>",
    "Bob <b@y.com>",
    "g: evil@z.com;",
    "a@y.com,b@z.com",
    "a@y.com;b@z.com",
    '"a b"@y.com',
    "a@[127.0.0.1]",
    "a@b@y.com",
    " a@y.com",
    "a@y.com ",
    "a..b@y.com",
    ".a@y.com",
    "a@y",
    "a@-y.com",
    "a@y.com.",
    "a@y..com",
    "@y.com",
    "a@",
    "",
    `${"a".repeat(65)}@y.com`,
    `a@${"b".repeat(250)}.com`,
    "ä@y.com",
    "a\u200B@y.com",
  ])("refuses %j", (text) => {
    expect(isMailAddress(text)).toBe(false);
  });

  it.each(["dana.reyes@example.com", "o'malley@example.co.uk", "a+b@x-y.example", "A@B.CD"])("takes %s", (text) => {
    expect(isMailAddress(text)).toBe(true);
  });

  it("takes nothing that holds a separator, a bracket or a line break", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(...separators), fc.string(), (before, bad, after) => {
        expect(isMailAddress(`${before}${bad}${after}`)).toBe(false);
      }),
    );
  });
});
