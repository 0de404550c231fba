/** Can the sample be written like a CRM, in the machine's own copy and nowhere else? */
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openCsvSource } from "../../../src/agents/crm/csv/csv-source.ts";
import { readCsv, writeCsv } from "../../../src/agents/crm/csv/csv-text.ts";
import { materialiseSample } from "../../../src/agents/crm/sample/sample.ts";
import { openSampleSource } from "../../../src/agents/crm/sample/sample-source.ts";
import { failureOf, inTemporaryFolder } from "../support.ts";
import { startingFields, testCustomerWriter, type WritableCrm } from "./customer-writer.contract.ts";

const signal = new AbortController().signal;

async function openSample(): Promise<WritableCrm> {
  const folder = await mkdtemp(join(tmpdir(), "revops-sample-"));
  const file = join(folder, "customers.csv");
  const names = Object.keys(startingFields);
  const customers = Array.from({ length: 9 }, (_, index) => [
    `C-${index + 1}`,
    "Acme",
    ...Object.values(startingFields),
  ]);
  await writeFile(file, writeCsv([["id", "name", ...names], ...customers.map((cells) => cells.map(String))]));
  const source = await openSampleSource({ folder });
  const edit = async (change: (rows: string[][]) => string[][]) => {
    const rows = readCsv(await readFile(file, "utf8")).rows.map(({ cells }) => cells.map(({ text }) => text));
    await writeFile(file, writeCsv(change(rows)));
  };
  return {
    source,
    writer: source,
    set: (id, field, value) =>
      edit((rows) => rows.map((row) => (row[0] === id ? row.with(names.indexOf(field) + 2, String(value)) : row))),
    remove: (id) => edit((rows) => rows.filter((row) => row[0] !== id)),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

testCustomerWriter("the sample", openSample);

async function inSample<T>(use: (folder: string) => Promise<T>): Promise<T> {
  return inTemporaryFolder(async (parent) =>
    use(await materialiseSample({ folder: join(parent, "sample"), anchorDate: "2026-11-23" })),
  );
}

it("a change is there after a restart, for every command, and the file has nothing else changed", async () => {
  await inSample(async (folder) => {
    const before = await readFile(join(folder, "customers.csv"), "utf8");
    const source = await openSampleSource({ folder });
    const [customer] = await source.find({ text: "Acme Robotics" });
    if (customer === undefined) throw new Error("the sample has no Acme Robotics");
    const changes = [{ field: "status" as const, from: customer.status, to: "escalated" }];
    await source.update({ customerId: customer.id, changes, signal });
    const again = await openCsvSource({ folder });
    expect(await again.get({ customerId: customer.id })).toEqual({ ...customer, status: "escalated" });
    const after = await readFile(join(folder, "customers.csv"), "utf8");
    const differing = after.split("\r\n").filter((line, index) => line !== before.split("\r\n")[index]);
    expect(differing).toHaveLength(1);
    expect((await readdir(folder)).filter((name) => name.includes("draft"))).toEqual([]);
    // Where the sample comes from.
    expect(
      await readFile(join(import.meta.dirname, "../../../src/agents/crm/sample/customers.csv"), "utf8"),
    ).not.toContain("escalated");
  });
});

it("a line that somebody has broken by hand isn't lost with the rest", async () => {
  await inSample(async (folder) => {
    const file = join(folder, "customers.csv");
    const broken = `${await readFile(file, "utf8")}C-999,"never closed\r\n`;
    await writeFile(file, broken);
    const source = await openSampleSource({ folder });
    const [customer] = await source.find({ text: "Acme Robotics" });
    const changes = [{ field: "status" as const, from: customer?.status ?? null, to: "escalated" }];
    const failure = await failureOf(source.update({ customerId: customer?.id ?? "", changes, signal }));
    expect(failure).toMatchObject({ error: "Effect.Refused", cause: expect.stringContaining("can't be read") });
    expect(await readFile(file, "utf8")).toBe(broken);
  });
});

it("after a write that the disk refused the next one is made", async () => {
  await inSample(async (folder) => {
    const source = await openSampleSource({ folder });
    const [customer] = await source.find({ text: "Acme Robotics" });
    if (customer === undefined) throw new Error("the sample has no Acme Robotics");
    const change = { customerId: customer.id, changes: [{ field: "status" as const, from: customer.status, to: "x" }] };
    const draft = join(folder, "customers.csv.draft");
    await mkdir(draft);
    await expect(source.update({ ...change, signal })).rejects.toThrow("EISDIR");
    expect((await source.get({ customerId: customer.id }))?.status).toBe(customer.status);
    await rmdir(draft);
    await source.update({ ...change, signal });
    expect((await source.get({ customerId: customer.id }))?.status).toBe("x");
  });
});
