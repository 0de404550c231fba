/** Is the sample anchored at the first start and then left alone, and is whatever is wrong in a folder of CSV files told? */
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CustomerSourceError } from "../../src/agents/crm/customer-source.ts";
import { openCustomerSource, type OpenedSource } from "../../src/app/customer-source.ts";

const now = Date.parse("2026-11-23T23:30:00Z");
const configurationFile = { path: "revops.yml", isNamed: false };
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "customer-source-"));
});
afterEach(() => rm(folder, { recursive: true }));

function sample(at: number, timezone = "UTC"): Promise<OpenedSource> {
  return openCustomerSource({ crm: { kind: "sample" }, dataFolder: folder, timezone, now: at, configurationFile });
}

function csv(path = folder): Promise<OpenedSource> {
  return openCustomerSource({
    crm: { kind: "csv", folder: path },
    dataFolder: folder,
    timezone: "UTC",
    now,
    configurationFile,
  });
}

/** All columns, of which it fills three. */
function row(id: string, date: string): string {
  return `${id},Name ${id},,,,,,,,,,${date},,,,,,,,`;
}

async function renewal({ source }: OpenedSource): Promise<string | null | undefined> {
  return (await source.get({ customerId: "cust-12345" }))?.renewal_date;
}

describe("the sample", () => {
  it("keeps the dates of its first start, weeks later too", async () => {
    const first = await renewal(await sample(now));
    expect(first).toMatch(/^202[67]-\d\d-\d\d$/);
    const written = await stat(join(folder, "sample/customers.csv"));
    expect(await renewal(await sample(now + 40 * 86_400_000))).toBe(first);
    expect((await stat(join(folder, "sample/customers.csv"))).mtimeMs).toBe(written.mtimeMs);
  });

  it("is anchored at the zone's day, not at Greenwich's", async () => {
    const greenwich = await renewal(await sample(now));
    await rm(join(folder, "sample"), { recursive: true });
    const tokyo = await renewal(await sample(now, "Asia/Tokyo"));
    expect(Date.parse(`${tokyo}T00:00:00Z`) - Date.parse(`${greenwich}T00:00:00Z`)).toBe(86_400_000);
  });

  it("may be changed by hand", async () => {
    await sample(now);
    const file = join(folder, "sample/customers.csv");
    const text = await readFile(file, "utf8");
    await writeFile(file, text.replace("Acme Robotics", "Acme Rockets"));
    expect(await (await sample(now)).source.find({ text: "acme rockets" })).toHaveLength(1);
  });

  it("has nothing wrong in it", async () => {
    expect((await sample(now)).lines).toEqual([]);
  });
});

describe("a folder of CSV files", () => {
  it("tells its bad rows with file, line and column, and uses the others", async () => {
    const head = "id,name,segment,region,timezone,account_manager_email,account_manager_name,csm_email,arr,currency";
    const rest =
      "contract_start,renewal_date,notice_date,auto_renew,term_months,seats,status,created_at,nps,champion_status";
    await writeFile(
      join(folder, "customers.csv"),
      [`${head},${rest}`, row("c-1", "2026-12-24"), row("c-2", "24.12.2026")].join("\n"),
    );
    const { source, lines } = await csv();
    expect(lines).toEqual([
      `${join(folder, "customers.csv")}:3:23: renewal_date: "24.12.2026" is not a date such as 2026-11-30; the row is left out`,
      `${join(folder, "customers.csv")}: 1 row used, 1 left out`,
    ]);
    expect(await source.get({ customerId: "c-1" })).not.toBeNull();
  });

  it("is read and never written", async () => {
    await writeFile(join(folder, "customers.csv"), "id,name\nc-1,Acme\n");
    const { writer } = await csv();
    expect(writer).toEqual({ refusal: expect.stringContaining("CSV files (REVOPS_CRM=csv:…), which are only read") });
  });

  it("that has no customer at all says so", async () => {
    await writeFile(join(folder, "customers.csv"), "id,name\n");
    expect((await csv()).lines.at(-1)).toBe(`there is no customer in ${folder} that can be used`);
  });

  it.each(["missing", "customers.csv"])("that isn't one ends the start with a sentence: %s", async (name) => {
    await writeFile(join(folder, "customers.csv"), "id,name\n");
    const failure = await csv(join(folder, name)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CustomerSourceError);
    expect(failure).toMatchObject({ message: expect.stringContaining(join(folder, name)) });
  });
});
