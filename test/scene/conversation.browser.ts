/** Questions in words on the page: asked by mention and in a direct message, followed up in the thread, ended by a button that a person presses. */
import { expect, test } from "vitest";
import { patient, useScene } from "./scene-page.ts";

const at = useScene();

test("why is a customer at risk, and what did we do: asked by mention, followed up, and run by a press", async () => {
  await at.goTo("#revops");
  await at.say("@RevOps why is Acme at risk?");
  const question = at.messages().filter({ hasText: "why is Acme at risk?" });
  const thread = await at.thread(question);
  await thread.getByText("Acme Robotics is at risk: risk 0.").waitFor(patient);
  await thread.getByText("Champion left on").waitFor(patient);
  expect(await thread.textContent()).toMatch(/evidence of \d+ \w+[^]*Under 0\.70 if: [^]*From: CRM, read today at/);
  await at.picture("conversation-mention");

  // Nothing has been started by asking.
  expect(await (await at.ask("/revops status")).textContent()).toContain("Nothing is running.");
  await thread.getByRole("button", { name: "Run renewal management for Acme Robotics" }).click();
  await at.goTo("#renewals");
  await at.card("Acme Robotics").getByRole("button", { name: "Approve" }).waitFor(patient);

  await at.goTo("#revops");
  const again = await at.thread(question);
  const reply = again.getByRole("textbox");
  await reply.fill("@RevOps and what did we do?");
  await reply.press("Enter");
  await again.getByText(/renewal_management, started .*, waits for Dana Reyes/).waitFor(patient);
  expect(await again.getByRole("button", { name: /^Status of renewal management for/ }).count()).toBe(1);
  await at.picture("conversation-follow-up");
});

/** The third names nobody: it is about whom the second was. */
const asked: readonly (readonly [string, RegExp])[] = [
  ["what is due this week?", /dates? due this week:/],
  ["when does Acme Robotics renew?", /Acme Robotics renews .*, in \d+ days; notice by/],
  ["and who owns it?", /Dana Reyes is the account manager of Acme Robotics\./],
  ["sing me a song", /I can't answer that\. I can answer these:/],
];

test("a direct message: what is due, what isn't understood, and what a follow-up is about", async () => {
  await at.goTo("RevOps");
  await at.page.getByRole("tab", { name: "Messages" }).click();
  for (const [question, answer] of asked) {
    await at.say(question);
    await expect.poll(() => at.messages().filter({ hasText: answer }).count(), patient).toBe(1);
  }
  await at.picture("conversation-direct");
});
