/** A case set aside on the real app: the form, what the card says then, Home, and what an assessment by hand shows. */
import { describe, expect, test } from "vitest";
import { patient, useScene } from "./scene-page.ts";

const at = useScene();

describe("can a card be put off, and does it say so?", () => {
  test("Snooze asks for how long and why; the card, Home and status say until when and who", async () => {
    const card = await at.runFor("Acme Robotics");
    await at.actAs("Dana Reyes");
    await at.picture("case-card");
    await at.press(card, "Snooze");
    const form = at.page.getByRole("dialog");
    await form.getByRole("textbox", { name: "Why?" }).fill("They decide on their budget next week.");
    await at.picture("case-snooze-form");
    await form.getByRole("button", { name: "Snooze" }).click();
    await card.getByText(/^Snoozed until .* by Dana Reyes/m).waitFor();
    expect(await card.textContent()).toContain("Reason: They decide on their budget next week.");
    expect(await card.getByRole("button", { name: /Approve|Snooze|Dismiss/ }).count()).toBe(0);
    await at.picture("case-snoozed");

    await at.goTo("#revops");
    const told = await at.answerTo(() => at.say("/revops status Acme Robotics"));
    await expect
      .poll(() => told.textContent(), patient)
      .toMatch(/renewal risk 0\.\d\d · snoozed until .* by Dana Reyes/);
  });

  test("whom it isn't for is told so in private, and no form opens", async () => {
    const card = await at.runFor("Acme Robotics");
    await at.actAs("Riley Quinn");
    const refused = await at.answerTo(() => at.press(card, "Dismiss"));
    expect(await refused.textContent()).toContain("You can't decide this");
    expect(await at.page.getByRole("dialog").count()).toBe(0);
  });
});
