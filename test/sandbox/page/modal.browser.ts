/** Modals beyond one form: a stack, views that change while somebody types, loading, sending, where the focus goes. */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { PageView } from "../../../src/sandbox/page-api.ts";
import { cardBlocks, LEAD, RENEWALS } from "./fake-data.ts";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();
const plain = (text: string): unknown => ({ type: "plain_text", text });

function modal(title: string): Locator {
  return at.page.getByRole("dialog", { name: title });
}

function view(parts: { id: string; title: string; blocks: unknown[]; previous?: string }): PageView {
  const { id, title, blocks, previous = null } = parts;
  const place = { id, root_view_id: "V1", previous_view_id: previous };
  const texts = { title: plain(title), submit: plain("Save"), close: plain("Back") };
  return { id, images: {}, view: { ...place, ...texts, type: "modal", blocks } };
}

function input(id: string, element: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): unknown {
  return {
    type: "input",
    block_id: id,
    label: plain(id),
    element: { type: "plain_text_input", action_id: "it", ...element },
    ...rest,
  };
}

/** As the server does it: the change, and what is answered when somebody asks. */
function show(shown: PageView | null): void {
  if (shown === null) delete at.server.data.views[LEAD];
  else at.server.data.views[LEAD] = shown;
  at.server.push({ type: "view", user: LEAD, view: shown });
}

describe("does a stack of modals behave?", () => {
  test("each comes back as it was left; Escape leads one down, the cross closes all", async () => {
    const first = view({ id: "V1", title: "First", blocks: [input("Name")] });
    const second = view({ id: "V2", title: "Second", blocks: [input("Seats")], previous: "V1" });
    const third = view({ id: "V3", title: "Third", blocks: [input("Why")], previous: "V2" });
    await at.open();
    show(first);
    await modal("First").getByRole("textbox", { name: "Name" }).fill("Acme");
    show(second);
    await modal("Second").getByRole("textbox", { name: "Seats" }).fill("70");
    show(third);
    const why = modal("Third").getByRole("textbox", { name: "Why" });
    await expect.poll(() => isFocused(why)).toBe(true);
    at.server.answers["view-close"] = () => {
      at.server.data.views[LEAD] = second;
      return { ok: true };
    };
    await at.page.keyboard.press("Escape");
    expect(await modal("Second").getByRole("textbox", { name: "Seats" }).inputValue()).toBe("70");
    expect(at.lastPosted("view-close")).toEqual({ as: LEAD, viewId: "V3" });
    at.server.answers["view-close"] = () => {
      at.server.data.views[LEAD] = first;
      return { ok: true };
    };
    await modal("Second").getByRole("button", { name: "Back" }).click();
    expect(await modal("First").getByRole("textbox", { name: "Name" }).inputValue()).toBe("Acme");
    show(second);
    at.server.answers["view-close"] = () => {
      delete at.server.data.views[LEAD];
      return { ok: true };
    };
    await modal("Second").getByRole("button", { name: "Close dialog" }).click();
    await expect.poll(() => at.page.getByRole("dialog").count()).toBe(0);
    expect(at.lastPosted("view-close")).toEqual({ as: LEAD, viewId: "V1" });
    show(first);
    expect(await modal("First").getByRole("textbox", { name: "Name" }).inputValue()).toBe("");
  });
});

describe("does a view that changes while somebody types leave them alone?", () => {
  test("value, caret and focus stay, although the blocks around and the field itself changed", async () => {
    await at.open();
    show(view({ id: "V1", title: "Edit", blocks: [input("Name"), input("Note", { multiline: true })] }));
    const note = modal("Edit").getByRole("textbox", { name: "Note" });
    await note.fill("seventy seats");
    await note.press("Home");
    for (let press = 0; press < "seventy".length; press += 1) await note.press("ArrowRight");
    const hint = { hint: plain("Shorter is better.") };
    const more = { type: "section", block_id: "new", text: plain("Risk 0.71") };
    show(view({ id: "V1", title: "Edit", blocks: [more, input("Name"), input("Note", { multiline: true }, hint)] }));
    await modal("Edit").getByText("Risk 0.71").waitFor();
    expect(await isFocused(note)).toBe(true);
    await at.page.keyboard.type(" right");
    expect(await note.inputValue()).toBe("seventy right seats");
  });

  test("another action in the same block starts anew", async () => {
    await at.open();
    show(view({ id: "V1", title: "Edit", blocks: [input("Name")] }));
    const name = modal("Edit").getByRole("textbox", { name: "Name" });
    await name.fill("Acme");
    show(view({ id: "V1", title: "Edit", blocks: [input("Name", { action_id: "other", initial_value: "Borealis" })] }));
    await expect.poll(() => name.inputValue()).toBe("Borealis");
  });

  test("a field that asks for it tells the bot at once, with what stands in the others", async () => {
    const flow = { type: "static_select", options: [{ text: plain("renewal_management"), value: "r" }] };
    await at.open();
    show(view({ id: "V1", title: "Start", blocks: [input("Flow", flow, { dispatch_action: true }), input("Note")] }));
    await modal("Start").getByRole("textbox", { name: "Note" }).fill("now");
    await modal("Start").getByRole("combobox", { name: "Flow" }).selectOption("r");
    await expect
      .poll(() => at.lastPosted("view-action"))
      .toMatchObject({
        viewId: "V1",
        blockId: "Flow",
        actionId: "it",
        value: "r",
        values: { Note: { it: { type: "plain_text_input", value: "now" } } },
      });
  });

  test("what only said that it loads has its fields now, and the keyboard is in the first", async () => {
    const loading = view({ id: "V1", title: "Edit", blocks: [{ type: "section", text: plain("Loading…") }] });
    delete loading.view["submit"];
    await at.open();
    show(loading);
    await modal("Edit").getByText("Loading…").waitFor();
    expect(await modal("Edit").getByRole("button", { name: "Save" }).count()).toBe(0);
    show(view({ id: "V1", title: "Edit", blocks: [input("Name")] }));
    await expect.poll(() => isFocused(modal("Edit").getByRole("textbox", { name: "Name" }))).toBe(true);
  });
});

describe("does sending a form behave?", () => {
  test("a number that is none, one too many, and what is missing are said under each field before it is sent", async () => {
    const seats = { type: "number_input", is_decimal_allowed: false, min_value: "1", max_value: "120" };
    const who = {
      type: "multi_static_select",
      max_selected_items: 1,
      options: ["Dana", "Kit"].map((name) => ({ text: plain(name), value: name })),
    };
    await at.open();
    show(view({ id: "V1", title: "Edit", blocks: [input("Seats", seats), input("Who", who), input("Why")] }));
    const form = modal("Edit");
    await form.getByRole("textbox", { name: "Seats" }).fill("1200");
    await form.getByLabel("Dana").check();
    await form.getByLabel("Kit").check();
    await form.getByRole("button", { name: "Save" }).click();
    expect(await form.getByRole("alert").allTextContents()).toEqual([
      "120 is the most.",
      "At most 1 can be chosen.",
      "This field is needed.",
    ]);
    expect(at.server.posted).toEqual([]);
    await form.getByRole("textbox", { name: "Seats" }).fill("70");
    await form.getByLabel("Kit").uncheck();
    await form.getByRole("textbox", { name: "Why" }).fill("fewer");
    await form.getByRole("button", { name: "Save" }).click();
    await expect
      .poll(() => at.lastPosted("view-submit"))
      .toMatchObject({
        values: {
          Seats: { it: { type: "number_input", value: "70" } },
          Who: { it: { type: "multi_static_select", selected_options: [{ text: plain("Dana"), value: "Dana" }] } },
        },
      });
  });

  test("while it is sent a second press sends nothing, and it can be seen", async () => {
    const answered = Promise.withResolvers<unknown>();
    at.server.answers["view-submit"] = () => answered.promise;
    await at.open();
    show(view({ id: "V1", title: "Edit", blocks: [input("Name")] }));
    await modal("Edit").getByRole("textbox", { name: "Name" }).fill("Acme");
    const save = modal("Edit").getByRole("button", { name: "Save" });
    await save.click();
    await expect.poll(() => save.getAttribute("aria-busy")).toBe("true");
    await save.click({ force: true });
    await at.page.keyboard.press("Enter");
    delete at.server.data.views[LEAD];
    answered.resolve({ ok: true });
    await expect.poll(() => at.page.getByRole("dialog").count()).toBe(0);
    expect(at.server.posted.filter(({ path }) => path === "view-submit").length).toBe(1);
  });

  test("afterwards the keyboard is back on the card, although its buttons are gone", async () => {
    const card = at.add({ channel: RENEWALS, text: "card", blocks: cardBlocks() });
    at.server.answers["action"] = () => {
      show(view({ id: "V1", title: "Reject", blocks: [input("Reason")] }));
      return { ok: true };
    };
    at.server.answers["view-submit"] = () => {
      at.edit(card, { blocks: cardBlocks().slice(0, 1) });
      show(null);
      return { ok: true };
    };
    await at.open("#/c/renewals");
    await at.messageAt(card.ts).getByRole("button", { name: "Reject" }).press("Enter");
    await modal("Reject").getByRole("textbox", { name: "Reason" }).fill("price");
    await at.page.keyboard.press("Enter");
    await expect.poll(() => at.page.getByRole("dialog").count()).toBe(0);
    await expect.poll(() => isFocused(at.messageAt(card.ts))).toBe(true);
  });
});
