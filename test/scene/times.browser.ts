/** Issue 4, approval times: does an approval that nobody decides say what time does to it, call whom it should, and end? */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { riskyCustomers } from "./risky-customers.ts";
import { patient, useScene } from "./scene-page.ts";

const folder = await mkdtemp(join(tmpdir(), "revops-one-"));
const day = new Date().toISOString().slice(0, 10);
const at = useScene({
  lives: "file",
  environment: async () => ({ REVOPS_CRM: `csv:${await riskyCustomers({ folder, count: 1, day })}` }),
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("what does time do to an approval that nobody decides?", () => {
  test("after four hours the card says that it was reminded, and its thread calls who is waited for", async () => {
    // Asked by the schedule: nobody started it, so the lead may decide.
    await at.moveClock("Next schedule");
    await at.goTo("#renewals");
    const card = at.card("Customer 01");
    await card.getByText(/^Waiting for Dana Reyes or a RevOps lead · reminder today at 13:00 · expires /).waitFor();
    for (let hour = 0; hour < 4; hour += 1) await at.moveClock("+1 hour");
    await card
      .getByText(/ · reminded today at 13:00 · a RevOps lead will be called tomorrow at 09:00 · expires /)
      .waitFor();
    const reminder = (await at.thread(card)).locator("article").nth(2);
    await reminder.getByText(/^Still waiting for @Dana Reyes or @Morgan Lee · expires /).waitFor();
    expect(await reminder.locator(".mention").allTextContents()).toEqual(["@Dana Reyes", "@Morgan Lee"]);
    await at.picture("reminded");
  });

  test("after a day it is handed over to the leads; what was said before stays as it was said", async () => {
    const card = at.card("Customer 01");
    await at.moveClock("+1 day");
    await card.getByText(/ · handed over today at 09:00 · expires /).waitFor();
    const thread = await at.thread(card);
    const note = thread.locator("article").nth(3);
    await note.getByText(/^Handed over to @Morgan Lee: nobody has decided so far · expires /).waitFor();
    expect(await thread.locator("article").nth(2).textContent()).not.toContain("(edited)");
    expect(await card.getByRole("button", { name: "Approve" }).count()).toBe(1);
    await at.picture("handed-over");
  });

  test("after three days it has expired: no buttons, nothing was sent, and a late press is told", async () => {
    const card = at.card("Customer 01").first();
    const late = await at.staleWindow("#renewals", "Dana Reyes");
    const list = await at.otherWindow("#general", "Dana Reyes");
    await list.getByRole("main").getByRole("textbox").fill("/revops approvals");
    await list.keyboard.press("Enter");
    await list.getByRole("button", { name: "Review" }).first().click();
    await list.getByRole("dialog", { name: "Review" }).getByText("Customer 01").first().waitFor();
    await at.moveClock("+1 day");
    await at.moveClock("+1 day");
    await card.getByText(/^Expired · today at 09:00 · nobody decided in time · nothing was sent$/m).waitFor();
    expect(await card.getByRole("button", { name: /Approve|Edit|Reject|Details/ }).count()).toBe(0);
    await late
      .locator("article")
      .filter({ hasText: "Customer 01 · renews" })
      .first()
      .getByRole("button", { name: "Approve" })
      .click();
    await late.getByRole("alert").getByText("The message has changed and this is no longer there.").waitFor();
    await list.getByRole("dialog", { name: "Review" }).getByRole("button", { name: "Approve" }).click();
    await list
      .getByRole("dialog")
      .getByText(/^The time for this decision ran out on .*\. Nothing changed\.$/)
      .waitFor();
    await at.actAs("Dana Reyes");
    await at.page.getByRole("dialog").getByRole("button", { name: "Close dialog" }).click();
    await at.goTo("Inbox");
    await at.page.getByText("No mail yet.").waitFor();
    await at.goTo("Calendar");
    await at.page.getByText("Nothing booked yet.").waitFor();
  });

  test("asked again, Details say how it ended the last time", async () => {
    await at.actAs("Morgan Lee");
    await at.goTo("#revops");
    await at.ask("/revops run renewal_management Customer 01");
    await at.goTo("#renewals");
    await expect.poll(() => at.card("Customer 01").count(), patient).toBe(2);
    const second = at.card("Customer 01").last();
    await at.press(second, "Details");
    await expect
      .poll(() => at.modal("Details").textContent(), patient)
      .toMatch(/Earlier with renewal_management\n\d+ \w+ · expired · risk 0\.\d\d/);
  });
});
