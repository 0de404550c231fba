/** Issue 4, batches: does an owner of many get ten cards and a list, and does the batch's one message count right to the end? */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import { nameOf, riskyCustomers } from "./risky-customers.ts";
import { patient, useScene } from "./scene-page.ts";

const count = 25;
const folder = await mkdtemp(join(tmpdir(), "revops-many-"));
const day = new Date().toISOString().slice(0, 10);
const at = useScene({
  lives: "file",
  environment: async () => ({ REVOPS_CRM: `csv:${await riskyCustomers({ folder, count, day })}` }),
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("does an owner of twenty-five who match keep the overview?", () => {
  test("ten cards come into the channel, and one message counts them all", async () => {
    await at.say("/revops run renewal_management");
    const batch = batchMessage();
    await batch.getByText(`renewal_management 2.0 · ${count} of ${count} customers match`).waitFor();
    await batch.getByText(`${count} wait for approval\nWaiting for Dana Reyes (${count})`).waitFor();
    await batch.getByRole("button", { name: "Open the list" }).waitFor();
    expect(await at.messages().count()).toBe(1);
    await at.picture("batch");
    await at.goTo("#renewals");
    await expect.poll(() => at.messages().count(), patient).toBe(10);
    await at.goTo("#revops");
  });

  test("the list is that of whoever opens it: nothing for the one who started it and so doesn't decide", async () => {
    await at.press(batchMessage(), "Open the list");
    await at.modal("Waiting for you").getByText("Nothing here waits for your decision.").waitFor();
    expect(await at.modal("Waiting for you").getByRole("button", { name: "Review" }).count()).toBe(0);
    await at.modal("Waiting for you").getByRole("button", { name: "Close" }).last().click();
  });

  test("its owner turns the pages, forth and back, and finds each of them once", async () => {
    await at.actAs("Dana Reyes");
    await at.press(batchMessage(), "Open the list");
    const list = at.modal("Waiting for you");
    const seen: string[] = [];
    for (const page of ["1 to 10", "11 to 20", "21 to 25"]) {
      await list.getByText(`${page} of 25 approvals, those that expire first on top`).waitFor();
      seen.push(...(await names(list)));
      if (page === "1 to 10") await at.picture("list");
      if (page !== "21 to 25") await at.press(list, "Next");
    }
    expect(seen.toSorted()).toEqual(Array.from({ length: count }, (_, index) => nameOf(index + 1)));
    expect(await list.getByRole("button", { name: "Next" }).count()).toBe(0);
    await at.press(list, "Previous");
    await list.getByText("11 to 20 of 25").waitFor();
    expect(await names(list)).toEqual(seen.slice(10, 20));
  });

  test("approved and rejected from there, the list is shorter each time and stays on its page", async () => {
    const list = at.modal("Waiting for you");
    const [first = "", second = ""] = await names(list);
    await review(first, async (modal) => {
      await modal.getByRole("button", { name: "Approve" }).click();
      await modal.getByText(/^Approved by Dana Reyes/m).waitFor();
    });
    await list.getByText("11 to 20 of 24").waitFor();
    expect(await names(list)).not.toContain(first);
    await review(second, async (modal) => {
      await modal.getByRole("button", { name: "Reject" }).click();
      await at.modal("Reject").getByRole("textbox", { name: "Why?" }).fill("They are leaving anyway.");
      await at.modal("Reject").getByRole("button", { name: "Reject" }).click();
      await modal.getByText("Reason: They are leaving anyway.").waitFor();
    });
    await list.getByText("11 to 20 of 23").waitFor();
    expect(await names(list)).not.toContain(second);
    await list.getByRole("button", { name: "Close" }).last().click();
    const words = "23 wait for approval · 1 completed · 1 rejected\nWaiting for Dana Reyes (23)";
    await batchMessage().getByText(words).waitFor();
  });

  test("after three days the rest has expired, and the message says how all of them ended", async () => {
    for (let days = 0; days < 3; days += 1) await at.moveClock("+1 day");
    await batchMessage().getByText("1 completed · 1 rejected · 23 expired").waitFor({ timeout: 60_000 });
    await batchMessage()
      .getByText(/^Started by Morgan Lee · .* · ended$/)
      .waitFor();
    expect(await batchMessage().getByRole("button", { name: "Open the list" }).count()).toBe(0);
    await at.page.getByRole("link", { name: "Inbox, 1 mails" }).waitFor();
    await at.picture("batch-ended");
  });
});

function batchMessage(): Locator {
  return at.messages().filter({ hasText: "Started by Morgan Lee" });
}

async function names(list: Locator): Promise<string[]> {
  return (await list.locator(".block-section b, .block-section strong").allTextContents()).filter((text) =>
    text.startsWith("Customer"),
  );
}

/** From the row to the review and back to the list. */
async function review(name: string, act: (modal: Locator) => Promise<void>): Promise<void> {
  const row = at.modal("Waiting for you").locator(".block-section").filter({ hasText: name });
  await at.press(row, "Review");
  const modal = at.modal("Review");
  await modal.getByText(`${name} · renews`).waitFor();
  await act(modal);
  await modal.getByRole("button", { name: "Close" }).last().click();
}
