/** A customer and short ways to ask a filter about them. */
import type { Customer } from "../../../src/flow/customer.ts";
import { compileFilter } from "../../../src/flow/filter.ts";
import type { Filter, FilterProblem } from "../../../src/flow/filter.ts";

export const acme: Customer = {
  id: "c1",
  name: "Acme Robotics",
  segment: "mid",
  region: null,
  timezone: "America/New_York",
  account_manager_email: "Dana@example.com",
  account_manager_name: "Dana Reyes",
  csm_email: null,
  arr: 84_000,
  currency: "USD",
  contract_start: "2025-01-31",
  renewal_date: "2026-12-10",
  notice_date: null,
  auto_renew: true,
  term_months: 12,
  seats: 120,
  status: "active",
  created_at: "2024-01-01T00:00:00Z",
  nps: null,
  champion_status: "left",
};

export const noon = { now: Date.parse("2026-11-20T17:00:00Z"), timezone: "America/New_York" };

export function filterOf(...predicates: string[]): Filter {
  const compiled = compileFilter({ predicates });
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
  return compiled.filter;
}

export function problemsOf(...predicates: string[]): FilterProblem[] {
  const compiled = compileFilter({ predicates });
  return compiled.ok ? [] : compiled.problems;
}

export function warningsOf(...predicates: string[]): FilterProblem[] {
  const compiled = compileFilter({ predicates });
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
  return compiled.warnings;
}

interface Asked {
  customer?: Partial<Customer>;
  now?: string;
  timezone?: string;
}

/** What the predicate gives, joined by AND in three-valued logic. */
export function valueOf(predicate: string, { customer, now, timezone }: Asked = {}): boolean | null {
  const row = {
    customer: { ...acme, ...customer },
    now: now === undefined ? noon.now : Date.parse(now),
    timezone: timezone ?? noon.timezone,
  };
  const values = filterOf(predicate)
    .explain(row)
    .map(({ value }) => value);
  return values.includes(false) ? false : values.includes(null) ? null : true;
}
