/** Issue 3's scene, point 3: does a decision do exactly what it should, once, and only by those who may make it? */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { patient, type Scene } from "./scene-page.ts";

/** On whatever state the scene's app has. */
export function testDecisions(at: Scene): void {
  describe("does a decision do exactly what it should?", () => {
    test("approved: who and when, no buttons; the mail, the event and the message are there once", async () => {
      const card = await at.runFor("Acme Robotics");
      await at.actAs("Dana Reyes");
      await at.press(card, "Approve");
      await card.getByText(/^Approved by Dana Reyes · today at \d\d:\d\d$/m).waitFor();
      await expect.poll(() => doneLines(card), patient).toHaveLength(3);
      expect(await card.getByRole("button", { name: /Approve|Reject|Details/ }).count()).toBe(0);
      await at.picture("approved");

      await at.goTo("RevOps");
      await at.messages().filter({ hasText: "Acme Robotics renews on" }).waitFor();
      expect(await at.messages().count()).toBe(1);
      await expectOneMail();
      await expectOneEvent();
    });

    test("pressed again where the buttons still stand: a private answer, and nothing goes out twice", async () => {
      const card = await at.runFor("Acme Robotics");
      await at.actAs("Dana Reyes");
      const stale = await at.staleWindow("#renewals", "Dana Reyes");
      await at.press(card, "Approve");
      await expect.poll(() => doneLines(card), patient).toHaveLength(3);
      await stale.getByRole("button", { name: "Approve" }).click();
      await stale.getByRole("alert").getByText("The message has changed and this is no longer there.").waitFor();
      expect(await doneLines(card)).toHaveLength(3);
      await expectOneMail();
      await expectOneEvent();
    });

    test("a rejection written while it was approved: the form says who was first, and nothing changes", async () => {
      const card = await at.runFor("Acme Robotics");
      await at.actAs("Dana Reyes");
      const other = await at.staleWindow("#renewals", "Dana Reyes");
      await at.press(card, "Reject");
      const form = at.page.getByRole("dialog");
      await form.getByRole("textbox", { name: "Why?" }).fill("Too late.");
      await other.getByRole("button", { name: "Approve" }).click();
      await card.getByText(/^Approved by Dana Reyes/m).waitFor();
      await form.getByRole("button", { name: "Reject" }).click();
      await form.getByText(/^Dana Reyes approved this on .*\. Nothing changed\.$/).waitFor();
      await form.getByRole("button", { name: "Close" }).last().click();
      expect(await card.textContent()).not.toContain("Rejected");
      await expect.poll(() => doneLines(card), patient).toHaveLength(3);
    });

    test("the requester's and an outsider's press: a private, truthful answer, and nothing changes", async () => {
      const card = await at.runFor("Acme Robotics");
      const facts = card.locator(".blocks");
      const before = await facts.textContent();
      const own = await at.answerTo(() => at.press(card, "Approve"));
      expect(await own.textContent()).toContain(
        "You started this execution, so somebody else decides: Dana Reyes or a RevOps lead. Nothing changed.",
      );
      await at.actAs("Riley Quinn");
      await expect.poll(() => at.page.getByText("You started this execution").count(), patient).toBe(0);
      for (const button of ["Approve", "Reject"]) {
        const refused = await at.answerTo(() => at.press(card, button));
        expect(await refused.textContent()).toContain(
          "You can't decide this: Dana Reyes or a RevOps lead can. Nothing changed.",
        );
      }
      expect(await at.page.getByRole("dialog").count()).toBe(0);
      expect(await facts.textContent()).toBe(before);
      await expectNothingOutside();
    });

    test("rejected: a reason is asked for, stands on the card, and nothing goes out", async () => {
      const card = await at.runFor("Acme Robotics");
      await at.actAs("Dana Reyes");
      await at.press(card, "Reject");
      const form = at.page.getByRole("dialog", { name: "Reject" });
      await form.getByRole("button", { name: "Reject" }).click();
      await form.getByText("This field is needed.").waitFor();
      await form.getByRole("textbox", { name: "Why?" }).fill("We agreed on the phone.");
      await at.picture("reject");
      await form.getByRole("button", { name: "Reject" }).click();
      await card.getByText(/^Rejected by Dana Reyes · today at \d\d:\d\d · nothing was sent$/m).waitFor();
      expect(await card.textContent()).toContain("Reason: We agreed on the phone.");
      expect(await card.getByRole("button", { name: /Approve|Reject|Details/ }).count()).toBe(0);
      expect(await at.page.getByRole("dialog").count()).toBe(0);
      await expectNothingOutside();
    });
  });

  async function expectOneMail(): Promise<void> {
    await at.goTo("Inbox");
    const mails = at.page.getByRole("list", { name: "Mails" }).getByRole("link");
    expect(await mails.count()).toBe(1);
    await mails.click();
    const asHtml = at.page.frameLocator("iframe").getByRole("heading", { name: "Acme Robotics" });
    await asHtml.waitFor();
    await at.picture("inbox");
    const panel = at.page.getByRole("tabpanel");
    await at.page.getByRole("tab", { name: "Text" }).click();
    await expect.poll(() => panel.textContent(), patient).toMatch(/^Hello Dana,\n\nAcme Robotics renews on /);
    await at.page.getByRole("tab", { name: "Headers" }).click();
    const header = (name: string) =>
      panel.getByRole("row").filter({ has: at.page.getByRole("rowheader", { name, exact: true }) });
    expect(await header("To").textContent()).toContain("dana.reyes@example.com");
    expect(await header("Message-ID").textContent()).toMatch(/<.+@.+>/);
  }

  async function expectOneEvent(): Promise<void> {
    await at.goTo("Calendar");
    const events = at.page.getByRole("main").getByRole("article");
    expect(await events.count()).toBe(1);
    expect(await events.textContent()).toContain("Renewal Discussion - Acme Robotics");
    expect(await events.textContent()).toContain("With Dana Reyes");
    await at.picture("calendar");
  }

  async function expectNothingOutside(): Promise<void> {
    await at.goTo("Inbox");
    await at.page.getByText("No mail yet.").waitFor();
    await at.goTo("Calendar");
    await at.page.getByText("Nothing booked yet.").waitFor();
    await at.actAs("Dana Reyes");
    await at.goTo("RevOps");
    expect(await at.messages().count()).toBe(0);
  }
}

async function doneLines(card: Locator): Promise<string[]> {
  return ((await card.textContent()) ?? "").match(/^Done: .*$/gm) ?? [];
}
