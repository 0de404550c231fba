/** Does `template` show how a mail would read for a customer, escaped as the mail has it, and send nothing? */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { customersTable } from "../../src/agents/crm/csv/table.ts";
import { sitDown, type Sitting } from "./terminal-line.ts";

const name = "renewal_recommendations";

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

async function customersAre(...customers: Record<string, string>[]): Promise<void> {
  const columns = Object.keys(customersTable.columns);
  const rows = customers.map((customer) => columns.map((column) => customer[column] ?? "").join(","));
  await writeFile(join(sitting.folder, "crm/customers.csv"), [columns.join(","), ...rows, ""].join("\n"));
}

it("lists the templates by name", async () => {
  expect(await sitting.line("template", "list")).toEqual({
    code: 0,
    out: `churn_play\nonboarding_plan\nonboarding_stalled\n${name}\n`,
    err: "",
  });
});

describe("a preview", () => {
  it("has subject, text and Slack message for the customer that is named, blanks and all", async () => {
    const { code, out } = await sitting.line("template", "preview", name, "Acme", "Robotics");
    expect(code).toBe(0);
    expect(out).toMatch(/^Subject: Acme Robotics: renewal on 17 Dec 2026, risk 0\.\d\d\n/);
    expect(out).toMatch(/\nAcme Robotics renews on 17 Dec 2026\. \$84,000 a year\.\n/);
    expect(out).toMatch(/\nIn Slack:\n\n\*Acme Robotics\* renews on 17 Dec 2026 · \$84,000\n/);
  });

  it("has a plan for the onboarding's templates, and what is stuck", async () => {
    const plan = await sitting.line("template", "preview", "onboarding_plan", "Acme", "Robotics");
    expect(plan.out).toMatch(
      /\nDay 30, \d+ \w+ 20\d\d: The first people work with it\n {2}- A quarter of the seats is used\n/,
    );
    const stuck = await sitting.line("template", "preview", "onboarding_stalled", "Acme", "Robotics");
    expect(stuck.out).toContain("is stuck at “Everybody knows who does what”");
  });

  it("takes the first customer where none is named", async () => {
    expect(await sitting.json("template", "preview", name)).toMatchObject({ template: name, customer_id: "acme" });
  });

  it("gives the HTML alone, a hostile name as text", async () => {
    await customersAre({ id: "evil", name: "<script>alert(1)</script>" });
    const { out } = await sitting.line("template", "preview", name, "--html");
    expect(out).toMatch(/^<!doctype html>[^]*<\/html>\n$/i);
    expect(out).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(out).not.toContain("<script>");
  });

  it("gives the text alone, and lets no name move the cursor", async () => {
    await customersAre({ id: "evil", name: "Evil\u001b[2J Corp" });
    const { out } = await sitting.line("template", "preview", name, "--text");
    expect(out).toContain("[2J Corp");
    expect(out).not.toContain("\u001b");
    expect(out).not.toContain("Subject:");
  });

  it("asks for the id where several have the name", async () => {
    await customersAre({ id: "a", name: "Twin" }, { id: "b", name: "Twin" });
    const { code, err } = await sitting.line("template", "preview", name, "twin");
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("name one by its id: a, b") });
    expect(await sitting.json("template", "preview", name, "b")).toMatchObject({ customer_id: "b" });
  });
});

describe("what can't be shown", () => {
  it.each<[string[], number, string]>([
    [["preview", "renewal_recomendations"], 1, `Did you mean ${name}?`],
    [["preview", name, "Nobody"], 1, "No customer has the id or name “Nobody”."],
    [["preview"], 2, "needs the template's name"],
    [["preview", name, "--html", "--text"], 2, "give one"],
    [["previw"], 2, "Did you mean preview?"],
    [[], 2, "listed or previewed"],
  ])("template %j is told why", async (args, code, said) => {
    const line = await sitting.line("template", ...args);
    expect(line).toEqual({ code, out: "", err: expect.stringContaining(said) });
  });

  it("is a customer where there is none at all", async () => {
    await customersAre();
    const { error } = z
      .object({ error: z.object({ message: z.string() }) })
      .parse(await sitting.json("template", "preview", name));
    expect(error.message).toContain("has no customers");
  });
});
