/** From a CRM's files to the terminal: is what can't be right in them said of the customer, and never taken for health? */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { writeCsv } from "../../src/agents/crm/csv/csv-text.ts";
import { anchorCell } from "../../src/agents/crm/sample/sample.ts";
import { sitDown, type Sitting } from "./terminal-line.ts";

interface Row {
  id: string;
  term?: [start: string, renewal: string];
  status?: string;
  /** Of 100 seats, by month. */
  usage?: [month: string, activeUsers: string][];
  ownerLeft?: string;
}

const recent: [string, string][] = ["month-3", "month-2", "month-1"].map((month) => [month, "90"]);

/** All of them have high NPS, a champion, paid invoices and no ticket. */
const rows: Row[] = [
  { id: "healthy" },
  { id: "silent", usage: ["month-9", "month-8", "month-7"].map((month) => [month, "95"]) },
  { id: "unit", usage: recent.map(([month]) => [month, "9000"]) },
  { id: "past", term: ["today-400d", "today-9d"] },
  { id: "churned", status: "churned" },
  { id: "backwards", term: ["today+60d", "today+25d"] },
  { id: "orphan", ownerLeft: "today-20d" },
];

let sitting: Sitting;
beforeAll(async () => {
  sitting = await sitDown();
  const day = new Date().toISOString().slice(0, 10);
  const write = (file: string, heads: string, lines: string[][]) => {
    const cells = lines.map((line) => line.map((cell) => anchorCell(cell, day)));
    return writeFile(join(sitting.folder, "crm", file), writeCsv([heads.split(","), ...cells]));
  };
  const heads = "id,name,timezone,account_manager_email,arr,currency,contract_start,renewal_date,seats,status,nps";
  const customers = rows.map(({ id, term = ["today-340d", "today+25d"], status = "active" }) => {
    return [id, id, "UTC", `${id}@example.com`, "84000", "USD", ...term, "100", status, "60"];
  });
  await write("customers.csv", heads, customers);
  const usage = rows.flatMap(({ id, usage: months = recent }) => months.map((month) => [id, ...month, "1"]));
  await write("usage.csv", "customer_id,month,active_users,events", usage);
  const tickets = rows.map(({ id }) => [id, `T-${id}`, "today-30d", "today-29d", "normal", "5", "x"]);
  await write("tickets.csv", "customer_id,id,opened_at,closed_at,priority,csat,subject", tickets);
  const invoices = rows.map(({ id }) => [id, "today-60d", "today-58d", "4000"]);
  await write("invoices.csv", "customer_id,due_date,paid_date,amount", invoices);
  const contacts = rows.flatMap(({ id, ownerLeft }) => [
    [id, "Ruth", "ruth@example.com", "Champion", ""],
    ...(ownerLeft === undefined ? [] : [[id, "Marc", `${id}@example.com`, "", ownerLeft]]),
  ]);
  await write("contacts.csv", "customer_id,name,email,role,left_at", contacts);
});
afterAll(() => sitting.close());

it("says of somebody healthy that they are, with nothing that can't be told", async () => {
  const { out } = await sitting.line("customer", "healthy");
  expect(out).toMatch(/^Risk 0\.[0-3]\d, low · confidence (?:high|medium) /m);
  expect(out).not.toMatch(/seat use|usage trend|passed|status|before it begins|left on/);
});

it.each([
  ["usage that stopped arriving", "silent", /^Not known: .*seat use since \w+/m, "medium · confidence low"],
  ["people counted in another unit", "unit", /^Not known: .*seat use \(90 is not 0 to 3\)/m, "medium · confidence low"],
  ["a renewal date in the past", "past", /^Not known: .*the next renewal \(.+ has passed\)/m, "confidence medium"],
  ["a customer who churned already", "churned", /^Not known: .*status churned/m, "confidence medium"],
  [
    "a term that ends before it begins",
    "backwards",
    /^Not known: .*it ends on .+ before it begins/m,
    "confidence medium",
  ],
  ["an owner who left", "orphan", /^Not known: .*the account manager \(left on .+\)/m, "confidence"],
])("%s is a gap that is said", async (_name, id, gap, sureness) => {
  const { code, out } = await sitting.line("customer", id);
  expect(code).toBe(0);
  expect(out).toMatch(gap);
  expect(out).toMatch(new RegExp(`^Risk 0\\.\\d\\d, .*${sureness}`, "m"));
});
