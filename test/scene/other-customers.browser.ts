/** The scene on customers that nobody of this project wrote into the sample: does it live from the CSV files that it is given? */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { anchoredFolder } from "./anchored-folder.ts";
import { customersIn, matching } from "./sample-customers.ts";
import { patient, useScene } from "./scene-page.ts";

const files = join(import.meta.dirname, "other-customers");
const folder = await mkdtemp(join(tmpdir(), "revops-customers-"));
const day = new Date().toISOString().slice(0, 10);
const at = useScene({
  environment: async () => ({ REVOPS_CRM: `csv:${await anchoredFolder({ from: files, to: folder, day })}` }),
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("does the scene live from other customers' files?", () => {
  test("the bad row is named with its place and counted, and its owners are the people", async () => {
    const badRow = (await readFile(join(folder, "customers.csv"), "utf8")).split("\r\n")[7] ?? "";
    const place = `8:${badRow.indexOf("31/12/2026") + 1}`;
    const lines = () => at.app.stderr;
    await expect
      .poll(lines, patient)
      .toEqual([
        `${join(folder, "customers.csv")}:${place}: renewal_date: "31/12/2026" is not a date such as 2026-11-30; the row is left out`,
        `${join(folder, "customers.csv")}: 8 rows used, 1 left out`,
      ]);
    const people = await at.page.getByRole("combobox", { name: "Acting as" }).locator("option").allTextContents();
    expect(people).toEqual([
      "Morgan Lee · RevOps lead",
      "Ingrid Solberg · Account manager",
      "June Abara · Customer success",
      "Mats Berg · Customer success",
      "Priscilla Yeo · Account manager",
      "Walt Garrison · Account manager",
      "Riley Quinn · Finance, no approver",
    ]);
  });

  test("a run asks about those at risk; an approval sends one mail, one event, one message", async () => {
    await at.say("/revops run renewal_management");
    const customers = await customersIn(folder);
    const matches = matching(customers, day).length;
    const progress = at.messages().filter({ hasText: "renewal_management" });
    await progress.getByText(`${matches} of ${customers.length} customers match`).waitFor();
    await progress.getByText("3 wait for approval · 3 with nothing to do").waitFor();
    await at.goTo("#renewals");
    const hostile = at.card("Smith & <b>Sons</b> ∗Freight∗");
    expect(await hostile.textContent()).toContain("Labels print <script>alert(1)</script> instead of names");
    const card = at.card("Fjell Sport AS");
    expect(await card.textContent()).toContain("NOK 612,000");
    await at.picture("other-customers");
    await at.actAs("Ingrid Solberg");
    await at.press(card, "Approve");
    await expect.poll(() => card.textContent(), patient).toMatch(/Approved by Ingrid Solberg(.*Done: ){3}/s);
    await at.page.getByRole("link", { name: "Inbox, 1 mails" }).waitFor();
    await at.goTo("Calendar");
    expect(await at.page.getByRole("main").getByRole("article").textContent()).toContain("Renewal Discussion - Fjell");
    await at.goTo("RevOps");
    await at.messages().filter({ hasText: "Fjell Sport AS renews on" }).waitFor();
  });

  test("of two customers with one name, the answer names both by id, and either can be meant", async () => {
    const answer = (await (await at.ask("/revops run renewal_management harbor dental group")).textContent()) ?? "";
    expect(answer).toContain("2 customers are called “harbor dental group”:");
    expect(answer).toContain("TL-1004 · Harbor Dental Group · small business · AMER · Walt Garrison");
    expect(answer).toContain("TL-1009 · Harbor Dental Group · small business · AMER · Priscilla Yeo");
    expect(answer).toContain("Name one by its id, for example: /revops run renewal_management TL-1004");
    const started = await at.ask("/revops run renewal_management tl-1009");
    expect(await started.textContent()).toContain("for Harbor Dental Group");
    const none = await at.ask("/revops run renewal_management Quarry Lane Builders");
    expect(await none.textContent()).toContain("No customer has the id or name “Quarry Lane Builders”");
  });
});
