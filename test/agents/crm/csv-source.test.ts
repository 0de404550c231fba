import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CsvSource, openCsvSource } from "../../../src/agents/crm/csv/csv-source.ts";
import { inTemporaryFolder } from "../support.ts";

const head =
  "id,name,segment,region,timezone,account_manager_email,account_manager_name,csm_email,arr,currency,contract_start," +
  "renewal_date,notice_date,auto_renew,term_months,seats,status,created_at,nps,champion_status";

function customer(fields: Partial<Record<string, string>>): string {
  const cells: Record<string, string> = { id: "c-1", name: "One", ...fields };
  return head
    .split(",")
    .map((column) => cells[column] ?? "")
    .join(",");
}

const csv = (...lines: string[]) => `${lines.join("\n")}\n`;

async function withFiles<T>(
  files: Record<string, string | Buffer>,
  use: (source: CsvSource) => Promise<T> | T,
): Promise<T> {
  return inTemporaryFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return use(await openCsvSource({ folder }));
  });
}

const placed = (source: CsvSource) =>
  source.problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);

describe("is every field read as what it is?", () => {
  it("reads a full row, and empty as null", async () => {
    const full = customer({
      timezone: "Europe/Berlin",
      account_manager_email: "dana.reyes@example.com",
      arr: "84000.50",
      currency: "EUR",
      renewal_date: "2026-12-14",
      auto_renew: "TRUE",
      seats: "120",
      created_at: "2024-02-29",
      nps: "-12",
      champion_status: "Left",
    });
    await withFiles({ "customers.csv": csv(head, full) }, async (source) => {
      expect(source.problems).toEqual([]);
      expect(source.files).toEqual([{ file: "customers.csv", used: 1, leftOut: 0 }]);
      expect(await source.get({ customerId: "c-1" })).toMatchObject({
        timezone: "Europe/Berlin",
        arr: 84000.5,
        renewal_date: "2026-12-14",
        auto_renew: true,
        seats: 120,
        created_at: "2024-02-29T00:00:00Z",
        nps: -12,
        champion_status: "left",
        csm_email: null,
        notice_date: null,
      });
    });
  });

  it("tells records that aren't kept from records that are none", async () => {
    const files = {
      "customers.csv": csv(head, customer({})),
      "tickets.csv": csv("customer_id,id,opened_at,closed_at,priority,csat,subject"),
      "usage.csv": csv("customer_id,month,active_users,events", "c-1,2026-10,5,", "c-1,2026-09,4,9"),
    };
    await withFiles(files, async (source) => {
      expect(await source.records({ customerId: "c-1" })).toEqual({
        usage: [
          { month: "2026-09", active_users: 4, events: 9 },
          { month: "2026-10", active_users: 5, events: null },
        ],
        tickets: [],
        invoices: null,
        contacts: null,
      });
      expect(await source.records({ customerId: "nobody" })).toMatchObject({ tickets: null });
    });
  });

  it("finds by id or name, case and outer spaces aside, and all who share a name", async () => {
    const rows = [
      customer({ id: "c-2", name: "Café Lumière" }),
      customer({ id: "c-1", name: "Twin" }),
      customer({ id: "c-3", name: "twin" }),
    ];
    await withFiles({ "customers.csv": csv(head, ...rows) }, async (source) => {
      const ids = async (text: string) => (await source.find({ text })).map(({ id }) => id);
      expect(await ids(" C-2 ")).toEqual(["c-2"]);
      expect(await ids("cafe\u0301 lumie\u0300re")).toEqual(["c-2"]);
      expect(await ids("TWIN")).toEqual(["c-1", "c-3"]);
      expect(await ids("tw")).toEqual([]);
      expect(await ids(" ")).toEqual([]);
    });
  });

  it("gives all in the order of their ids, in pages of at most 1,000", async () => {
    const rows = Array.from({ length: 2_100 }, (_, index) => customer({ id: `c-${String(9_999 - index)}` }));
    await withFiles({ "customers.csv": csv(head, ...rows) }, async (source) => {
      const pages: string[][] = [];
      for await (const page of source.all()) pages.push(page.map(({ id }) => id));
      expect(pages.map((page) => page.length)).toEqual([1_000, 1_000, 100]);
      expect(pages.flat()).toEqual(pages.flat().toSorted());
    });
  });
});

describe("is a bad row named and the rest usable?", () => {
  it.each([
    ["renewal_date", "2026-02-30", '"2026-02-30" is not a date such as 2026-11-30'],
    ["renewal_date", "12/14/2026", '"12/14/2026" is not a date such as 2026-11-30'],
    ["arr", "84k", '"84k" is not a number from 0, written like 1234.5'],
    ["arr", "-1", '"-1" is not a number from 0, written like 1234.5'],
    ["arr", "1e400", '"1e400" is not a number from 0, written like 1234.5'],
    ["seats", "12.5", '"12.5" is not a whole number from 0'],
    ["nps", "101", '"101" is not a number from -100 to 100, written like 1234.5'],
    ["champion_status", "gone", '"gone" is not one of active, left, unknown'],
    ["timezone", "Mars/Olympus", '"Mars/Olympus" is not a time zone such as Europe/Berlin'],
    ["timezone", "+02:00", '"+02:00" is not a time zone such as Europe/Berlin'],
    ["account_manager_email", "Dana <d@x.com>", '"Dana <d@x.com>" is not one mail address'],
    ["auto_renew", "yes", '"yes" is not true or false'],
    ["currency", "usd", '"usd" is not a currency such as USD'],
    ["created_at", "2026-11-30T09:00:00", '"2026-11-30T09:00:00" is not a time such as 2026-11-30T09:00:00Z or a date'],
    ["name", "", "is empty"],
    ["id", " ", "is empty"],
  ])("%s = %j", async (column, value, fault) => {
    const files = { "customers.csv": csv(head, customer({ id: "bad", [column]: value }), customer({ id: "good" })) };
    await withFiles(files, async (source) => {
      expect(source.problems).toHaveLength(1);
      expect(source.problems[0]).toMatchObject({
        file: "customers.csv",
        line: 2,
        message: `${column}: ${fault}; the row is left out`,
      });
      expect(source.files).toEqual([{ file: "customers.csv", used: 1, leftOut: 1 }]);
      expect(await source.get({ customerId: "good" })).not.toBeNull();
      expect(await source.get({ customerId: "bad" })).toBeNull();
    });
  });

  it("names the column of the cell, every bad cell of a row, and the line after cells of two lines", async () => {
    const rows = [customer({ name: '"On\ne"' }), customer({ id: "c-2", arr: "x", seats: "y" })];
    await withFiles({ "customers.csv": csv(head, ...rows) }, (source) => {
      expect(placed(source)).toEqual([
        expect.stringMatching(/^customers\.csv:4:15: arr: "x"/),
        expect.stringMatching(/^customers\.csv:4:23: seats: "y"/),
      ]);
    });
  });

  it("keeps the first of two rows with one id", async () => {
    const rows = [customer({ name: "First" }), customer({ name: "Second" })];
    await withFiles({ "customers.csv": csv(head, ...rows) }, async (source) => {
      expect(placed(source)).toEqual(["customers.csv:3:1: id: c-1 is already on line 2; the row is left out"]);
      expect(await source.get({ customerId: "c-1" })).toMatchObject({ name: "First" });
    });
  });

  it("says a row with too few or too many cells", async () => {
    await withFiles(
      { "customers.csv": csv(head, "c-2,Two", customer({}), `${customer({ id: "c-3" })},more`) },
      (source) => {
        expect(placed(source)).toEqual([
          "customers.csv:2:1: 2 cells where the header has 20; the row is left out",
          "customers.csv:4:1: 21 cells where the header has 20; the row is left out",
        ]);
      },
    );
  });

  it("says unknown columns with the nearest right one, and missing columns", async () => {
    const files = { "customers.csv": csv("id,name,renewal_dat,id", "c-1,One,2026-12-14,c-9") };
    await withFiles(files, async (source) => {
      expect(placed(source)).toContain(
        'customers.csv:1:9: unknown column "renewal_dat"; it is not read. Did you mean renewal_date?',
      );
      expect(placed(source)).toContain("customers.csv:1:21: the column id is there twice; the first one is read");
      expect(placed(source)[0]).toMatch(
        /^customers.csv:1:1: the columns segment, .*, renewal_date, .* and champion_status are missing; they are read as empty$/,
      );
      expect(placed(source)).toHaveLength(3);
      expect(await source.get({ customerId: "c-1" })).toMatchObject({ id: "c-1", renewal_date: null });
    });
  });

  it("leaves out what hangs on an unknown customer, and counts it", async () => {
    const files = {
      "customers.csv": csv(head, customer({}), customer({ id: "c-2", arr: "x" })),
      "invoices.csv": csv("due_date,customer_id,paid_date,amount", "2026-11-01,c-1,,5", "2026-11-01,c-2,,5"),
    };
    await withFiles(files, async (source) => {
      expect(source.files[1]).toEqual({ file: "invoices.csv", used: 1, leftOut: 1 });
      expect(placed(source)[1]).toBe(
        'invoices.csv:3:12: customer_id: customers.csv has no usable row "c-2"; the row is left out',
      );
      expect((await source.records({ customerId: "c-1" })).invoices).toHaveLength(1);
    });
  });

  it("does without a file of records that can't be used, and says so", async () => {
    const files = {
      "customers.csv": csv(head, customer({})),
      "usage.csv": csv("month,active_users", "2026-10,5"),
      "tickets.csv": Buffer.from([0x69, 0x64, 0xff, 0xfe, 0x0a]),
      "contacts.csv": "",
    };
    await withFiles(files, async (source) => {
      expect(placed(source)).toEqual(
        expect.arrayContaining([
          "usage.csv:1:1: the column customer_id is missing; without it no row can be used",
          'tickets.csv:1:1: the file is not UTF-8 text; export it as "CSV UTF-8"',
          "contacts.csv:1:1: the file is empty; its first line must name the columns",
        ]),
      );
      expect(await source.records({ customerId: "c-1" })).toEqual({
        usage: null,
        tickets: null,
        invoices: null,
        contacts: null,
      });
    });
  });

  it("takes a month once", async () => {
    const files = {
      "customers.csv": csv(head, customer({})),
      "usage.csv": csv(
        "customer_id,month,active_users,events",
        "c-1,2026-10,5,1",
        "c-1,2026-10,6,1",
        "c-1,2026-13,6,1",
      ),
    };
    await withFiles(files, (source) => {
      expect(placed(source)).toEqual([
        "usage.csv:3:5: month: c-1, 2026-10 is already on line 2; the row is left out",
        'usage.csv:4:5: month: "2026-13" is not a month such as 2026-11; the row is left out',
      ]);
    });
  });
});

describe("is a folder that can't be read a clear error?", () => {
  it("names a folder that isn't there, and one without customers.csv", async () => {
    await inTemporaryFolder(async (folder) => {
      await expect(openCsvSource({ folder: join(folder, "nowhere") })).rejects.toThrow(/There is no folder .*nowhere/);
      await expect(openCsvSource({ folder })).rejects.toThrow(/There is no customers\.csv in .*the one file/);
      await writeFile(join(folder, "file"), "");
      await expect(openCsvSource({ folder: join(folder, "file") })).rejects.toThrow(/is not a folder/);
      await mkdir(join(folder, "customers.csv"));
      await expect(openCsvSource({ folder })).rejects.toThrow(/customers\.csv can't be read/);
    });
  });

  it("names what makes customers.csv unusable at its place, and nothing else", async () => {
    await expect(withFiles({ "customers.csv": "nonsense,id\nx,1\n" }, () => null)).rejects.toThrow(
      /^\S+customers\.csv:1:1: unknown column "nonsense"; it is not read\.\n\S+customers\.csv:1:1: the column name is missing; without it no row can be used\nSo there are no customers\. Correct \S+customers\.csv\.$/,
    );
  });

  it("guesses the separator of a spreadsheet", async () => {
    await expect(withFiles({ "customers.csv": "id;name\n1;One\n" }, () => null)).rejects.toThrow(
      /the column id is missing; without it no row can be used; columns are separated by commas/,
    );
  });
});
