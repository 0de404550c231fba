/** Is everybody who may be asked a user of the sandbox's workspace, once, with the lead first? */
import { describe, expect, it } from "vitest";
import { sandboxPeople, type SandboxPerson } from "../../src/app/sandbox-people.ts";
import { openCsvSource } from "../../src/agents/crm/csv/csv-source.ts";
import { materialiseSample } from "../../src/agents/crm/sample/sample.ts";
import type { Customer } from "../../src/flow/customer.ts";
import { customer, customerDirectory } from "../engine/scripted-agents.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

function people(customers: Customer[]): Promise<SandboxPerson[]> {
  return sandboxPeople({ customers: customerDirectory(customers), timezone: "UTC" });
}

function owned(overrides: Partial<Customer>): Customer {
  return customer("acme", { account_manager_email: null, account_manager_name: null, csm_email: null, ...overrides });
}

function emails(found: readonly SandboxPerson[]): string[] {
  return found.map(({ email }) => email);
}

const outsider = "riley.quinn@example.com";

describe("every owner", () => {
  it("of the sample is there once, however many customers they have", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sandbox-people-"));
    try {
      const source = await openCsvSource({
        folder: await materialiseSample({ folder: join(folder, "sample"), anchorDate: "2026-11-23" }),
      });
      const owners = new Set<string>();
      for await (const page of source.all()) {
        for (const { account_manager_email, csm_email } of page)
          for (const email of [account_manager_email, csm_email]) if (email !== null) owners.add(email);
      }
      const found = emails(await sandboxPeople({ customers: source, timezone: "UTC" }));
      expect(owners.size).toBeGreaterThan(5);
      expect(found.toSorted()).toEqual([...owners, "lead@example.com", outsider].toSorted());
      expect(found[0]).toBe("lead@example.com");
      expect(found.at(-1)).toBe(outsider);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("is one person, in whatever letters the address is written", async () => {
    const customers = [
      owned({ account_manager_email: "Dana@Example.com", account_manager_name: "Dana Reyes" }),
      owned({ account_manager_email: "dana@example.com", csm_email: "DANA@example.com" }),
    ];
    const found = await people(customers);
    expect(emails(found)).toEqual(["lead@example.com", "dana@example.com", outsider]);
    expect(found[1]).toMatchObject({ name: "Dana Reyes", title: "Account manager" });
  });

  it("is the account manager, whoever else's customers they care for", async () => {
    const found = await people([
      owned({ csm_email: "kim.o-neill@example.com" }),
      owned({ account_manager_email: "kim.o-neill@example.com", timezone: "Europe/Oslo" }),
    ]);
    expect(found[1]).toEqual({
      email: "kim.o-neill@example.com",
      name: "Kim O Neill",
      title: "Account manager",
      timezone: "Europe/Oslo",
    });
  });

  it("has a zone that is one", async () => {
    const found = await people([owned({ csm_email: "kim@example.com", timezone: null })]);
    expect(found.map(({ timezone }) => timezone)).toEqual(["UTC", "UTC", "UTC"]);
  });
});

describe("the lead and the outsider", () => {
  it("are there without any customer", async () => {
    expect(emails(await people([]))).toEqual(["lead@example.com", outsider]);
  });

  it("the lead stays first when they have customers themselves, once, by the name in the file", async () => {
    const found = await people([
      owned({ account_manager_email: "lead@example.com", account_manager_name: "Alex Moreau" }),
      owned({ account_manager_email: "aaron@example.com" }),
    ]);
    expect(found.map(({ email, name }) => `${email} ${name}`)).toEqual([
      "lead@example.com Alex Moreau",
      "aaron@example.com Aaron",
      `${outsider} Riley Quinn`,
    ]);
  });

  it("the outsider isn't there twice when they have customers", async () => {
    const found = await people([owned({ csm_email: outsider })]);
    expect(found.map(({ email, title }) => `${email} ${title}`)).toEqual([
      "lead@example.com RevOps lead",
      `${outsider} Customer success`,
    ]);
  });
});
