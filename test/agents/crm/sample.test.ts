import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CsvSource } from "../../../src/agents/crm/csv/csv-source.ts";
import { openCsvSource } from "../../../src/agents/crm/csv/csv-source.ts";
import { anchorCell, materialiseSample } from "../../../src/agents/crm/sample/sample.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import { RenewalRisk } from "../../../src/agents/local/risk/renewal-risk.ts";
import type { Customer } from "../../../src/flow/customer.ts";
import { addDays } from "../../../src/flow/zone.ts";
import { echoTemplates, inTemporaryFolder, requestFor } from "../support.ts";

/** A plain day, the ends of months and years, a leap day. */
const anchors = ["2026-11-23", "2026-12-31", "2027-02-28", "2028-02-29"];
const seedParts = { include_fields: ["contract_details", "usage_metrics", "support_history"] };

interface Assessed {
  customer: Customer;
  risk: RenewalRisk;
}

async function withSample<T>(anchorDate: string, use: (source: CsvSource) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (folder) =>
    use(await openCsvSource({ folder: await materialiseSample({ folder: join(folder, "sample"), anchorDate }) })),
  );
}

async function everybody(source: CsvSource): Promise<Customer[]> {
  const customers: Customer[] = [];
  for await (const page of source.all()) customers.push(...page);
  return customers;
}

/** The window of the standard flow, through the real agents. */
async function inWindow(
  source: CsvSource,
  { day, parameters = {} }: { day: string; parameters?: { include_fields?: string[] } },
): Promise<Assessed[]> {
  const { agents } = createLocalAgents({ source, templates: echoTemplates });
  const end = addDays({ date: day, days: 30 });
  const matching = (await everybody(source)).filter(
    ({ renewal_date }) => renewal_date !== null && renewal_date >= day && renewal_date <= end,
  );
  return Promise.all(
    matching.map(async (customer) => {
      const now = Date.parse(`${day}T14:00:00Z`);
      const data = await agents.data_agent.invoke(requestFor("retrieve_customer_data", { customer, now, parameters }));
      const outputs = [{ stepId: "data", action: "retrieve_customer_data", output: data.output }];
      const answer = await agents.decision_agent.invoke(requestFor("assess_renewal_risk", { customer, now, outputs }));
      return { customer, risk: RenewalRisk.parse(answer.output) };
    }),
  );
}

describe.each(anchors)("is the scene alive when first started on %s?", (anchor) => {
  it("has 12 to 16 customers in the window, 6 to 8 over the threshold, Acme Robotics among them", async () => {
    await withSample(anchor, async (source) => {
      for (const parameters of [{}, seedParts]) {
        const window = await inWindow(source, { day: anchor, parameters });
        const over = window.filter(({ risk }) => risk.over_threshold);
        expect(window.length).toBeGreaterThanOrEqual(12);
        expect(window.length).toBeLessThanOrEqual(16);
        expect(over.length).toBeGreaterThanOrEqual(6);
        expect(over.length).toBeLessThanOrEqual(8);
        expect(over.map(({ customer }) => customer.name)).toContain("Acme Robotics");
        expect(over.map(({ customer }) => customer.id)).toContain("cust-low-usage");
      }
    });
  });

  it.each([
    ["the seed's parts", seedParts],
    ["all parts", {}],
  ])(
    "brings somebody over the threshold into the window on each of the next ten days, by %s",
    async (_, parameters) => {
      await withSample(anchor, async (source) => {
        let known = new Set((await inWindow(source, { day: anchor })).map(({ customer }) => customer.id));
        for (let ahead = 1; ahead <= 10; ahead++) {
          const window = await inWindow(source, { day: addDays({ date: anchor, days: ahead }), parameters });
          const entering = window.filter(({ customer, risk }) => !known.has(customer.id) && risk.over_threshold);
          expect(entering.length, `day ${ahead}`).toBeGreaterThanOrEqual(1);
          known = new Set([...known, ...window.map(({ customer }) => customer.id)]);
        }
      });
    },
  );
});

describe("is the sample one that people believe?", () => {
  it("has no problem that its own reader would name", async () => {
    await withSample("2026-11-23", async (source) => {
      expect(source.problems).toEqual([]);
      expect(source.files.map(({ file }) => file)).toHaveLength(5);
    });
  });

  it("has Acme Robotics of Dana Reyes, renewing in 21 days with the notice date ahead", async () => {
    await withSample("2026-11-23", async (source) => {
      expect(await source.find({ text: "acme robotics" })).toEqual([
        expect.objectContaining({
          account_manager_email: "dana.reyes@example.com",
          renewal_date: "2026-12-14",
          notice_date: "2026-12-04",
        }),
      ]);
      const acme = (await inWindow(source, { day: "2026-11-23" })).find(
        ({ customer }) => customer.name === "Acme Robotics",
      );
      expect(acme?.risk.confidence).toBe("high");
      expect(acme?.risk.reasons.slice(0, 3).map(({ text }) => text)).toEqual([
        "Seat use 43 % of 120, was 65 % in July",
        "2 urgent tickets open, oldest 9 days",
        "Champion left on 3 Nov",
      ]);
      expect(acme?.risk.what_would_help[0]?.text).toBe("both urgent tickets are closed");
    });
  });

  it("has the seed's customers, lapsed ones, several owners, zones, currencies and hard names", async () => {
    await withSample("2026-11-23", async (source) => {
      const customers = await everybody(source);
      const distinct = (of: (customer: Customer) => string | null) => new Set(customers.map(of)).size;
      expect(await source.get({ customerId: "cust-12345" })).not.toBeNull();
      expect(await source.get({ customerId: "cust-low-usage" })).not.toBeNull();
      expect(customers.length).toBeGreaterThanOrEqual(38);
      expect(
        customers.filter(({ renewal_date }) => (renewal_date ?? "9") < "2026-11-23").length,
      ).toBeGreaterThanOrEqual(3);
      expect(distinct(({ account_manager_email }) => account_manager_email)).toBe(6);
      expect(distinct(({ csm_email }) => csm_email)).toBe(3);
      expect(distinct(({ timezone }) => timezone)).toBeGreaterThanOrEqual(6);
      expect(distinct(({ currency }) => currency)).toBeGreaterThanOrEqual(4);
      const names = customers.map(({ name }) => name).join("\n");
      for (const hard of [/'/, /&/, /[^\p{ASCII}]/u, /,/, /.{70}/]) expect(names).toMatch(hard);
    });
  });

  it("calls nobody safe of whom little is known", async () => {
    await withSample("2026-11-23", async (source) => {
      const unsure = (await inWindow(source, { day: "2026-11-23" })).filter(({ risk }) => risk.confidence === "low");
      expect(unsure.length).toBeGreaterThanOrEqual(2);
      for (const { risk } of unsure) {
        expect(risk.risk_level).not.toBe("low");
        expect(risk.missing).toContain("seat use");
      }
    });
  });
});

describe("is the sample written once?", () => {
  it("leaves a folder that has customers as it is, and no draft beside it", async () => {
    await inTemporaryFolder(async (parent) => {
      const folder = join(parent, "deep", "sample");
      await materialiseSample({ folder, anchorDate: "2026-11-23" });
      const before = await readFile(join(folder, "customers.csv"), "utf8");
      await materialiseSample({ folder, anchorDate: "2027-11-23" });
      expect(await readFile(join(folder, "customers.csv"), "utf8")).toBe(before);
      expect(await readdir(join(parent, "deep"))).toEqual(["sample"]);
    });
  });

  it("writes all of it or nothing when two start at once", async () => {
    await inTemporaryFolder(async (parent) => {
      const folder = join(parent, "sample");
      const starts = [1, 2, 3].map(() => materialiseSample({ folder, anchorDate: "2026-11-23" }));
      await Promise.all(starts);
      expect((await readdir(folder)).toSorted()).toHaveLength(5);
      expect(await readdir(parent)).toEqual(["sample"]);
    });
  });

  it("doesn't write over a folder of something else", async () => {
    await inTemporaryFolder(async (folder) => {
      await writeFile(join(folder, "notes.txt"), "mine");
      await expect(materialiseSample({ folder, anchorDate: "2026-11-23" })).rejects.toThrow(/ENOTEMPTY|EEXIST/);
      expect(await readdir(folder)).toEqual(["notes.txt"]);
    });
  });

  it.each([
    ["today", "2026-11-23"],
    ["today+21d", "2026-12-14"],
    ["today-23d", "2026-10-31"],
    ["month-1", "2026-10"],
    ["month-11", "2025-12"],
    ["today's special", "today's special"],
    ["", ""],
  ])("%j becomes %j", (cell, expected) => {
    expect(anchorCell(cell, "2026-11-23")).toBe(expected);
  });
});
