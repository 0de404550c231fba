/** The Traffic pane: live, filtered, read in detail; the faults beside it. */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import type { TrafficEntry } from "../../../src/sandbox/page-api.ts";
import { exchange } from "./fake-data.ts";
import { isFocused, usePage } from "./page-fixture.ts";

const at = usePage();

function list(): Locator {
  return at.page.getByRole("log", { name: "Traffic" });
}

function lines(): Locator {
  return list().getByRole("button");
}

/** The line that names this. */
function line(name: string): Locator {
  return lines().filter({ hasText: name });
}

function arrive(parts: Partial<TrafficEntry>): TrafficEntry {
  const entry = exchange(parts);
  at.server.push({ type: "traffic", entry });
  return entry;
}

describe("does the Traffic pane show what goes over the wires?", () => {
  test("what was before, in order, then each as it happens; an acknowledgement takes its envelope's line", async () => {
    at.server.data.traffic = [exchange({ name: "auth.test" }), exchange({ name: "chat.update", ms: 1_400 })];
    await at.open("#/traffic");
    await line("chat.update").getByText("1.4 s").waitFor();
    const waiting = { direction: "to_app", via: "socket", status: "waiting", ms: null } as const;
    const click = arrive({ ...waiting, at: Date.now(), name: "block_actions" });
    await line("block_actions").getByText("waiting").waitFor();
    at.server.push({ type: "traffic", entry: { ...click, status: "ok", ms: 31 } });
    await line("block_actions").getByText("acknowledged").waitFor();
    expect(await lines().allTextContents()).toEqual([
      expect.stringContaining("auth.test"),
      expect.stringContaining("chat.update"),
      expect.stringMatching(/to the app by.*Socket Mode.*block_actions.*31 ms/),
    ]);
  });

  test("nothing is asked for before somebody looks", async () => {
    const asked: string[] = [];
    at.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    at.server.data.traffic = [exchange({ name: "auth.test" })];
    await at.open();
    expect(asked).not.toContain("/sandbox/traffic");
    expect(asked).not.toContain("/sandbox/home");
    await at.page.getByRole("link", { name: "Traffic" }).click();
    await line("auth.test").waitFor();
  });

  test("an envelope that nobody acknowledges stands out after three seconds", async () => {
    await at.open("#/traffic");
    arrive({ at: Date.now() - 1_000, direction: "to_app", name: "slash_commands", status: "waiting", ms: null });
    await line("slash_commands").getByText("waiting").waitFor();
    expect(await list().locator(".late").count()).toBe(0);
    await line("slash_commands").getByText("not acknowledged for 3 s").waitFor();
    expect(await list().locator(".late").count()).toBe(1);
  });

  test("an injected fault is marked, and a refusal is seen", async () => {
    at.server.data.traffic = [exchange(), exchange({ status: "429", fault: "rate_limited" })];
    await at.open("#/traffic");
    await line("429").getByText("injected: rate limited").waitFor();
    expect(await list().locator(".failed").allTextContents()).toEqual([expect.stringContaining("429")]);
    await at.page
      .getByRole("region", { name: "Rate limited" })
      .getByText(/^Struck \d\d:\d\d:\d\d$/)
      .waitFor();
  });

  test("filters by text and by way, and says how many fit", async () => {
    at.server.data.traffic = [
      exchange({ name: "chat.update" }),
      exchange({ name: "events.insert", via: "google" }),
      exchange({ name: "mail", via: "smtp" }),
    ];
    await at.open("#/traffic");
    await at.page.getByRole("searchbox", { name: "Filter by text" }).fill("insert");
    await at.page.getByText("1 of 3").waitFor();
    expect(await lines().count()).toBe(1);
    await at.page.getByRole("combobox", { name: "Filter by via" }).selectOption("SMTP");
    await list().getByText("Nothing fits the filter.").waitFor();
    await at.page.getByRole("searchbox").fill("");
    await line("mail").waitFor();
    arrive({ name: "chat.delete" });
    await at.page.getByText("1 of 4").waitFor();
  });

  test("by keyboard: arrow keys from line to line, Enter opens what was said, and the place stays", async () => {
    at.server.data.traffic = Array.from({ length: 60 }, (_, index) =>
      exchange({ name: `call ${index}.`, detail: JSON.stringify({ request: { n: index }, answer: { ok: true } }) }),
    );
    await at.open("#/traffic");
    await line("call 59.").waitFor();
    await list().focus();
    for (const name of ["call 59.", "call 58.", "call 57."]) {
      await at.page.keyboard.press("ArrowUp");
      expect(await isFocused(line(name))).toBe(true);
    }
    await at.page.keyboard.press("Enter");
    await expect.poll(() => line("call 57.").getAttribute("aria-expanded")).toBe("true");
    expect(await isFocused(line("call 57."))).toBe(true);
    expect(await list().getByRole("group", { name: "Request" }).textContent()).toBe('{\n  "n": 57\n}');
    const before = await line("call 57.").boundingBox();
    arrive({ name: "fresh" });
    await at.page.getByRole("button", { name: "Go to the newest" }).waitFor();
    expect(await line("call 57.").boundingBox()).toEqual(before);
    await at.page.keyboard.press("Enter");
    await expect.poll(() => list().getByRole("group").count()).toBe(0);
  });

  test("it follows the end, 500 entries and more, with bounded lines, whole words and a document that stays", async () => {
    at.server.data.traffic = Array.from({ length: 500 }, () => exchange());
    await at.open("#/traffic");
    await lines().last().waitFor();
    for (let index = 0; index < 40; index += 1) arrive({ direction: "to_app", name: `late ${index}.` });
    await line("late 39.").waitFor();
    expect(await line("late 39.").evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThan(760);
    expect(await lines().count()).toBe(100);
    const status = line("late 39.").getByText("acknowledged");
    // One line of it: its letters are 13 pixels high.
    expect(await status.evaluate((element) => element.getBoundingClientRect().height)).toBeLessThan(26);
    expect(await at.page.locator("html").evaluate((root) => root.scrollHeight - root.clientHeight)).toBe(0);
  });
});

describe("can faults be put in at the press of a button?", () => {
  test("armed until it has struck, then when it struck", async () => {
    await at.open("#/traffic");
    const fault = at.page.getByRole("region", { name: "Lost answer" });
    await fault.getByText(/connection is cut\. A good bot/).waitFor();
    await fault.getByRole("button", { name: "Arm: Lost answer" }).click();
    await expect.poll(() => at.lastPosted("fault")).toEqual({ name: "lost_answer" });
    at.server.push({ type: "faults", armed: ["lost_answer"] });
    await fault.getByText("Armed", { exact: true }).waitFor();
    await at.page.getByRole("link", { name: "Traffic, 1 armed" }).waitFor();
    await fault.getByRole("button", { name: "Disarm: Lost answer" }).waitFor();
    arrive({ status: "cut", fault: "lost_answer" });
    at.server.push({ type: "faults", armed: [] });
    await fault.getByText(/^Struck/).waitFor();
    await fault.getByRole("button", { name: "Arm: Lost answer" }).waitFor();
  });

  test("one that was armed by mistake is disarmed; after a reload it is still seen", async () => {
    at.server.data.state.faults = ["mail_lost_answer"];
    await at.open("#/traffic");
    await at.page.getByRole("button", { name: "Disarm: Mail’s lost answer" }).click();
    await expect.poll(() => at.lastPosted("fault-clear")).toEqual({ name: "mail_lost_answer" });
  });

  test("what can't be done now is said where it was pressed", async () => {
    at.server.answers["fault"] = () => ({ ok: false, error: "No event has been sent yet: mention the bot first." });
    await at.open("#/traffic");
    await at.page.getByRole("button", { name: "Do it now: Redelivery" }).click();
    const said = at.page.getByRole("region", { name: "Redelivery" }).getByRole("alert");
    await expect.poll(() => said.textContent()).toBe("No event has been sent yet: mention the bot first.");
  });

  test.each([400, 1000])(
    "%d wide the faults are folded away below a full list, and nothing sticks out",
    async (width) => {
      const name = "apps.connections.open.with.a.rather.long.name";
      at.server.data.traffic = Array.from({ length: 200 }, () => exchange({ name, status: "429" }));
      await at.page.setViewportSize({ width, height: 700 });
      await at.open("#/traffic");
      await line("apps.connections").last().waitFor();
      expect(await at.page.getByRole("button", { name: "Arm: Lost answer" }).count()).toBe(0);
      const [filter, log, faults] = await Promise.all([
        at.page.getByRole("search").boundingBox(),
        list().boundingBox(),
        at.page.getByText("Faults", { exact: true }).boundingBox(),
      ]);
      expect(log?.y).toBeGreaterThanOrEqual((filter?.y ?? 0) + (filter?.height ?? 0));
      expect((log?.y ?? 0) + (log?.height ?? 0)).toBeLessThanOrEqual(faults?.y ?? 0);
      await at.page.getByText("Faults", { exact: true }).click();
      await at.page.getByRole("button", { name: "Arm: Lost answer" }).click();
      expect(await at.page.locator("html").evaluate((root) => root.scrollWidth)).toBe(width);
    },
  );
});
