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

test("a direct message: what is due, what isn't understood, and what a follow-up is about", async () => {
  await at.goTo("RevOps");
  await at.page.getByRole("tab", { name: "Messages" }).click();
  await at.say("what is due this week?");
  await at
    .messages()
    .filter({ hasText: /dates? due this week:/ })
    .waitFor(patient);
  await at.say("when does Acme Robotics renew?");
  await at
    .messages()
    .filter({ hasText: "Acme Robotics renews" })
    .filter({ hasText: "notice by" })
    .last()
    .waitFor(patient);
  await at.say("and who owns it?");
  await at.messages().filter({ hasText: "Dana Reyes is the account manager of Acme Robotics." }).waitFor(patient);
  await at.say("sing me a song");
  await at.messages().filter({ hasText: "I can't answer that. I can answer these:" }).waitFor(patient);
  await at.picture("conversation-direct");
});
