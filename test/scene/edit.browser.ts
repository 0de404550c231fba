/** Issue 4, A3: is what leaves exactly what somebody approved, whatever was changed before, by whom and how late? */
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { patient, useScene } from "./scene-page.ts";

const at = useScene({
  lives: "file",
  environment: async () => ({ REVOPS_FLOWS: `flows:${join(import.meta.dirname, "flows")}` }),
});

const title = "Talk about seats with Owen Pratt";

describe("does an edit change what leaves, and nothing else?", () => {
  test("a form with a loading view before it; changed, the card and its thread show by whom, what, and what would leave", async () => {
    // Asked by the schedule: nobody is the requester, so the lead may edit too.
    await at.moveClock("Next schedule");
    await at.goTo("#renewals");
    const card = at.card("Acme Robotics");
    const proposed = await proposals(card);
    expect(proposed.length).toBeGreaterThan(2);
    await at.actAs("Dana Reyes");
    const form = await openForm(card);
    expect(await viewCalls()).toEqual(["views.open", "views.update"]);
    expect(await form.textContent()).toContain("Acme Robotics · renews in");
    expect(await valuesOf(form, /^Recommendation \d \(optional\)$/)).toEqual(proposed);
    await at.picture("edit-form");
    await form.getByLabel("Recommendation 1 (optional)").fill(title);
    await form.getByLabel("Recommendation 1, due date").fill("2030-05-04");
    await form.getByLabel("Recommendation 2 (optional)").fill("");
    await form.getByRole("button", { name: "Save" }).click();
    await card.getByText(/^Edited by Dana Reyes · Waiting for Dana Reyes or a RevOps lead · /).waitFor();
    await expect.poll(() => at.page.getByRole("dialog").count(), patient).toBe(0);
    expect(await proposals(card)).toEqual([title, ...proposed.slice(2)]);
    const note = await noteIn(await at.thread(card), "Edited by Dana Reyes · today at");
    const said = (await note.textContent()) ?? "";
    expect(said).toMatch(new RegExp(`Recommendations\\nChanged: ${proposed[0]} → ${title}, due date .* → 4 May 2030`));
    expect(said).toContain(`\nLeft out: ${proposed[1]}`);
    await at.picture("edited");
  });

  test("approved: the mail is word for word what the thread had shown", async () => {
    const card = at.card("Acme Robotics");
    const note = await noteIn(await at.thread(card), "Edited by Dana Reyes · today at");
    const planned = words(await note.locator("blockquote").first().innerText());
    await at.press(card, "Approve");
    await card.getByText(/^Approved by Dana Reyes · today at \d\d:\d\d · as edited by Dana Reyes$/m).waitFor();
    await expect.poll(async () => ((await card.textContent()) ?? "").match(/^Done: /gm) ?? [], patient).toHaveLength(3);
    await at.goTo("Inbox");
    await at.page.getByRole("list", { name: "Mails" }).getByRole("link").click();
    await at.page.getByRole("tab", { name: "Text" }).click();
    const panel = at.page.getByRole("tabpanel");
    await expect.poll(() => panel.textContent(), patient).toMatch(/^Hello Dana,/);
    const sent = words((await panel.textContent()) ?? "");
    expect(sent).toEqual(planned);
    expect(sent).toContain(`1. ${title} (by 4 May 2030)`);
    expect(sent.filter((line) => /^\d\. /.test(line))).not.toContainEqual(expect.stringContaining("open tickets"));
    await at.goTo("RevOps");
    await at.messages().filter({ hasText: title }).waitFor();
    await at.goTo("#renewals");
  });

  test("cancelled, or saved without a change: the card stays, and the thread hears nothing", async () => {
    const card = at.card("Halvorsen Maritime");
    await at.actAs("Hannah Lindqvist");
    const before = await proposals(card);
    const form = await openForm(card);
    await form.getByLabel("Recommendation 1 (optional)").fill("Something else");
    await form.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => at.page.getByRole("dialog").count(), patient).toBe(0);
    const again = await openForm(card);
    expect(await again.getByLabel("Recommendation 1 (optional)").inputValue()).not.toBe("Something else");
    await again.getByRole("button", { name: "Save" }).click();
    await at.page.getByRole("dialog").getByText("Nothing was changed: the card stands as it was.").waitFor();
    await at.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    expect(await proposals(card)).toEqual(before);
    expect(await card.textContent()).not.toContain("Edited by");
    expect(await card.textContent()).toContain("1 reply");
  });

  test("somebody who may not decide is told so in the form's place", async () => {
    await at.actAs("Riley Quinn");
    const card = at.card("Halvorsen Maritime");
    await at.press(card, "Edit");
    await at.page
      .getByRole("dialog")
      .getByText("You can't decide this: Hannah Lindqvist or a RevOps lead can. Nothing changed.")
      .waitFor();
    await at.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    expect(await card.textContent()).not.toContain("Edited by");
    expect(await card.getByRole("button", { name: "Edit" }).count()).toBe(1);
  });
});

describe("does whoever comes after an edit decide about what stands now?", () => {
  test("a press where the old card still stands, and one in a review that was opened before: both are told", async () => {
    await at.actAs("Hannah Lindqvist");
    const stale = await at.staleWindow("#renewals", "Hannah Lindqvist");
    const review = await at.otherWindow("#revops", "Hannah Lindqvist");
    await review.getByRole("main").getByRole("textbox").fill("/revops approvals");
    await review.keyboard.press("Enter");
    await review.getByRole("button", { name: "Review" }).first().click();
    await review.getByRole("dialog", { name: "Review" }).getByText("Halvorsen Maritime").first().waitFor();

    await at.actAs("Morgan Lee");
    const card = at.card("Halvorsen Maritime");
    const form = await openForm(card);
    await form.getByLabel("Recommendation 1 (optional)").fill("Call the harbour master");
    await form.getByRole("button", { name: "Save" }).click();
    await card.getByText(/^Edited by Morgan Lee/).waitFor();

    const oldCard = stale.locator("article").filter({ hasText: "Halvorsen Maritime · renews" });
    expect(await oldCard.textContent()).not.toContain("Call the harbour master");
    await oldCard.getByRole("button", { name: "Approve" }).click();
    await oldCard.getByRole("alert").getByText("The message has changed and this is no longer there.").waitFor();

    await review.getByRole("dialog", { name: "Review" }).getByRole("button", { name: "Approve" }).click();
    await review
      .getByRole("dialog")
      .getByText(
        "Morgan Lee has edited this since: please look at what the card says now, then decide. Nothing changed.",
      )
      .waitFor();
    expect(await card.textContent()).not.toContain("Approved");
    expect(await card.getByRole("button", { name: "Approve" }).count()).toBe(1);
  });

  test("below it the review shows what stands now, and approves exactly that", async () => {
    const card = at.card("Halvorsen Maritime");
    await at.actAs("Hannah Lindqvist");
    await at.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    const review = at.modal("Review");
    await review.getByText("1. Call the harbour master").first().waitFor();
    await at.picture("review");
    await review.getByRole("button", { name: "Approve" }).click();
    await review.getByText(/^Approved by Hannah Lindqvist · .* · as edited by Morgan Lee$/m).waitFor();
    expect(await review.getByRole("button", { name: /Approve|Reject|Edit/ }).count()).toBe(0);
    await review.getByRole("button", { name: "Close" }).last().click();
    await card.getByText(/^Approved by Hannah Lindqvist/m).waitFor();
  });
});

describe("is a wrong value told where it stands?", () => {
  test("what is needed and missing, before anything is sent; what the flow's data don't allow, after it", async () => {
    await at.actAs("Morgan Lee");
    await at.goTo("#revops");
    await at.ask("/revops run score_review Northwind Clinics");
    await at.goTo("#renewals");
    const card = at.card("Northwind Clinics");
    await at.actAs("Dana Reyes");
    const form = await openForm(card);
    const score = form.getByLabel("Risk score (optional)");
    await score.fill("1.7");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText("At most 1.").waitFor();
    expect(await score.getAttribute("aria-invalid")).toBe("true");
    await score.fill("many");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByText(/number/).waitFor();
    await at.picture("edit-error");
    await score.fill("0.25");
    await form.getByRole("button", { name: "Save" }).click();
    await card.getByText(/^Risk 0\.25/m).waitFor();
    await at.press(card, "Approve");
    await card.getByText(/^Approved by Dana Reyes/m).waitFor();
    await at.goTo("#general");
    await at.messages().filter({ hasText: "Northwind Clinics stands at 0.25" }).waitFor();
    await at.goTo("#renewals");
    const other = at.card("Café Lumière Groupe");
    await at.actAs("Tomás Oliveira");
    const dates = await openForm(other);
    await dates.getByLabel("Recommendation 2, due date").fill("");
    await dates.getByRole("button", { name: "Save" }).click();
    await dates.getByText("This field is needed.").waitFor();
    expect(await dates.getByLabel("Recommendation 2, due date").getAttribute("aria-invalid")).toBe("true");
    await dates.getByRole("button", { name: "Cancel" }).click();
  });
});

async function openForm(card: Locator): Promise<Locator> {
  await at.press(card, "Edit");
  const form = at.modal("Edit");
  await form.getByRole("button", { name: "Save" }).waitFor();
  return form;
}

async function proposals(card: Locator): Promise<string[]> {
  const text = (await card.textContent()) ?? "";
  return (text.split("Proposed:")[1] ?? "").match(/^\d\. .*?(?=Approve|$)/gm)?.map((line) => line.slice(3)) ?? [];
}

async function valuesOf(form: Locator, label: RegExp): Promise<string[]> {
  const inputs = await form.getByLabel(label).all();
  return Promise.all(inputs.map((input) => input.inputValue()));
}

async function noteIn(thread: Locator, beginning: string): Promise<Locator> {
  const note = thread.locator("article").filter({ hasText: beginning });
  await note.first().waitFor();
  return note.first();
}

/** Lines without what a quote drops: indents and blank lines. */
function words(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " ").trim())
    .filter((line) => line !== "");
}

/** What the bot asked of Slack about views, oldest first, as the page's traffic tells it. */
async function viewCalls(): Promise<string[]> {
  const answer = await fetch(new URL("/sandbox/traffic", at.app.url));
  const { entries } = z.object({ entries: z.array(z.object({ name: z.string() })) }).parse(await answer.json());
  return entries.map(({ name }) => name).filter((name) => name.startsWith("views."));
}
