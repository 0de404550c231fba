/** Pictures in the whole app: are they where the button said, can they be seen, and do they say the same to who can't see? */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { patient, useScene } from "./scene-page.ts";

const at = useScene({ lives: "file" });

describe("does a press bring a picture?", () => {
  test("a flow's graph, where it was asked for", async () => {
    const flows = await at.ask("/revops flows");
    await at.press(flows.locator(".block-section").filter({ hasText: "renewal_management 2.0" }), "Graph");
    const graph = at.page.getByRole("img", { name: /^Graph of the flow renewal_management 2\.0, 7 steps/ });
    await graph.waitFor(patient);
    expect(await isDrawn(graph)).toBe(true);
    await graph.scrollIntoViewIfNeeded();
    await at.picture("flow-graph");
  });

  test("an execution's timeline and graph, in the thread of its card; pressed again, a word and no second one", async () => {
    const card = await at.runFor("Acme Robotics");
    await at.goTo("#revops");
    const listed = await at.ask("/revops status Acme Robotics");
    const executionId = await listed.locator("code").first().textContent();
    const status = await at.ask(`/revops status ${executionId}`);
    const told = await at.answerTo(() => at.press(status, "Timeline"));
    await told.getByText("The timeline stands in the thread of its card in #renewals.").waitFor();
    const again = await at.answerTo(() => at.press(status, "Timeline"));
    await again.getByText("was asked for a few seconds ago").waitFor();
    await at.answerTo(() => at.press(status, "Graph"));

    await at.goTo("#renewals");
    const thread = await at.thread(card);
    const timeline = thread.getByRole("img", {
      name: /^Timeline of renewal_management 2\.0 for Acme Robotics: running/,
    });
    await timeline.waitFor(patient);
    expect(await timeline.count()).toBe(1);
    expect(await timeline.getAttribute("alt")).toMatch(
      /approve_recommendations: waits for Dana Reyes or .*lead, until /,
    );
    expect(await isDrawn(timeline)).toBe(true);
    expect(await isDrawn(thread.getByRole("img", { name: /^Graph of renewal_management/ }))).toBe(true);
    await timeline.scrollIntoViewIfNeeded();
    await at.picture("timeline-in-thread");
  });
});

/** The bytes came and are a picture. */
async function isDrawn(image: Locator): Promise<boolean> {
  const width = () => image.evaluate((element) => ("naturalWidth" in element ? Number(element.naturalWidth) : 0));
  await expect.poll(width, patient).toBeGreaterThan(700);
  return true;
}
