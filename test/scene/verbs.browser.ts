/** Issue 5's verbs as a person uses them: is an execution ended, redriven and explained, and a flow held, from Slack alone? */
import { describe, expect, test } from "vitest";
import { patient, useScene } from "./scene-page.ts";

const at = useScene({ lives: "file" });

/** Of the only execution. */
async function executionId(): Promise<string> {
  const all = (await (await at.ask("/revops status")).textContent()) ?? "";
  const [, id = ""] = /Acme Robotics · renewal_management · since .* · ([\w-]+)/.exec(all) ?? [];
  expect(id).not.toBe("");
  return id;
}

describe("an execution that somebody wants to end", () => {
  test("explain says whose word is missing; the first abort only asks, and says what it would end", async () => {
    await at.runFor("Acme Robotics");
    await at.goTo("#revops");
    const id = await executionId();
    const explained = await at.ask(`/revops explain ${id}`);
    expect(await explained.textContent()).toMatch(/approve_recommendations · waiting.*Dana Reyes or a RevOps lead/s);
    const question = await at.ask(`/revops abort ${id}`);
    expect(await question.textContent()).toContain("1 approval withdrawn: approve_recommendations");
    await at.picture("abort");
    expect(await (await at.ask(`/revops status ${id}`)).textContent()).toContain("Acme Robotics · running");
    await at.press(question, "Leave it running");
    await question.getByText("Left as it is: nothing changed.").waitFor(patient);
    expect(await question.getByRole("button", { name: /^Abort/ }).count()).toBe(0);
  });

  test("pressed, it ends: the question says so, and the approval's card says who ended it", async () => {
    const id = await executionId();
    const question = await at.ask(`/revops abort ${id}`);
    await at.press(question, "Abort: withdraw 1 approval");
    await question.getByText("has been ended").waitFor(patient);
    expect(await (await at.ask(`/revops abort ${id}`)).textContent()).toContain("has ended: it is aborted.");
    await at.goTo("#renewals");
    await at.card("Acme Robotics").getByText("Withdrawn: ended by Morgan Lee").waitFor(patient);
    expect(await at.card("Acme Robotics").getByRole("button", { name: "Approve" }).count()).toBe(0);
    await at.picture("withdrawn");
    await at.goTo("#revops");
  });

  test("redriven, it asks again, and says what it kept", async () => {
    const all = (await (await at.ask("/revops history renewal_management")).textContent()) ?? "";
    const [, id = ""] = /aborted · .*took .* · ([\w-]+)/.exec(all) ?? [];
    const answer = (await (await at.ask(`/revops redrive ${id}`)).textContent()) ?? "";
    expect(answer).toContain("keeps 4 finished steps");
    expect(answer).toContain("approve_recommendations");
    await at.goTo("#renewals");
    await at.card("Acme Robotics").getByRole("button", { name: "Approve" }).waitFor(patient);
    await at.goTo("#revops");
    const history = (await (await at.ask(`/revops history ${id}`)).textContent()) ?? "";
    expect(history).toMatch(/withdrawn.*Morgan Lee.*approve_recommendations/s);
    await at.picture("history");
  });
});

describe("a flow that somebody wants to hold", () => {
  test("only an operator can; who can't is told so alone", async () => {
    await at.actAs("Dana Reyes");
    const answer = await at.ask("/revops pause renewal_management");
    expect(await answer.textContent()).toContain("Only an operator can pause renewal_management.");
    await at.actAs("Morgan Lee");
    // What was said to Morgan Lee before stands there again.
    await at.messages().filter({ hasText: "keeps 4 finished steps" }).waitFor(patient);
  });

  test("paused, it says what starts nothing; the flows and the Home say so until Resume is pressed there", async () => {
    const answer = (await (await at.ask("/revops pause renewal_management")).textContent()) ?? "";
    expect(answer).toMatch(/renewal_management is paused: its schedule starts nothing \(it would have fired .*09:00\)/);
    expect(await (await at.ask("/revops flows")).textContent()).toContain("paused by Morgan Lee");
    expect(await (await at.ask("/revops flows renewal_management")).textContent()).toContain("1 version, newest first");
    await at.goTo("RevOps");
    await at.page.getByRole("tab", { name: "Home" }).click();
    const row = at.homeRows("Next schedules").filter({ hasText: "paused by Morgan Lee" });
    await at.press(row, "Resume");
    await at.modal("RevOps").getByText("renewal_management is resumed").waitFor(patient);
    await at.picture("resumed");
    await at.modal("RevOps").getByRole("button", { name: "Close" }).last().click();
    const resumed = at.homeRows("Next schedules").filter({ hasText: "renewal_management" });
    await expect.poll(() => resumed.textContent(), patient).toContain("fires");
  });
});
