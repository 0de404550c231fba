/** The workspace as a whole: who acts, the server's death, clock, calendar, a narrow window. */
import { describe, expect, test } from "vitest";
import { BOT, cardBlocks, LEAD, LEAD_DIRECT, MANAGER, MANAGER_DIRECT, NOW, RENEWALS } from "./fake-data.ts";
import { usePage } from "./page-fixture.ts";

const at = usePage();

describe("does acting as somebody else show that person's workspace?", () => {
  test("their ephemeral messages and direct messages, not the others'; a reload stays", async () => {
    at.add({ text: "for the lead", ephemeralFor: LEAD });
    at.add({ text: "for Dana", ephemeralFor: MANAGER });
    at.add({ channel: LEAD_DIRECT, text: "hello Robin" });
    at.add({ channel: MANAGER_DIRECT, text: "Acme was approved" });
    await at.open(`#/d/${LEAD_DIRECT}`);
    await at.page.getByText("hello Robin").waitFor();
    await at.page.getByRole("combobox", { name: "Acting as" }).selectOption({ label: "Dana Reyes · Account manager" });
    await at.page.getByText("Acme was approved").waitFor();
    expect(await at.page.getByText("hello Robin").count()).toBe(0);
    await at.page.getByRole("link", { name: "#revops" }).click();
    const mine = at.page.getByRole("main").locator("article").filter({ hasText: "for Dana" });
    await mine.getByText("Only visible to you").waitFor();
    expect(await at.page.getByText("for the lead").count()).toBe(0);
    await at.page.reload();
    await at.page.getByText("for Dana").waitFor();
    expect(await at.page.getByRole("combobox", { name: "Acting as" }).inputValue()).toBe(MANAGER);
    await at.composer().fill("hi");
    await at.composer().press("Enter");
    await expect.poll(() => at.lastPosted("message")).toMatchObject({ as: MANAGER });
  });

  test("an answer that is older than a change doesn't cover it", async () => {
    const card = at.add({ text: "before" });
    await at.open();
    await at.messageAt(card.ts).waitFor();
    const released = Promise.withResolvers<void>();
    at.server.held = { path: "messages", until: released.promise };
    const asked = at.page.waitForRequest(/messages\?channel=C0REVOPS&as=U0DANA/);
    await at.page.getByRole("combobox", { name: "Acting as" }).selectOption(MANAGER);
    await asked;
    at.edit(card, { text: "after" });
    await at.messageAt(card.ts).getByText("after").waitFor();
    at.server.held = null;
    const settled = at.page.waitForResponse(/views\?as=U0DANA/);
    released.resolve();
    await settled;
    const next = at.arrive({ minutes: 1, text: "next" });
    await at.messageAt(next.ts).waitFor();
    expect(await at.messageAt(card.ts).textContent()).toContain("after");
  });

  test("an unread direct message is counted, and read once seen", async () => {
    at.add({ channel: LEAD_DIRECT, user: BOT, text: "news" });
    await at.open();
    const link = at.page.getByRole("link", { name: "RevOps Flows, 1 unread" });
    await link.click();
    await at.page.getByRole("link", { name: "RevOps Flows", exact: true }).waitFor();
    await at.page.reload();
    await at.page.getByRole("link", { name: "RevOps Flows", exact: true }).waitFor();
    expect(await at.page.getByRole("link", { name: /unread/ }).count()).toBe(0);
  });
});

describe("does it survive the server's death?", () => {
  test("it says so, comes back by itself and shows what it missed, once", async () => {
    const kept = at.add({ text: "before" });
    await at.open();
    await at.messageAt(kept.ts).waitFor();
    await at.server.kill();
    await at.page.getByText("The sandbox does not answer. Trying again…").waitFor();
    const missed = at.add({ minutes: 1, text: "while away" });
    at.edit(kept, { text: "before, edited" });
    await at.server.start();
    await at.messageAt(missed.ts).getByText("while away").waitFor();
    await at.messageAt(kept.ts).getByText("before, edited").waitFor();
    await expect.poll(() => at.page.getByText("The sandbox does not answer.").isVisible()).toBe(false);
    at.arrive({ minutes: 2, text: "live again" });
    await at.page.getByRole("main").getByText("live again").waitFor();
    expect(await at.page.getByRole("main").locator("article").count()).toBe(3);
  });

  test("it starts although the first questions fail, and asks nothing twice", async () => {
    at.add({ text: "hello" });
    const asked: string[] = [];
    at.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    let failures = 0;
    await at.page.route("**/sandbox/state*", async (route) => {
      failures += 1;
      await (failures > 1 ? route.continue() : route.abort());
    });
    await at.page.goto(at.server.address());
    await at.page.getByText("The sandbox does not answer yet. Trying again…").waitFor();
    await at.page.getByRole("main").getByText("hello").waitFor();
    expect(asked.filter((path) => path === "/sandbox/state").length).toBe(2);
    expect(asked.filter((path) => path === "/sandbox/mails").length).toBe(1);
  });

  test("a press while it is down is answered", async () => {
    const card = at.add({ channel: RENEWALS, text: "card", blocks: cardBlocks() });
    await at.open("#/c/renewals");
    await at.messageAt(card.ts).waitFor();
    await at.server.kill();
    await at.messageAt(card.ts).getByRole("button", { name: "Approve" }).click();
    const answer = at.messageAt(card.ts).getByRole("alert");
    await expect.poll(() => answer.textContent()).toContain("The sandbox did not answer.");
    await at.server.start();
  });
});

describe("clock, calendar, narrow window", () => {
  test("the clock is busy while it moves and shows where it came", async () => {
    const moved = Promise.withResolvers<unknown>();
    at.server.answers["clock"] = () => moved.promise;
    await at.open();
    const clock = at.page.getByRole("region", { name: "Clock" });
    await clock.getByText("09:00").waitFor();
    await clock.getByRole("button", { name: "Next schedule" }).click();
    await clock.getByText("Moving…").waitFor();
    expect(at.lastPosted("clock")).toEqual({ to: "next" });
    const now = new Date(NOW + 86_400_000).toISOString();
    at.server.push({ type: "clock", now, offsetMs: 86_400_000, moving: false });
    moved.resolve({ now });
    await clock.getByText("Wed 25 Nov").waitFor();
    await expect.poll(() => clock.getByText("Moving…").count()).toBe(0);
  });

  test("a booked event arrives in the calendar, a mail in the inbox's count", async () => {
    await at.open("#/calendar");
    await at.page.getByText("Nothing booked yet.").waitFor();
    at.server.push({
      type: "calendar_event",
      event: {
        id: "e1",
        status: "confirmed",
        summary: "Check-in",
        description: "<b>why</b>",
        start: "2026-11-26T14:00:00Z",
        end: "2026-11-26T14:30:00Z",
        timezone: "Europe/Berlin",
        attendees: ["u0dana@example.com"],
        organizer: "",
      },
    });
    const event = at.page.getByRole("article", { name: "Check-in" });
    await event.getByText("15:00–15:30").waitFor();
    expect(await event.textContent()).toContain("<b>why</b>");
    expect(await event.textContent()).toContain("With Dana Reyes");
    at.server.push({
      type: "mail",
      mail: {
        id: "m",
        at: new Date(NOW).toISOString(),
        from: "a",
        to: ["b"],
        subject: "s",
        html: null,
        text: "t",
        headers: [],
      },
    });
    await at.page.getByRole("link", { name: "Inbox, 1 mails" }).waitFor();
  });

  test("in 400 pixels the sidebar is a menu, and nothing sticks out", async () => {
    at.add({ channel: RENEWALS, text: "card", blocks: cardBlocks() });
    await at.page.setViewportSize({ width: 400, height: 700 });
    await at.open();
    expect(await at.page.getByRole("navigation").isVisible()).toBe(false);
    await at.page.getByRole("button", { name: "Menu" }).click();
    await at.page.getByRole("link", { name: "#renewals" }).click();
    await at.page.getByRole("button", { name: "Approve" }).waitFor();
    expect(await at.page.getByRole("navigation").isVisible()).toBe(false);
    expect(await at.page.locator("html").evaluate((root) => root.scrollWidth)).toBe(400);
  });
});
