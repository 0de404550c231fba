/** Issue 4, App Home: does everybody find there what concerns them, with buttons that do it, and is it made anew after each? */
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { patient, useScene } from "./scene-page.ts";

const at = useScene({ lives: "file" });
/** The flow's row there: others can be run too. */
const renewals = () => at.home().locator(".block-section").filter({ hasText: "renewal_management 2.0" });

describe("does an account manager find what waits for them, and decide it there?", () => {
  test("nothing waits, and the next schedule stands there", async () => {
    await openHome("Dana Reyes");
    const home = (await at.home().textContent()) ?? "";
    expect(home).toContain("Nothing waits for your decision.");
    expect(home).toMatch(/renewal_management 2\.0 · Assess customers.*\nfires (today|tomorrow) at \d\d:\d\d/);
    expect(home).not.toMatch(/customers at risk|Your executions/);
  });

  test("Run now asks first; then it runs, says for how many, and Home is made anew", async () => {
    await openHome("Morgan Lee");
    await at.press(renewals(), "Run now");
    const asked = at.page.getByRole("dialog", { name: "Run it now?" });
    await asked.getByText("starts for every customer that its filter matches").waitFor();
    await at.picture("home-confirm");
    await asked.getByRole("button", { name: "Not now" }).click();
    expect(await at.home().textContent()).not.toContain("Your executions");
    await at.press(renewals(), "Run now");
    await asked.getByRole("button", { name: "Run" }).click();
    await at.page
      .getByRole("dialog")
      .getByText(/^renewal_management runs for \d+ of 41 customers\. The progress stands in #revops\.$/)
      .waitFor();
    await at.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await expect
      .poll(async () => {
        await at.press(at.home(), "Reload");
        return part("Your executions").count();
      }, patient)
      .toBeGreaterThan(0);
    await at.goTo("#revops");
    await at
      .messages()
      .getByText(/^7 wait for approval · \d+ with nothing to do$/m)
      .waitFor();
  });

  test("the one who started it sees what each waits for and its steps, those that are open first", async () => {
    await openHome("Morgan Lee");
    await expect.poll(() => part("Your executions").allTextContents(), patient).toHaveLength(5);
    for (const row of await part("Your executions").allTextContents()) {
      expect(row).toMatch(/ · renewal_management\nwaits for [\p{L} ]+ or a RevOps lead · started today at \d\d:\d\d/u);
    }
    expect(await at.home().textContent()).toContain("Nothing waits for your decision.");
    await at.press(part("Your executions").first(), "Steps");
    await at.modal("Steps").getByText("• approve_recommendations (approval) · waiting for").waitFor();
    await at.modal("Steps").getByRole("button", { name: "Close" }).last().click();
    await at.picture("home-lead");
  });

  test("an account manager reviews and approves; the review and Home say so at once", async () => {
    await openHome("Dana Reyes");
    // Until the app has made it anew, Home is as she saw it last.
    await part("Waiting for you (1)").first().waitFor(patient);
    const [waiting = ""] = await part("Waiting for you (1)").allTextContents();
    expect(waiting).toMatch(/^Acme Robotics · risk 0\.\d\d\nrenewal_management · expires /);
    const [risky = ""] = await part("Your customers at risk").allTextContents();
    expect(risky).toMatch(
      /^Acme Robotics · renews in 21 days, .* · \$84,000\nrisk 0\.\d\d · assessed today at \d\d:\d\d · waits for Dana Reyes or a RevOps lead/,
    );
    await at.picture("home");
    await lookNarrowAndDark();
    await at.press(part("Waiting for you (1)"), "Review");
    const review = at.modal("Review");
    await review.getByText("2 urgent tickets open").first().waitFor();
    await at.picture("review");
    await review.getByRole("button", { name: "Approve" }).click();
    await review.getByText(/^Approved by Dana Reyes · today at \d\d:\d\d$/m).waitFor();
    expect(await review.getByRole("button", { name: /Approve|Edit|Reject/ }).count()).toBe(0);
    await review.getByRole("button", { name: "Close" }).last().click();
    await at.home().getByText("Nothing waits for your decision.").waitFor();
    await at.goTo("#renewals");
    await at
      .card("Acme Robotics")
      .getByText(/^Approved by Dana Reyes/m)
      .waitFor();
    await at.page.getByRole("link", { name: "Inbox, 1 mails" }).waitFor();
  });

  test("a customer whose execution has ended can be assessed again from there", async () => {
    await expect
      .poll(async () => {
        await openHome("Dana Reyes");
        return part("Your customers at risk").allTextContents();
      }, patient)
      .toContainEqual(expect.stringMatching(/^Acme Robotics .*\n.* · succeeded, completed/));
    await at.press(part("Your customers at risk").filter({ hasText: "Acme Robotics" }), "Assess again");
    await at.page
      .getByRole("dialog")
      .getByText(/^Started renewal_management 2\.0 for Acme Robotics/)
      .waitFor();
    await at.page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await part("Your executions").filter({ hasText: "Acme Robotics" }).waitFor();
    await at.goTo("#renewals");
    await expect.poll(() => at.card("Acme Robotics").getByRole("button", { name: "Approve" }).count(), patient).toBe(1);
  });
});

describe("is a list of approvals something to work with?", () => {
  test("each row has its review; rejected from there, the list is asked anew without it", async () => {
    await at.actAs("Marcus Bell");
    await at.goTo("#revops");
    const list = await at.ask("/revops approvals");
    const listed = (await list.textContent()) ?? "";
    expect(listed).toMatch(/2 approvals wait for you/);
    expect(listed).toMatch(/Bramble & Finch Logistics · risk 0\.\d\d\nrenewal_management · expires /);
    expect(await list.getByRole("button", { name: "Review" }).count()).toBe(2);
    await at.picture("approvals");
    await at.press(list.locator(".block-section").filter({ hasText: "O'Malley" }).last(), "Review");
    const review = at.modal("Review");
    await review.getByText("O'Malley Fulfilment · renews").waitFor();
    await review.getByRole("button", { name: "Reject" }).click();
    await at.modal("Reject").getByRole("textbox", { name: "Why?" }).fill("We are renegotiating.");
    await at.modal("Reject").getByRole("button", { name: "Reject" }).click();
    await review.getByText(/^Rejected by Marcus Bell/m).waitFor();
    await review.getByText("Reason: We are renegotiating.").waitFor();
    await review.getByRole("button", { name: "Close" }).last().click();
    expect(await (await at.ask("/revops approvals")).textContent()).toMatch(/1 approval waits for you.*Bramble/s);
    await at.goTo("#renewals");
    await at
      .card("O'Malley Fulfilment")
      .getByText(/^Rejected by Marcus Bell · .* · nothing was sent/m)
      .waitFor();
  });
});

async function openHome(person: string): Promise<void> {
  await at.actAs(person);
  await at.goTo("RevOps");
  await at.page.getByRole("tab", { name: "Messages" }).click();
  await at.page.getByRole("tab", { name: "Home" }).click();
  await at.home().getByRole("heading", { name: "Next schedules" }).waitFor();
}

/** The rows below a heading, down to the next one. */
function part(heading: string): Locator {
  return at.homeRows(heading);
}

async function lookNarrowAndDark(): Promise<void> {
  await at.page.setViewportSize({ width: 420, height: 860 });
  expect(await at.page.locator("html").evaluate((root) => root.scrollWidth)).toBe(420);
  await at.picture("home-narrow");
  await at.page.setViewportSize({ width: 1180, height: 760 });
  await at.page.emulateMedia({ colorScheme: "dark" });
  await at.picture("home-dark");
  await at.page.emulateMedia({ colorScheme: "light" });
}
