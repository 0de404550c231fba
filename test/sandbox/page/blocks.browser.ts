/** What can be chosen in a message: menus, lists, dates, by keyboard too. */
import { describe, expect, test } from "vitest";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();
const plain = (text: string): unknown => ({ type: "plain_text", text });
const options = [
  { text: plain("Pause"), value: "pause" },
  { text: plain("Run now"), value: "run" },
  { text: plain("Explain"), value: "explain" },
];

function section(accessory: unknown): unknown {
  return { type: "section", block_id: "row", text: { type: "mrkdwn", text: "*renewal_management*" }, accessory };
}

describe("can a section's accessory be used?", () => {
  test("a menu: arrow keys choose, Enter takes, Escape closes it alone and leads back", async () => {
    const parent = at.add({ text: "x", blocks: [section({ type: "overflow", action_id: "more", options })] });
    await at.open(`#/c/revops/${parent.ts}`);
    const thread = at.page.getByRole("complementary", { name: "Thread" });
    const more = thread.getByRole("button", { name: "More" });
    await more.focus();
    await at.page.keyboard.press("Enter");
    await expect.poll(() => isFocused(thread.getByRole("menuitem", { name: "Pause" }))).toBe(true);
    await at.page.keyboard.press("ArrowUp");
    expect(await isFocused(thread.getByRole("menuitem", { name: "Explain" }))).toBe(true);
    await at.page.keyboard.press("Escape");
    await expect.poll(() => isFocused(more)).toBe(true);
    expect(at.server.posted).toEqual([]);
    await at.page.keyboard.press("ArrowDown");
    await expect.poll(() => isFocused(thread.getByRole("menuitem", { name: "Pause" }))).toBe(true);
    await at.page.keyboard.press("ArrowDown");
    await at.page.keyboard.press("Enter");
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ blockId: "row", actionId: "more", value: "run" });
    await expect.poll(() => thread.getByRole("menu").count()).toBe(0);
  });

  test("a list: an arrow key on its way chooses nothing", async () => {
    const accessory = { type: "static_select", action_id: "which", placeholder: plain("Choose a flow"), options };
    const shown = at.add({ text: "x", blocks: [section(accessory)] });
    await at.open();
    const select = at.messageAt(shown.ts).getByRole("combobox", { name: "Choose a flow" });
    await select.focus();
    await at.page.keyboard.press("ArrowDown");
    expect(await select.inputValue()).toBe("");
    expect(at.server.posted).toEqual([]);
    await select.selectOption("run");
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ actionId: "which", value: "run" });
  });

  test("a date that is typed counts once, when it is complete", async () => {
    const shown = at.add({
      text: "x",
      blocks: [{ type: "actions", block_id: "row", elements: [{ type: "datepicker", action_id: "until" }] }],
    });
    await at.open();
    const date = at.messageAt(shown.ts).getByLabel("Date");
    await date.focus();
    await at.page.keyboard.type("12012026");
    expect(at.server.posted).toEqual([]);
    await at.page.keyboard.press("Enter");
    await expect.poll(() => at.server.posted.map(({ body }) => body["value"])).toEqual(["2026-12-01"]);
    await at.page.keyboard.press("Tab");
    expect(at.server.posted.length).toBe(1);
  });

  test("several of a list are sent as a list", async () => {
    const elements = [{ type: "multi_static_select", action_id: "who", placeholder: plain("Owners"), options }];
    const shown = at.add({ text: "x", blocks: [{ type: "actions", block_id: "row", elements }] });
    await at.open();
    const group = at.messageAt(shown.ts).getByRole("group", { name: "Owners" });
    await group.getByLabel("Pause").check();
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ value: ["pause"] });
    await expect.poll(() => group.getAttribute("aria-busy")).toBeNull();
    await group.getByLabel("Explain").check();
    await expect.poll(() => at.lastPosted("action")).toMatchObject({ value: ["pause", "explain"] });
  });
});
