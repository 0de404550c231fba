/** A conversation of 5,000 messages: bounded DOM, every message reachable, the reading place kept. */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cardBlocks } from "./fake-data.ts";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();
const MANY = 5_000;

function addMany(parts: { blocks?: unknown[] } = {}): void {
  for (let index = 0; index < MANY; index += 1) at.add({ minutes: index, text: `line ${index}.`, ...parts });
}

function list(): Locator {
  return at.page.getByRole("log", { name: "Messages in #revops" });
}

async function nodes(): Promise<number> {
  return at.page.locator("*").count();
}

describe("does a conversation of 5,000 messages stay light?", () => {
  test("5,000 cards make no more elements than a hundred", async () => {
    addMany({ blocks: cardBlocks() });
    await at.open();
    await list().locator("article").last().waitFor();
    expect(await list().locator("article").count()).toBe(100);
    const before = await nodes();
    expect(before).toBeLessThan(5_000);
    for (let index = 0; index < 50; index += 1) at.arrive({ minutes: MANY + index, text: `new ${index}.` });
    await list().getByText("new 49.").waitFor();
    expect(await nodes()).toBeLessThanOrEqual(before);
  });

  test("a change in it is drawn within a frame or two", async () => {
    addMany();
    await at.open();
    await list().getByText("line 4999.").waitFor();
    // The page draws all of itself when its address changes. The quickest of ten: others may have had the processor meanwhile.
    const took = await at.page.evaluate<number>(`Math.min(...Array.from({ length: 10 }, () => {
      const started = performance.now();
      dispatchEvent(new Event("hashchange"));
      return performance.now() - started;
    }))`);
    expect(took).toBeLessThan(50);
  });

  test("Home reaches the first message, the wheel goes on from there, the DOM stays bounded", async () => {
    addMany();
    await at.open();
    await list().getByText("line 4999.").waitFor();
    await list().focus();
    await at.page.keyboard.press("Home");
    await list().getByText("line 0.").waitFor();
    expect(await list().locator("article").count()).toBe(100);
    await list().hover();
    const first = async (): Promise<number> =>
      Number((await list().locator("article .text").first().textContent())?.replace(/\D/g, ""));
    while ((await first()) < 200) {
      const before = await list().evaluate((element) => element.scrollTop);
      await at.page.mouse.wheel(0, 600);
      await expect.poll(() => list().evaluate((element) => element.scrollTop)).not.toBe(before);
    }
    expect(await list().locator("article").count()).toBe(100);
    await at.page.getByRole("button", { name: "Go to the newest" }).click();
    await list().getByText("line 4999.").waitFor();
  });

  test("who reads far up isn't moved by what arrives", async () => {
    addMany();
    await at.open();
    await list().focus();
    await at.page.keyboard.press("Home");
    const line = list().getByText("line 9.");
    const before = await line.boundingBox();
    at.arrive({ minutes: MANY, text: "fresh" });
    await at.page.getByRole("status", { name: "New messages" }).getByText("fresh").waitFor({ state: "attached" });
    expect((await line.boundingBox())?.y).toBe(before?.y);
    expect(await list().getByText("fresh").count()).toBe(0);
  });

  test("arrow keys walk beyond what was drawn at first", async () => {
    addMany();
    await at.open();
    await list().getByText("line 4999.").waitFor();
    await list().focus();
    for (let press = 0; press < 150; press += 1) {
      await at.page.keyboard.press("ArrowUp");
      const wanted = list()
        .locator("article")
        .filter({ hasText: `line ${MANY - 1 - press}.` });
      await expect.poll(() => isFocused(wanted)).toBe(true);
    }
  });
});
