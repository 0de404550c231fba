/** Does text stay within its room and its XML, whatever it is, and do the fonts have what they are asked for? */
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fontFiles } from "../../../../src/notify/slack/pictures/rasterise.ts";
import { drawable, escapeXml, fitted, textWidth, wrapped } from "../../../../src/notify/slack/pictures/svg-text.ts";
import { readFont } from "./font-reading.ts";

const fonts = fontFiles().map((file) => readFont(readFileSync(file)));
const [regular, semiBold] = fonts;
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(0x20 + index));

describe("widths", () => {
  test.each([
    [400, regular],
    [600, semiBold],
  ] as const)("of ASCII in weight %i are the font's own", (weight, font) => {
    const ours = ascii.map((character) => textWidth(character, { size: 1000, weight }));
    expect(ours).toEqual(ascii.map((character) => Math.round((font?.advance(character) ?? 0) * 1000)));
  });

  test.each(["Łódź Żółć", "Grüße, Ærø – “quoted”…", "Ελληνικά ονόματα", "Кириллица и имя", "· − → □"])(
    "of %s aren't much too small",
    (text) => {
      const own = Array.from(text, (character) => semiBold?.advance(character) ?? 0).reduce(
        (sum, each) => sum + each,
        0,
      );
      expect(textWidth(text, { size: 1, weight: 600 })).toBeGreaterThan(own * 0.94);
    },
  );
});

describe("what is drawn", () => {
  test("is in one of the fonts, every character of it", () => {
    const missing: string[] = [];
    for (let code = 0x20; code < 0x30000; code += 1) {
      const character = String.fromCodePoint(code);
      if (/[\p{Cs}\p{Cn}\p{Co}]/u.test(character)) continue;
      const isLetThrough = drawable(`x${character}x`).includes(character);
      // The marks that set a name apart draw nothing.
      if (isLetThrough && !/[\u2068\u2069]/.test(character) && !fonts.some((font) => font.has(character)))
        missing.push(code.toString(16));
    }
    expect(missing).toEqual([]);
  });

  test.each([
    ["東京ロボット", "□"],
    ["Acme 🚀 Robotics 👩‍👩‍👧", "Acme □ Robotics □"],
    ["שלום Acme", "שלום Acme"],
    ["شركة", "شركة"],
    ["Café", "Café"],
    ["Cafe\u0301", "Café"],
    ["a\u0000b\u202Ec\ud800d\n e", "a b c□d e"],
  ])("%j as %j", (text, shown) => {
    expect(drawable(text)).toBe(shown);
  });

  test("can't leave its element", () => {
    expect(escapeXml(`</text><script x="1">&amp;`)).toBe("&lt;/text&gt;&lt;script x=&quot;1&quot;&gt;&amp;amp;");
  });
});

const font = { size: 13, weight: 400 as const };
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), fc.constant("_".repeat(300)));

describe("cutting", () => {
  test("keeps to the room, whatever the text", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 300 }), (text, room) => {
        const shown = fitted(drawable(text), { ...font, room });
        expect(textWidth(shown, font)).toBeLessThanOrEqual(room);
      }),
    );
  });

  test("leaves what fits, and ends with an ellipsis what doesn't", () => {
    expect(fitted("send_notifications", { ...font, room: 300 })).toBe("send_notifications");
    expect(fitted("send_notifications", { ...font, room: 60 })).toMatch(/^send_\w*…$/);
    expect(fitted("send", { ...font, room: 4 })).toBe("");
  });

  test("wraps at underscores, loses nothing before the last line, and says there what is left over", () => {
    const name = "generate_renewal_recommendations_for_everybody";
    expect(wrapped(name, { ...font, room: 130, lines: 5 }).join("")).toBe(name);
    const two = wrapped(name, { ...font, room: 130, lines: 2 });
    expect(two).toHaveLength(2);
    expect(two[1]).toMatch(/…$/);
    for (const line of two) expect(textWidth(line, font)).toBeLessThanOrEqual(130);
  });

  test("cuts what has no place to break", () => {
    expect(wrapped("x".repeat(100), { ...font, room: 80, lines: 3 })).toHaveLength(1);
  });
});
