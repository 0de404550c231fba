/**
 * What speaks against relying on a score although its figures are there: a contract that is over, dates that contradict each
 * other, a customer who is gone, an owner who left. Each is said on the card; those about the customer lower the confidence.
 */
import type { Customer } from "../../../flow/customer.ts";
import { isGone } from "../../../flow/gone-customer.ts";
import type { CustomerData } from "../data/customer-data.ts";
import { dayInWords } from "../phrase.ts";
import type { Sources } from "./risk-evidence.ts";

export interface Doubt {
  /** Behind "Not known:". */
  text: string;
  lowersConfidence: boolean;
}

export function doubtsIn({ data, customer, today }: Sources): Doubt[] {
  const contract = data?.contract_details ?? null;
  const known = {
    today,
    status: contract?.status ?? customer?.status ?? null,
    start: contract?.contract_start ?? customer?.contract_start ?? null,
    renewal: contract?.renewal_date ?? customer?.renewal_date ?? null,
    notice: contract?.notice_date ?? customer?.notice_date ?? null,
  };
  return [...goneDoubts(known), ...dateDoubts(known), ...ownerDoubts({ data, customer, today })];
}

interface Contract {
  today: string;
  status: string | null;
  start: string | null;
  renewal: string | null;
  notice: string | null;
}

function goneDoubts({ status }: Contract): Doubt[] {
  if (!isGone({ status })) return [];
  return [{ text: `whether they are still a customer (status ${status?.trim() ?? ""})`, lowersConfidence: true }];
}

function dateDoubts({ today, status, start, renewal, notice }: Contract): Doubt[] {
  if (renewal === null) return [];
  const on = (date: string) => dayInWords(date, today);
  const texts = [
    ...(renewal < today && !isGone({ status }) ? [`the next renewal (${on(renewal)} has passed)`] : []),
    ...(start !== null && start >= renewal
      ? [`the contract's period (it ends on ${on(renewal)} before it begins on ${on(start)})`]
      : []),
    ...(notice !== null && notice > renewal ? [`the day for notice (${on(notice)} is after the renewal)`] : []),
  ];
  return texts.map((text) => ({ text, lowersConfidence: true }));
}

export interface Owners {
  accountManager: string | null;
  csm: string | null;
}

/** Who looks after the customer and hasn't left, as far as the contacts say. */
export function ownersOf({ data, customer, today }: Sources): Owners {
  const still = (email: string | null) => (email === null || leftOn(email, { data, today }) !== null ? null : email);
  return {
    accountManager: still(customer?.account_manager_email ?? null),
    csm: still(customer?.csm_email ?? null),
  };
}

function ownerDoubts({ data, customer, today }: Sources): Doubt[] {
  if (customer === null) return [];
  const roles: [string, keyof Customer & ("account_manager_email" | "csm_email")][] = [
    ["the account manager", "account_manager_email"],
    ["the customer success manager", "csm_email"],
  ];
  return roles.flatMap(([role, field]) => {
    const email = customer[field];
    const left = email === null ? null : leftOn(email, { data, today });
    if (left === null) return [];
    return [{ text: `${role} (left on ${dayInWords(left, today)})`, lowersConfidence: false }];
  });
}

function leftOn(email: string, { data, today }: { data: CustomerData | null; today: string }): string | null {
  const wanted = email.toLowerCase();
  const rows = (data?.contacts?.contacts ?? []).filter((contact) => contact.email?.toLowerCase() === wanted);
  const left = rows.flatMap(({ left_at }) => (typeof left_at === "string" && left_at <= today ? [left_at] : []));
  if (rows.length === 0 || left.length < rows.length) return null;
  return left.reduce((last, date) => (date > last ? date : last));
}
