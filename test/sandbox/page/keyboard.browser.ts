/** The main job by keyboard alone, and the ways that lead through the page. */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cardBlocks, LEAD, MANAGER, rejectView, RENEWALS } from "./fake-data.ts";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();

function focused(): Locator {
  return at.page.locator(":focus");
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await at.page.keyboard.press(key);
}

/** Tabs on until this has the keyboard; a way of more than `most` steps is too long. */
async function tabTo(target: Locator, most: number): Promise<void> {
  for (let step = 0; step < most; step += 1) {
    if (await isFocused(target)) return;
    await press("Tab");
  }
  expect(await isFocused(target)).toBe(true);
}

/** A bot that posts two cards when a flow is run, decides what is approved, and asks for a reason. */
function playBot(): void {
  at.server.answers["message"] = () => {
    for (const minutes of [1, 2]) at.arrive({ channel: RENEWALS, minutes, text: "card", blocks: cardBlocks() });
    return { ok: true };
  };
  at.server.answers["action"] = (body) => {
    const card = at.server.data.messages.find(({ ts }) => ts === body["ts"]);
    if (body["actionId"] === "approve" && card !== undefined) at.edit(card, { blocks: cardBlocks().slice(0, 3) });
    if (body["actionId"] !== "reject") return { ok: true };
    at.server.data.views[MANAGER] = rejectView();
    at.server.push({ type: "view", user: MANAGER, view: rejectView() });
    return { ok: true };
  };
  at.server.answers["view-submit"] = () => {
    const card = at.server.data.messages.at(-2);
    if (card !== undefined) at.edit(card, { blocks: cardBlocks().slice(0, 3) });
    delete at.server.data.views[MANAGER];
    at.server.push({ type: "view", user: MANAGER, view: null });
    return { ok: true };
  };
}

describe("can the main job be done without a mouse?", () => {
  test("run a flow, act as the account manager, approve one card, reject the other with a reason", async () => {
    playBot();
    await at.open();
    await press("Tab");
    expect(await focused().textContent()).toBe("Skip the sidebar");
    await press("Enter");
    expect(await isFocused(at.composer())).toBe(true);

    await at.page.keyboard.type("/rev");
    await press("Tab");
    await at.page.keyboard.type("run renewal_management");
    await press("Enter");
    await expect
      .poll(() => at.lastPosted("message"))
      .toMatchObject({ as: LEAD, text: "/revops run renewal_management" });

    await press("Shift+F6");
    expect(await focused().getAttribute("aria-current")).toBe("page");
    await press("Shift+Tab");
    expect(await focused().getAttribute("id")).toBe("acting-as");
    await at.page.keyboard.type("Dana");
    await expect.poll(() => at.page.url()).toContain(MANAGER);
    await press("Tab", "ArrowDown");
    expect(await focused().getAttribute("aria-label")).toMatch(/^#renewals/);
    await press("Enter");
    await expect.poll(() => isFocused(at.composer())).toBe(true);

    await press("F6");
    expect(await focused().getAttribute("role")).toBe("log");
    await press("ArrowUp");
    const [first, second] = at.server.data.messages;
    if (first === undefined || second === undefined) throw new Error("no cards");
    expect(await isFocused(at.messageAt(second.ts))).toBe(true);
    await tabTo(at.messageAt(second.ts).getByRole("button", { name: "Approve" }), 2);
    await press("Enter");
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ as: MANAGER, ts: second.ts, actionId: "approve" });
    await expect.poll(() => isFocused(at.messageAt(second.ts))).toBe(true);

    await press("ArrowUp");
    await tabTo(at.messageAt(first.ts).getByRole("button", { name: "Reject" }), 3);
    await press("Enter");
    const dialog = at.page.getByRole("dialog", { name: "Reject" });
    await expect.poll(() => isFocused(dialog.getByRole("textbox", { name: "Reason" }))).toBe(true);
    await at.page.keyboard.type("too early");
    await tabTo(dialog.getByRole("button", { name: "Reject" }), 6);
    await press("Enter");
    await expect
      .poll(() => at.lastPosted("view-submit"))
      .toMatchObject({
        as: MANAGER,
        values: { reason: { text: { value: "too early" } } },
      });
    await expect.poll(() => dialog.count()).toBe(0);
    await expect.poll(() => isFocused(at.messageAt(first.ts))).toBe(true);
    await press("Escape");
    expect(await isFocused(at.composer())).toBe(true);
  });
});

describe("do the keys lead where they lead in Slack?", () => {
  test("F6 goes round the parts, also with a thread open, but not out of a modal", async () => {
    const card = at.add({ text: "card", replyCount: 1 });
    await at.open(`#/c/revops/${card.ts}`);
    const thread = at.page.getByRole("textbox", { name: "Reply in thread" });
    await at.composer().focus();
    await press("F6");
    expect(await isFocused(thread)).toBe(true);
    await press("F6", "F6");
    expect(await focused().getAttribute("aria-current")).toBe("page");
    await press("F6");
    expect(await isFocused(at.composer())).toBe(true);
    at.server.push({ type: "view", user: LEAD, view: rejectView() });
    const reason = at.page.getByRole("textbox", { name: "Reason" });
    await expect.poll(() => isFocused(reason)).toBe(true);
    await press("F6");
    expect(await isFocused(reason)).toBe(true);
  });

  test("the arrow keys walk the channels, Home and End go to the ends", async () => {
    await at.open();
    const links = at.page.getByRole("navigation").getByRole("link");
    await links.first().focus();
    await press("End");
    expect(await isFocused(links.last())).toBe(true);
    await press("ArrowDown");
    expect(await isFocused(links.last())).toBe(true);
    await press("ArrowUp");
    expect(await isFocused(at.page.getByRole("link", { name: "Calendar" }))).toBe(true);
    await press("Home");
    expect(await isFocused(links.first())).toBe(true);
  });

  test("a closed thread leads back to its message", async () => {
    const card = at.add({ text: "card", replyCount: 1 });
    await at.open(`#/c/revops/${card.ts}`);
    await at.page.getByRole("textbox", { name: "Reply in thread" }).focus();
    await press("Escape");
    await expect.poll(() => isFocused(at.messageAt(card.ts))).toBe(true);
    expect(await at.page.getByRole("complementary", { name: "Thread" }).count()).toBe(0);
  });

  test("the whole page can be walked with Tab: every stop can be seen and nothing holds the keyboard", async () => {
    at.add({ text: "card", blocks: cardBlocks() });
    await at.open();
    await at.messageAt(at.server.data.messages[0]?.ts ?? "").waitFor();
    const seen: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      await press("Tab");
      if ((await focused().count()) === 0) break;
      const stop = await focused().evaluate((element) => {
        const style = element.ownerDocument.defaultView?.getComputedStyle(element);
        const box = element.closest(".composer-box");
        const around = box === null ? undefined : element.ownerDocument.defaultView?.getComputedStyle(box);
        const name = element.getAttribute("aria-label") ?? element.textContent ?? "";
        const ring = style?.outlineStyle !== "none" || (around?.boxShadow ?? "none") !== "none";
        return { name: name.trim() || element.id, ring };
      });
      expect(stop, "a stop without a visible focus").toMatchObject({ ring: true });
      seen.push(stop.name);
    }
    expect(seen).toEqual([
      "Skip the sidebar",
      expect.stringContaining("Robin Vale"),
      "#revops",
      "#renewals",
      "RevOps Flows",
      "Inbox",
      "Calendar",
      "Traffic",
      "Close the tour",
      "Go on",
      "+1 hour",
      "+1 day",
      "Next schedule",
      "Messages in #revops",
      "Approve",
      "Reject",
      "Details",
      "Reply in thread",
      "Message #revops",
      "Send",
    ]);
  });
});

test("does a burst of messages speak once?", async () => {
  await at.open();
  const spoken = at.page.getByRole("status", { name: "New messages" });
  for (let index = 0; index < 15; index += 1) at.arrive({ minutes: index, text: `card ${index}` });
  await expect.poll(() => spoken.textContent()).toBe("15 new messages. Last, RevOps Flows: card 14");
});
