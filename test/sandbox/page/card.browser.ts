/** Cards and modals in a real browser: presses, edits in place, forms. */
import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { cardBlocks, LEAD, MANAGER, rejectView, RENEWALS } from "./fake-data.ts";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();

describe("does a card stay usable while it changes?", () => {
  test("a press is pending until answered; its refusal stands under the message", async () => {
    const card = at.add({ channel: RENEWALS, text: "card", blocks: cardBlocks() });
    const answered = Promise.withResolvers<unknown>();
    at.server.answers["action"] = () => answered.promise;
    await at.open("#/c/renewals");
    const approve = at.messageAt(card.ts).getByRole("button", { name: "Approve" });
    await approve.click();
    await expect.poll(() => approve.getAttribute("aria-busy")).toBe("true");
    await approve.click({ force: true });
    answered.resolve({ ok: false, error: "operation_timeout" });
    await at.messageAt(card.ts).getByRole("alert").getByText("(operation_timeout)").waitFor();
    expect(await approve.getAttribute("aria-busy")).toBeNull();
    expect(at.server.posted).toEqual([
      {
        path: "action",
        body: { as: LEAD, channel: RENEWALS, ts: card.ts, blockId: "decide", actionId: "approve", value: "a1:1" },
      },
    ]);
  });

  test("an edit keeps the focus on its button, and the reading place", async () => {
    for (let index = 0; index < 30; index += 1)
      at.add({ channel: RENEWALS, minutes: index, text: `card ${index}`, blocks: cardBlocks() });
    await at.open("#/c/renewals");
    const [first, , third] = at.server.data.messages;
    if (first === undefined || third === undefined) throw new Error("no cards");
    const button = at.messageAt(third.ts).getByRole("button", { name: "Details" });
    await button.focus();
    await button.scrollIntoViewIfNeeded();
    const before = await button.boundingBox();
    at.edit(first, { blocks: [...cardBlocks(), ...cardBlocks()] });
    at.edit(third, { text: "edited" });
    await at.messageAt(third.ts).getByText("(edited)").waitFor();
    expect(await isFocused(button)).toBe(true);
    expect(Math.abs(((await button.boundingBox())?.y ?? 0) - (before?.y ?? 0))).toBeLessThan(2);
    at.edit(third, { blocks: cardBlocks().slice(0, 1) });
    await expect.poll(() => at.messageAt(third.ts).getByRole("button", { name: "Approve" }).count()).toBe(0);
    expect(await isFocused(at.messageAt(third.ts))).toBe(true);
  });

  test("a danger asks first", async () => {
    const confirm = {
      title: { type: "plain_text", text: "Sure?" },
      text: { type: "mrkdwn", text: "*It* ends." },
      confirm: { type: "plain_text", text: "Abort it" },
      deny: { type: "plain_text", text: "Keep it" },
    };
    at.add({
      text: "x",
      blocks: [
        {
          type: "actions",
          block_id: "b",
          elements: [
            { type: "button", action_id: "abort", text: { type: "plain_text", text: "Abort" }, value: "1", confirm },
          ],
        },
      ],
    });
    await at.open();
    await at.page.getByRole("button", { name: "Abort" }).click();
    await at.page.getByRole("dialog", { name: "Sure?" }).getByRole("button", { name: "Keep it" }).click();
    expect(at.server.posted).toEqual([]);
    await at.page.getByRole("button", { name: "Abort" }).click();
    await at.page.getByRole("button", { name: "Abort it" }).click();
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ actionId: "abort" });
  });

  test("new messages are read out, and who reads further up is not moved", async () => {
    for (let index = 0; index < 60; index += 1) at.add({ minutes: index, text: `line ${index}` });
    await at.open();
    const list = at.page.getByRole("log", { name: "Messages in #revops" });
    await list.getByText("line 59").waitFor();
    await list.evaluate((element) => (element.scrollTop = 0));
    at.arrive({ minutes: 90, text: "*fresh*" });
    await at.page
      .getByRole("status", { name: "New messages" })
      .getByText("RevOps Flows: fresh")
      .waitFor({ state: "attached" });
    expect(await list.evaluate((element) => element.scrollTop)).toBe(0);
    await at.page.getByRole("button", { name: "Go to the newest" }).click();
    await expect
      .poll(() => list.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop))
      .toBeLessThan(2);
  });

  test("a thread opens beside, lives, and closes with Escape", async () => {
    const card = at.add({ text: "card", replyCount: 1 });
    at.add({ minutes: 1, text: "evidence", threadTs: card.ts });
    await at.open();
    await at.messageAt(card.ts).getByRole("button", { name: "1 reply" }).click();
    const thread = at.page.getByRole("complementary", { name: "Thread" });
    await thread.getByText("evidence").waitFor();
    at.arrive({ minutes: 2, text: "decided", threadTs: card.ts });
    await thread.getByText("decided").waitFor();
    await at.messageAt(card.ts).getByRole("button", { name: "2 replies" }).waitFor();
    await at.page.keyboard.press("Escape");
    await expect.poll(() => thread.count()).toBe(0);
    expect(new URL(at.page.url()).hash).toBe("#/c/revops");
  });
});

describe("does a modal behave?", () => {
  test("required fields, the server's errors by field, what was typed, then it closes", async () => {
    at.server.data.views[LEAD] = rejectView();
    await at.open();
    const reason = modal(at.page).getByRole("textbox", { name: "Reason" });
    await expect.poll(() => isFocused(reason)).toBe(true);
    await modal(at.page).getByRole("button", { name: "Reject" }).click();
    await modal(at.page).getByText("This field is needed.").waitFor();
    expect(at.server.posted).toEqual([]);
    at.server.answers["view-submit"] = () => ({ ok: false, errors: { reason: "Say a little more." } });
    await reason.fill("no");
    await modal(at.page).getByText("The timing").click();
    await modal(at.page).getByRole("button", { name: "Reject" }).click();
    await modal(at.page).getByText("Say a little more.").waitFor();
    expect(await reason.getAttribute("aria-invalid")).toBe("true");
    expect(at.lastPosted("view-submit")).toEqual({
      as: LEAD,
      viewId: "V1",
      values: {
        reason: { text: { type: "plain_text_input", value: "no" } },
        kind: {
          choice: {
            type: "radio_buttons",
            selected_option: { text: { type: "plain_text", text: "The timing" }, value: "timing" },
          },
        },
      },
    });
    const changed = rejectView();
    changed.view["title"] = { type: "plain_text", text: "Reject again" };
    at.server.push({ type: "view", user: LEAD, view: changed });
    await at.page.getByRole("dialog", { name: "Reject again" }).waitFor();
    expect(await at.page.getByRole("textbox", { name: "Reason" }).inputValue()).toBe("no");
    expect(await at.page.getByRole("radio", { name: "The timing" }).isChecked()).toBe(true);
    at.server.answers["view-submit"] = () => {
      delete at.server.data.views[LEAD];
      return { ok: true };
    };
    await at.page.getByRole("dialog").getByRole("button", { name: "Reject" }).click();
    await expect.poll(() => at.page.getByRole("dialog").count()).toBe(0);
  });

  test("the focus stays inside, Escape closes and says so", async () => {
    await at.open();
    at.server.push({ type: "view", user: LEAD, view: rejectView() });
    await modal(at.page).waitFor();
    for (let press = 0; press < 12; press += 1) {
      await at.page.keyboard.press("Tab");
      expect(
        await at.page
          .locator(":focus")
          .evaluateAll((all) => all.every((element) => element.closest("dialog") !== null)),
      ).toBe(true);
    }
    await at.page.keyboard.press("Escape");
    await expect.poll(() => modal(at.page).count()).toBe(0);
    await expect.poll(() => at.lastPosted("view-close")).toEqual({ as: LEAD, viewId: "V1" });
  });

  test("another's modal is not shown", async () => {
    await at.open();
    at.server.push({ type: "view", user: MANAGER, view: rejectView() });
    at.arrive({ text: "after it" });
    await at.page.getByRole("main").getByText("after it").waitFor();
    expect(await at.page.getByRole("dialog").count()).toBe(0);
  });
});

function modal(page: Page): Locator {
  return page.getByRole("dialog", { name: "Reject" });
}
