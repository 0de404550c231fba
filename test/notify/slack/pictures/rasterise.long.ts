/** Does every picture become a PNG of the right size, with nothing but the fonts that come with the app? */
import { describe, expect, test } from "vitest";
import { flowGraphSvg } from "../../../../src/notify/slack/pictures/flow-graph.ts";
import { toPng } from "../../../../src/notify/slack/pictures/rasterise.ts";
import { drawing, element } from "../../../../src/notify/slack/pictures/svg.ts";
import { timelineSvg } from "../../../../src/notify/slack/pictures/timeline.ts";
import { now, timezone } from "../sample-cards.ts";
import { completed, pending, renewal } from "./sample-executions.ts";

const withText = (text: string) =>
  drawing({ width: 200, height: 40, content: [element("text", { x: 10, y: 25, "font-size": 14 }, text)] });

/** Of the IHDR chunk, which comes first. */
function sizeOf(png: Buffer): { width: number; height: number } {
  expect(png.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
  expect(png.toString("latin1", 12, 16)).toBe("IHDR");
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
}

test("an SVG that can't be read is an error for who asked, and none for who asks next", async () => {
  const whole = drawing({ width: 20, height: 20, content: [] });
  const [broken, next] = await Promise.allSettled([toPng({ ...whole, svg: whole.svg.slice(0, -5) }), toPng(whole)]);
  expect(broken.status).toBe("rejected");
  expect(next.status).toBe("fulfilled");
});

describe("a picture", () => {
  test("has two pixels a unit", async () => {
    const picture = flowGraphSvg({ definition: renewal, shown: null });
    const { width, height } = sizeOf(await toPng(picture));
    expect(width).toBe(Math.ceil(picture.width * 2));
    expect(height).toBe(Math.ceil(picture.height * 2));
  });

  test("is the same each time, and small enough to send", async () => {
    const picture = timelineSvg({ execution: completed(), now, timezone });
    const [one, other] = [await toPng(picture), await toPng(picture)];
    expect(one.equals(other)).toBe(true);
    expect(one.length).toBeLessThan(500_000);
  });

  test("of an enormous flow stays within what can be shown", async () => {
    const { width, height } = sizeOf(await toPng(drawing({ width: 20_000, height: 500, content: [] })));
    expect(width).toBeLessThanOrEqual(8_000);
    expect(height).toBeGreaterThan(0);
  });

  test.each([
    "東京ロボット株式会社",
    "🚀 👩‍👩‍👧 🇫🇷",
    "חברת רובוטים",
    "شركة الروبوتات",
    "\ud800 alone",
    "<b>&\"'",
    "\u0000\u0007",
  ])("about %j is drawn", async (customerName) => {
    const state = pending({ customerName });
    const png = await toPng(timelineSvg({ execution: state, now: now + 1000, timezone }));
    expect(sizeOf(png).width).toBe(960);
  });

  test("draws letters: a text changes what is seen", async () => {
    const blank = await toPng(drawing({ width: 200, height: 40, content: [] }));
    for (const text of ["Acme", "שלום", "مرحبا", "□"]) expect((await toPng(withText(text))).equals(blank)).toBe(false);
  });
});
