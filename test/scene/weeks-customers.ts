/** Four customers as the CRM exports them: in trouble at first, well in the second week, and later without usage of the newcomer. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeCsv } from "../../src/agents/crm/csv/csv-text.ts";
import { anchorCell } from "../../src/agents/crm/sample/sample.ts";

export const newcomer = { id: "W-1", name: "Northwind Bikes" };
export const renewing = { id: "W-2", name: "Fjell Sport" };
export const leaving = { id: "W-3", name: "Castellane Optique" };
export const content = { id: "W-4", name: "Harbour Dental" };

const columns =
  "id,name,timezone,account_manager_email,account_manager_name,csm_email,arr,currency,renewal_date,seats,status,nps,champion_status";

interface Looks {
  customer: { id: string; name: string };
  status: "active" | "onboarding";
  renewal: string;
  /** Of 100, in the last four whole months. */
  activeUsers: number[];
  nps: number;
  hasChampion: boolean;
  urgentSince: string | null;
}

const newcomerUse = { troubled: [0, 0, 0, 5], better: [0, 20, 60, 70], silent: [] };

/** `renewsIn`: days from `day`, which is ISO; each later export is anchored at its own day. */
export async function exportCustomers(parameters: {
  folder: string;
  day: string;
  renewsIn: number;
  state: "troubled" | "better" | "silent";
}): Promise<string> {
  const { folder, day, renewsIn, state } = parameters;
  const areBetter = state !== "troubled";
  const trouble = (customer: Looks["customer"], renewal: string): Looks => ({
    customer,
    status: "active",
    renewal,
    activeUsers: areBetter ? [85, 86, 88, 90] : [90, 80, 60, 35],
    nps: areBetter ? 40 : -40,
    hasChampion: areBetter,
    urgentSince: areBetter ? null : "today-9d",
  });
  const all: Looks[] = [
    {
      ...trouble(newcomer, "today+350d"),
      status: "onboarding",
      activeUsers: newcomerUse[state],
    },
    trouble(renewing, inDays(renewsIn)),
    trouble(leaving, "today+200d"),
    {
      ...trouble(content, inDays(renewsIn)),
      activeUsers: [90, 90, 90, 92],
      nps: 60,
      hasChampion: true,
      urgentSince: null,
    },
  ];
  await mkdir(folder, { recursive: true });
  const write = (file: string, heads: string, rows: string[][]) =>
    writeFile(
      join(folder, file),
      writeCsv([heads.split(","), ...rows.map((row) => row.map((cell) => anchorCell(cell, day)))]),
    );
  await write("customers.csv", columns, all.map(customerRow));
  await write("usage.csv", "customer_id,month,active_users,events", all.flatMap(usageRows));
  await write("tickets.csv", "customer_id,id,opened_at,closed_at,priority,csat,subject", all.flatMap(ticketRows));
  await write(
    "invoices.csv",
    "customer_id,due_date,paid_date,amount",
    all.map(({ customer: { id } }) => [id, "today-60d", "today-58d", "4000"]),
  );
  await write("contacts.csv", "customer_id,name,email,role,left_at", all.map(contactRow));
  return folder;
}

function inDays(days: number): string {
  return `today${days < 0 ? "" : "+"}${days}d`;
}

function customerRow({ customer: { id, name }, renewal, status, nps, hasChampion }: Looks): string[] {
  const people = ["dana.reyes@example.com", "Dana Reyes", "leah.okafor@example.com"];
  return [
    id,
    name,
    "UTC",
    ...people,
    "84000",
    "USD",
    renewal,
    "100",
    status,
    String(nps),
    hasChampion ? "active" : "left",
  ];
}

function usageRows({ customer: { id }, activeUsers }: Looks): string[][] {
  return activeUsers.map((users, index) => [
    id,
    `month-${activeUsers.length - index}`,
    String(users),
    String(users * 40),
  ]);
}

function ticketRows({ customer: { id }, urgentSince }: Looks): string[][] {
  const since = (name: string) => [
    id,
    `${id}-${name}`,
    urgentSince ?? "today-20d",
    urgentSince === null ? "today-2d" : "",
    "urgent",
    "",
    "Nobody can log in",
  ];
  return [since("1"), since("2")];
}

function contactRow({ customer: { id }, hasChampion }: Looks): string[] {
  return [id, "Ruth Vance", "ruth@customer.example", "Champion", hasChampion ? "" : "today-20d"];
}
