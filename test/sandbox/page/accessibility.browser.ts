/** What a screen reader and a weak eye find on the page, scene by scene: names, roles, ids, contrast, motion. */
import { beforeEach, describe, expect, test } from "vitest";
import { LEAD } from "./fake-data.ts";
import { addKit, formView } from "./kit-data.ts";
import { usePage } from "./page-fixture.ts";
import { weakTexts } from "./weak-texts.ts";

const at = usePage();
let thread = "";

beforeEach(() => {
  thread = addKit(at.server.data).ts;
});

interface Scene {
  name: string;
  open: () => Promise<void>;
}

const SCENES: Scene[] = [
  { name: "an empty channel with the tour", open: () => at.open() },
  {
    name: "messages with a thread beside them",
    open: async () => {
      await at.open(`#/c/renewals/${thread}`);
      await at.page.getByRole("complementary", { name: "Thread" }).getByText("All of the kit").last().waitFor();
    },
  },
  {
    name: "a form with its errors",
    open: async () => {
      at.server.data.views[LEAD] = formView();
      await at.open();
      await at.page.getByRole("button", { name: "Start" }).click();
      await at.page.getByText("This field is needed.").first().waitFor();
    },
  },
  {
    name: "a large picture",
    open: async () => {
      await at.open("#/c/renewals");
      await at.page.getByRole("button", { name: "Graph of the flow. Open large." }).last().click();
      await at.page.getByRole("dialog", { name: "Graph" }).waitFor();
    },
  },
  {
    name: "Home",
    open: async () => {
      await at.open("#/home");
      await at.page.getByRole("tabpanel", { name: "Home" }).getByText("All of the kit").waitFor();
    },
  },
  {
    name: "the Inbox",
    open: async () => {
      await at.open("#/inbox/m1");
      await at.page.getByRole("tab", { name: "Headers" }).click();
    },
  },
  { name: "the Calendar", open: () => at.open("#/calendar") },
  {
    name: "Traffic with a detail",
    open: async () => {
      await at.open("#/traffic");
      await at.page.getByRole("button", { name: /429/ }).click();
      await at.page.getByRole("group", { name: "Request" }).waitFor();
    },
  },
  {
    name: "the menu and the tour of a narrow window",
    open: async () => {
      await at.page.setViewportSize({ width: 400, height: 800 });
      await at.open("#/c/renewals");
      await at.page.getByRole("button", { name: "Tour 1 of 6" }).click();
      await at.page.getByRole("button", { name: "Menu" }).click();
    },
  },
  {
    name: "the commands",
    open: async () => {
      await at.open();
      await at.composer().pressSequentially("/");
      await at.page.getByRole("listbox", { name: "Commands" }).waitFor();
    },
  },
];

const NAMED = new Set(
  (
    "button link textbox searchbox combobox listbox option menu menuitem checkbox radio radiogroup tab tablist tabpanel " +
    "dialog alertdialog image img navigation complementary region log search article spinbutton"
  ).split(" "),
);

interface AxNode {
  ignored: boolean;
  role?: { value: string };
  name?: { value: string };
}

/** What Chromium would tell a screen reader. */
async function tree(): Promise<AxNode[]> {
  const session = await at.page.context().newCDPSession(at.page);
  const { nodes }: { nodes: unknown } = await session.send("Accessibility.getFullAXTree");
  await session.detach();
  const read: AxNode[] = JSON.parse(JSON.stringify(nodes));
  return read.filter(({ ignored }) => !ignored);
}

describe.each(SCENES)("is $name there for a screen reader?", ({ open }) => {
  test("every control, picture, list and landmark has a name", async () => {
    await open();
    const nodes = await tree();
    const roles = nodes.map(({ role }) => role?.value ?? "");
    expect(roles.length).toBeGreaterThan(10);
    const nameless = nodes.filter(
      ({ role, name }) => NAMED.has(role?.value ?? "") && (name?.value ?? "").trim() === "",
    );
    expect(nameless).toEqual([]);
  });

  test("no id stands twice, and every reference leads somewhere", async () => {
    await open();
    const elements = await at.page.locator("*").evaluateAll((all) => {
      const names = ["for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant"];
      return all.map((element) => ({
        id: element.id,
        references: names.flatMap((name) => (element.getAttribute(name) ?? "").split(/\s+/)).filter((id) => id !== ""),
      }));
    });
    const ids = elements.map(({ id }) => id).filter((id) => id !== "");
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    const loose = elements.flatMap(({ references }) => references).filter((id) => !ids.includes(id));
    const problems = [...twice, ...loose];
    expect(problems).toEqual([]);
    expect(await at.page.locator("h1").count()).toBe(1);
    expect(await at.page.locator("main").count()).toBe(1);
  });

  test.each(["light", "dark"] as const)("every text stands out from its ground, %s", async (colorScheme) => {
    await at.page.emulateMedia({ colorScheme });
    await open();
    expect(await weakTexts(at.page)).toEqual([]);
  });
});

test("does anything move for who asked for stillness?", async () => {
  await at.page.emulateMedia({ reducedMotion: "reduce" });
  at.server.answers["action"] = () => new Promise(() => {});
  await at.open("#/c/renewals");
  const open = at.messageAt(thread).getByRole("button", { name: "Open", exact: true });
  await open.click();
  await expect.poll(() => open.getAttribute("aria-busy")).toBe("true");
  const animation = (): Promise<string | undefined> =>
    open.evaluate((button) => button.ownerDocument.defaultView?.getComputedStyle(button, "::after").animationName);
  expect(await animation()).toBe("none");
  await at.page.emulateMedia({ reducedMotion: "no-preference" });
  expect(await animation()).toBe("turn");
});
