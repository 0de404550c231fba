/** The bot's Home: its tab, what is published for whom, buttons that work. */
import { describe, expect, test } from "vitest";
import type { PageView } from "../../../src/sandbox/page-api.ts";
import { LEAD, LEAD_DIRECT, MANAGER } from "./fake-data.ts";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();

function homeView(text: string, extra: unknown[] = []): PageView {
  const blocks = [
    { type: "header", block_id: "head", text: { type: "plain_text", text } },
    {
      type: "section",
      block_id: "card",
      text: { type: "mrkdwn", text: "*Acme Robotics*" },
      accessory: { type: "button", action_id: "open", text: { type: "plain_text", text: "Open card" }, value: "a1" },
    },
    ...extra,
  ];
  return { id: "H1", images: {}, view: { id: "H1", type: "home", blocks } };
}

const search = {
  type: "input",
  block_id: "find",
  label: { type: "plain_text", text: "Customer" },
  element: { type: "plain_text_input", action_id: "name" },
};

describe("does the bot's conversation have a Home as in Slack?", () => {
  test("Home and Messages are tabs, by mouse and by arrow keys; the bot hears that Home was opened", async () => {
    at.server.data.homes[LEAD] = homeView("Waiting for you");
    at.add({ channel: LEAD_DIRECT, text: "hello Robin" });
    await at.open(`#/d/${LEAD_DIRECT}`);
    await at.page.getByText("hello Robin").waitFor();
    expect(at.lastPosted("home-open")).toBeUndefined();
    await at.page.getByRole("tab", { name: "Home" }).click();
    await at.page.getByRole("tabpanel", { name: "Home" }).getByRole("heading", { name: "Waiting for you" }).waitFor();
    expect(at.lastPosted("home-open")).toEqual({ as: LEAD });
    expect(await at.page.getByRole("main").getByRole("textbox").count()).toBe(0);
    expect(await at.page.getByRole("link", { name: "RevOps Flows" }).getAttribute("aria-current")).toBe("page");
    await at.page.getByRole("tab", { name: "Home" }).focus();
    await at.page.keyboard.press("ArrowRight");
    await at.page.getByRole("tabpanel", { name: "Messages" }).getByText("hello Robin").waitFor();
  });

  test("a press says where it was made and what stood in the inputs; a refusal is read", async () => {
    at.server.data.homes[LEAD] = homeView("Waiting for you", [search]);
    at.server.answers["view-action"] = () => ({ ok: false, error: "operation_timeout" });
    await at.open("#/home");
    await at.page.getByRole("textbox", { name: "Customer" }).fill("acme");
    await at.page.getByRole("button", { name: "Open card" }).click();
    await at.page.getByRole("alert").getByText("(operation_timeout)").waitFor();
    expect(at.lastPosted("view-action")).toEqual({
      as: LEAD,
      viewId: "H1",
      blockId: "card",
      actionId: "open",
      value: "a1",
      values: { find: { name: { type: "plain_text_input", value: "acme" } } },
    });
  });

  test("what the bot publishes is there at once; focus and typing stay; another's Home is not shown", async () => {
    at.server.data.homes[LEAD] = homeView("7 wait for you", [search]);
    await at.open("#/home");
    const field = at.page.getByRole("textbox", { name: "Customer" });
    await field.fill("acme");
    const hers = { ...homeView("for Dana", [search]), id: "H2" };
    at.server.data.homes[MANAGER] = hers;
    at.server.push({ type: "home", user: MANAGER, view: hers });
    at.server.push({ type: "home", user: LEAD, view: homeView("6 wait for you", [search]) });
    await at.page.getByRole("heading", { name: "6 wait for you" }).waitFor();
    expect(await field.inputValue()).toBe("acme");
    expect(await isFocused(field)).toBe(true);
    await at.page.getByRole("combobox", { name: "Acting as" }).selectOption(MANAGER);
    await at.page.getByRole("heading", { name: "for Dana" }).waitFor();
    await expect.poll(() => at.lastPosted("home-open")).toEqual({ as: MANAGER });
    expect(await field.inputValue()).toBe("");
  });

  test("before anything is published it says so, and asks again once the bot is connected", async () => {
    at.server.data.state.bot.connected = false;
    await at.open("#/home");
    await at.page.getByText("Its Home appears once it is.").waitFor();
    const asked = at.server.posted.length;
    at.server.push({ type: "bot", connected: true });
    await at.page.getByText("has published nothing here for you yet").waitFor();
    await expect.poll(() => at.server.posted.slice(asked)).toEqual([{ path: "home-open", body: { as: LEAD } }]);
  });
});
