/** The guided tour on the page: it follows, points, covers nothing, and stays closed. */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cardBlocks, LEAD, MANAGER, NOW, RENEWALS } from "./fake-data.ts";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();

function tour(): Locator {
  return at.page.getByRole("region", { name: "Guided tour" });
}

function step(title: string): Locator {
  return tour().getByRole("heading", { name: title });
}

/** What the tour points at. */
function pointed(): Locator {
  return at.page.locator("[data-tour]");
}

describe("does the tour lead through the main job?", () => {
  test("six steps, each done by doing it", async () => {
    await at.open();
    await tour().getByText("1 of 6").waitFor();
    await tour().getByRole("button", { name: "Go on" }).click();
    await step("Run a flow").waitFor();
    expect(await pointed().getByRole("textbox", { name: "Message #revops" }).count()).toBe(1);
    await tour().getByRole("button", { name: "Fill in the command" }).click();
    await expect.poll(() => at.composer().inputValue()).toBe("/revops run renewal_management");
    await expect.poll(() => isFocused(at.composer())).toBe(true);
    await at.page.keyboard.press("Enter");
    await step("See the card").waitFor();
    expect(await pointed().textContent()).toBe("#renewals");
    const card = at.arrive({ channel: RENEWALS, text: "card", blocks: cardBlocks() });
    await at.page.getByRole("link", { name: "#renewals" }).click();
    await step("Decide").waitFor();
    await tour().getByRole("button", { name: "Act as Dana Reyes" }).click();
    await expect.poll(() => at.page.getByRole("combobox", { name: "Acting as" }).inputValue()).toBe(MANAGER);
    await expect.poll(() => pointed().textContent()).toBe("Approve");
    await at.messageAt(card.ts).getByRole("button", { name: "Approve" }).click();
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ as: MANAGER });
    at.edit(card, { blocks: cardBlocks().slice(0, 3) });
    await step("What was sent").waitFor();
    await tour().getByRole("button", { name: "Open the Inbox" }).click();
    await tour().getByRole("button", { name: "Open the Calendar" }).click();
    await step("Move the clock").waitFor();
    at.server.push({ type: "clock", now: new Date(NOW + 3_600_000).toISOString(), offsetMs: 3_600_000, moving: false });
    await step("That’s the tour").waitFor();
    await tour().getByRole("button", { name: "Close" }).last().click();
    await expect.poll(() => tour().count()).toBe(0);
  });

  test("a press that is refused is no decision", async () => {
    at.add({ channel: RENEWALS, text: "card", blocks: cardBlocks() });
    await at.open("#/c/renewals");
    for (let press = 0; press < 2; press += 1) await tour().getByRole("button", { name: "Go on" }).click();
    await step("Decide").waitFor();
    await at.page.getByRole("main").getByRole("button", { name: "Approve" }).click();
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ as: LEAD });
    at.arrive({ channel: RENEWALS, minutes: 2, text: "You started it.", ephemeralFor: LEAD });
    await at.page.getByText("You started it.").first().waitFor();
    expect(await step("Decide").count()).toBe(1);
  });
});

describe("does the tour keep out of the way?", () => {
  test("closed with Escape it stays closed over a reload, and comes back from the foot of the sidebar", async () => {
    await at.open();
    await tour().getByRole("button", { name: "Go on" }).focus();
    await at.page.keyboard.press("Escape");
    await expect.poll(() => tour().count()).toBe(0);
    const again = at.page.getByRole("navigation").getByRole("button", { name: "Show the tour" });
    expect(await isFocused(again)).toBe(true);
    await at.page.reload();
    await again.waitFor();
    expect(await tour().count()).toBe(0);
    await again.click();
    await tour().getByText("1 of 6").waitFor();
    expect(await isFocused(tour().getByRole("button", { name: "Go on" }))).toBe(true);
  });

  test("a reload goes on where one was", async () => {
    await at.open();
    await tour().getByRole("button", { name: "Go on" }).click();
    await step("Run a flow").waitFor();
    await at.page.reload();
    await step("Run a flow").waitFor();
    expect(await tour().getByText("2 of 6").count()).toBe(1);
  });

  test("in a narrow window it is a button, until somebody asks", async () => {
    await at.page.setViewportSize({ width: 420, height: 760 });
    await at.open();
    const toggle = at.page.getByRole("button", { name: "Tour 1 of 6" });
    expect(await toggle.getAttribute("aria-expanded")).toBe("false");
    expect(await tour().count()).toBe(0);
    await toggle.click();
    await tour().getByRole("button", { name: "Go on" }).click();
    await at.page.getByRole("button", { name: "Tour 2 of 6" }).click();
    expect(await tour().count()).toBe(0);
  });

  test.each([
    [1440, 900],
    [1180, 620],
    [420, 760],
  ])("in %d × %d it covers nothing", async (width, height) => {
    for (let index = 0; index < 6; index += 1)
      at.add({ channel: RENEWALS, minutes: index, text: "card", blocks: cardBlocks() });
    await at.page.setViewportSize({ width, height });
    await at.open("#/c/renewals");
    if (width < 641) await at.page.getByRole("button", { name: "Tour 1 of 6" }).click();
    const card = await tour().boundingBox();
    const pane = await at.page.locator(".conversation").first().boundingBox();
    const clock = width < 641 ? null : await at.page.getByRole("region", { name: "Clock" }).boundingBox();
    expect(overlap(card, pane)).toBe(false);
    expect(overlap(card, clock)).toBe(false);
    expect(await at.page.locator("html").evaluate((root) => root.scrollWidth)).toBe(width);
  });
});

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

function overlap(a: Box | null, b: Box | null): boolean {
  if (a === null || b === null) return false;
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
