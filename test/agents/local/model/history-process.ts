/**
 * Closed renewals of customers who know no risk model: their health drifts from month to month, people log in or don't, tickets are
 * opened, a champion leaves, invoices lie about, and once a year somebody decides. What a source could have seen sixty days
 * before becomes the row's factors. The decision never looks at these, only at what lies behind them.
 */
import { writeCsv } from "../../../../src/agents/crm/csv/csv-text.ts";

export interface ProcessOptions {
  seed: number;
  customers: number;
  /** `process`: as life is. `noise`: a coin decides. `leak`: the use was read after the decision. */
  kind?: "process" | "noise" | "leak";
  /** Share of factors that nobody wrote down. */
  unknown?: number;
  /** Share of customers that a bad year takes, roughly. */
  hardship?: number;
}

export const columns = [
  "customer",
  "owner",
  "closed_on",
  "as_of",
  "outcome",
  "arr",
  "utilization",
  "usage_change",
  "urgent_tickets",
  "oldest_urgent_days",
  "open_tickets",
  "csat",
  "champion",
  "nps",
  "overdue_days",
  "renewal_mode",
] as const;
export type Row = Record<(typeof columns)[number], string>;

export function historyText(options: ProcessOptions): string {
  return textOf(historyRows(options));
}

export function textOf(rows: readonly Row[]): string {
  return writeCsv([[...columns], ...rows.map((row) => columns.map((column) => row[column]))]);
}

export function historyRows(options: ProcessOptions): Row[] {
  const luck = dice(options.seed);
  return Array.from({ length: options.customers }, (_, number) => lifeOf(number, options, luck)).flat();
}

interface Dice {
  even(): number;
  normal(): number;
  /** How many of something rare happen. */
  poisson(rate: number): number;
}

/** Small, fast and well mixed (sfc32), and none of the code that is tested. */
function dice(seed: number): Dice {
  let [a, b, c, counter] = [0x9e3779b9, seed >>> 0, 0x243f6a88, 1];
  const even = () => {
    const mixed = (a + b + counter) >>> 0;
    counter = (counter + 1) >>> 0;
    a = (b ^ (b >>> 9)) >>> 0;
    b = (c + (c << 3)) >>> 0;
    c = (((c << 21) | (c >>> 11)) + mixed) >>> 0;
    return mixed / 2 ** 32;
  };
  for (let warm = 0; warm < 20; warm++) even();
  const normal = () => Math.sqrt(-2 * Math.log(1 - even())) * Math.cos(2 * Math.PI * even());
  const poisson = (rate: number) => {
    let count = 0;
    for (let left = even(); left > Math.exp(-rate); left *= even()) count++;
    return count;
  };
  return { even, normal, poisson };
}

interface Account {
  customer: string;
  owner: string;
  seats: number;
  arr: number;
  byItself: boolean;
  sloppyPayer: boolean;
}

function lifeOf(number: number, options: ProcessOptions, luck: Dice): Row[] {
  const seats = 10 + Math.floor(luck.even() * 190);
  const account: Account = {
    customer: `c-${String(number).padStart(5, "0")}`,
    owner: `manager-${1 + Math.floor(luck.even() * 6)}@example.com`,
    seats,
    arr: Math.round(seats * (300 + luck.even() * 900)),
    byItself: luck.even() < 0.5,
    sloppyPayer: luck.even() < 0.2,
  };
  let health = luck.normal();
  let championThere = luck.even() < 0.85;
  const use: number[] = [];
  const rows: Row[] = [];
  const firstMonth = Math.floor(luck.even() * 12);
  for (let month = 0; month < 36; month++) {
    // A little worse every month: what is new wears off, and now and then somebody leaves.
    health = 0.93 * health + 0.3 * luck.normal() - 0.02 - (options.hardship ?? 0) * (luck.even() < 0.05 ? 1.5 : 0);
    if (championThere && luck.even() < 0.015 + 0.02 * Number(health < -0.5)) {
      championThere = false;
      health -= 0.4;
    } else if (!championThere && luck.even() < 0.08) championThere = true;
    use.push(Math.min(1.2, Math.max(0, 0.62 + 0.2 * health + 0.07 * luck.normal())));
    if (month < 6 || month % 12 !== firstMonth) continue;
    const row = seen({ account, health, championThere, use, month, luck });
    const outcome = options.kind === "noise" ? coin(luck) : decision({ health, championThere, luck });
    rows.push(written({ ...row, outcome }, options, luck));
    if (outcome === "churned") break;
  }
  return rows;
}

/** A budget, a rival's offer and a mood that no factor sees. */
function decision({ health, championThere, luck }: { health: number; championThere: boolean; luck: Dice }): string {
  const rival = luck.even() < 0.25 ? 0.8 : 0;
  const worth = 1.1 + health + (championThere ? 0.3 : -0.5) - rival + 0.5 * luck.normal();
  if (worth < 0) return "churned";
  return worth < 0.35 ? "downgraded" : "renewed";
}

function coin(luck: Dice): string {
  const drawn = luck.even();
  return drawn < 0.2 ? "churned" : drawn < 0.27 ? "downgraded" : "renewed";
}

function seen(now: {
  account: Account;
  health: number;
  championThere: boolean;
  use: readonly number[];
  month: number;
  luck: Dice;
}): Omit<Row, "outcome"> {
  const { account, health, championThere, use, month, luck } = now;
  const [latest = 0, before = 0] = [use.at(-1), use.at(-4)];
  const urgent = luck.poisson(Math.exp(-1.1 - 0.6 * health));
  const overdue = luck.even() < (account.sloppyPayer ? 0.6 : 0.08) ? 1 + Math.floor(luck.even() * 70) : 0;
  const closed = new Date(Date.UTC(2023, month, 1 + Math.floor(luck.even() * 28)));
  const asOf = new Date(closed.getTime() - 60 * 86_400_000);
  return {
    customer: account.customer,
    owner: account.owner,
    closed_on: closed.toISOString().slice(0, 10),
    as_of: asOf.toISOString().slice(0, 10),
    arr: String(account.arr),
    utilization: latest.toFixed(2),
    usage_change: before < 0.05 ? "" : (latest / before - 1).toFixed(2),
    urgent_tickets: String(urgent),
    oldest_urgent_days: urgent === 0 ? "" : String(1 + Math.floor(luck.even() * 25)),
    open_tickets: String(urgent + luck.poisson(1.5)),
    csat: luck.even() < 0.3 ? "" : Math.min(5, Math.max(1, 3.9 + 0.4 * health + 0.6 * luck.normal())).toFixed(1),
    champion: championThere ? "active" : "left",
    nps:
      luck.even() < 0.4 ? "" : String(Math.round(Math.min(100, Math.max(-100, 20 + 25 * health + 30 * luck.normal())))),
    overdue_days: String(overdue),
    renewal_mode: account.byItself ? "renews_by_itself" : luck.even() < 0.3 ? "by_hand_notice_passed" : "by_hand",
  };
}

function written(row: Row, { kind, unknown = 0 }: ProcessOptions, luck: Dice): Row {
  const kept = { ...row };
  // Nobody logs in any more where the contract has ended.
  if (kind === "leak")
    kept.utilization = row.outcome === "churned" ? "0.00" : Math.max(0.2, Number(row.utilization)).toFixed(2);
  for (const column of columns.slice(6)) if (luck.even() < unknown) kept[column] = "";
  return kept;
}
