/** Issue 4: can whoever decides see on which data, what happened before with this customer, what leaves and what comes then? */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { patient, useScene } from "./scene-page.ts";

const at = useScene({
  lives: "file",
  environment: async () => ({ REVOPS_FLOWS: `flows:${join(import.meta.dirname, "flows")}` }),
});

describe("does everything behind a card stand in Details and in its thread?", () => {
  test("evidence with dates, and word for word what leaves, once in the thread and once in the modal", async () => {
    const card = await at.runFor("Acme Robotics");
    const inThread = (await at.thread(card)).locator("article").nth(1);
    await inThread.getByText("If approved: schedule_followup").waitFor();
    await at.press(card, "Details");
    const modal = at.modal("Details");
    await modal.getByText("If approved: schedule_followup").waitFor();
    for (const place of [inThread, modal]) {
      const text = (await place.textContent()) ?? "";
      expect(text).toMatch(
        /\+0\.\d\d {2}2 urgent tickets open, oldest \d+ days\n +Schedules published twice overnight \(\d+ \w+\)/,
      );
      expect(text).toMatch(/Champion left on \d+ \w+\n +Ruth Vasquez, champion/);
      expect(text).toMatch(/52 of 120 seats active \(\d+ \w+\)\n +78 active \(\d+ \w+\)/);
      expect(text).toMatch(
        /1\. Right-size to 65 seats\n +Seat use .*\n +dana\.reyes@example\.com · by \d+ \w+ · worth \$7,\d{3}/,
      );
      expect(text).toContain("mail to dana.reyes@example.com — Acme Robotics: renewal on");
      expect(text).toMatch(/Hello Dana,.*4\. Adoption plan for the idle seats.*RevOps Flows, execution/s);
      expect(text).toContain("the time is a forecast: the first free working time from");
      expect(text).not.toContain("Earlier with");
      expect(text).not.toContain("more lines");
    }
    await modal.getByRole("button", { name: "Close" }).last().click();
  });

  test("asked again after a rejection, both say when that was and how it ended", async () => {
    const card = at.card("Acme Robotics");
    await at.actAs("Dana Reyes");
    await at.press(card, "Reject");
    await at.modal("Reject").getByRole("textbox", { name: "Why?" }).fill("Not before the steering committee.");
    await at.modal("Reject").getByRole("button", { name: "Reject" }).click();
    await card.getByText(/^Rejected by Dana Reyes/m).waitFor();
    await at.actAs("Morgan Lee");
    await at.goTo("#revops");
    await at.ask("/revops run renewal_management Acme Robotics");
    await at.goTo("#renewals");
    await expect.poll(() => at.card("Acme Robotics").count(), patient).toBe(2);
    const second = at.card("Acme Robotics").last();
    await at.press(second, "Details");
    const modal = at.modal("Details");
    const history = /Earlier with renewal_management\n\d+ \w+ · rejected · risk 0\.\d\d/;
    await expect.poll(() => modal.textContent(), patient).toMatch(history);
    await at.picture("history");
    await modal.getByRole("button", { name: "Close" }).last().click();
    const thread = await at.thread(second);
    await expect.poll(() => thread.textContent(), patient).toMatch(history);
  });

  test("a step that needs what isn't known yet is named as what comes then", async () => {
    await at.goTo("#revops");
    await at.ask("/revops run score_review Northwind Clinics");
    await at.goTo("#renewals");
    const card = at.card("Northwind Clinics");
    await at.press(card, "Details");
    const modal = at.modal("Details");
    await modal.getByText("If approved: tell").waitFor();
    const text = (await modal.textContent()) ?? "";
    expect(text).toMatch(/message to #general.*Northwind Clinics stands at 0\.\d+/s);
    expect(text).toContain("Then\nrepeat: known when what it needs is there");
    expect(text).not.toContain("That was told in");
    await modal.getByRole("button", { name: "Close" }).last().click();
    await at.actAs("Dana Reyes");
    await at.press(card, "Approve");
    await at.goTo("#general");
    await at.messages().filter({ hasText: "That was told in #general" }).waitFor();
  });
});
