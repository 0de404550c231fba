/** A folder of customers of one owner, each of them over the threshold and within the window: as many as a test needs. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCsv } from "../../src/agents/crm/csv/csv-text.ts";
import { anchorCell } from "../../src/agents/crm/sample/sample.ts";

const owner = ["dana.reyes@example.com", "Dana Reyes"];
const seats = 100;
const activeUsers = [80, 70, 52, 38];

/** `day` is ISO; `Customer 01` renews first. */
export async function riskyCustomers(parameters: { folder: string; count: number; day: string }): Promise<string> {
  const { folder, count, day } = parameters;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  await mkdir(folder, { recursive: true });
  const write = (file: string, rows: string[][]) =>
    writeFile(join(folder, file), writeCsv(rows.map((row) => row.map((cell) => anchorCell(cell, day)))));
  await write("customers.csv", [customerColumns, ...numbers.map((number) => customer(number))]);
  await write("usage.csv", [usageColumns, ...numbers.flatMap((number) => usage(number))]);
  await write("tickets.csv", [ticketColumns, ...numbers.map((number) => ticket(number))]);
  return folder;
}

export function nameOf(number: number): string {
  return `Customer ${String(number).padStart(2, "0")}`;
}

function idOf(number: number): string {
  return `risky-${number}`;
}

const customerColumns =
  "id,name,timezone,account_manager_email,account_manager_name,arr,currency,renewal_date,auto_renew,seats,nps,champion_status".split(
    ",",
  );

function customer(number: number): string[] {
  const renewal = `today+${4 + number}d`;
  return [
    idOf(number),
    nameOf(number),
    "UTC",
    ...owner,
    "48000",
    "USD",
    renewal,
    "false",
    String(seats),
    "-20",
    "left",
  ];
}

const usageColumns = ["customer_id", "month", "active_users", "events"];

function usage(number: number): string[][] {
  return activeUsers.map((active, index) => [
    idOf(number),
    `month-${activeUsers.length - index}`,
    String(active),
    String(active * 40),
  ]);
}

const ticketColumns = ["customer_id", "id", "opened_at", "closed_at", "priority", "csat", "subject"];

function ticket(number: number): string[] {
  return [idOf(number), `T-${number}`, "today-14d", "", "urgent", "", "Nothing can be exported"];
}
