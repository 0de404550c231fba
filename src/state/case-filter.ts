/** Which cases a list asks for, and where they stand in it. */
import { type Case, caseId } from "../flow/case.ts";
import type { Position } from "./position.ts";

export interface CaseFilter {
  /** True: all but the closed ones. */
  open: boolean;
  customerId?: string;
}

export function matchesCase({ record, filter }: { record: Case; filter: CaseFilter }): boolean {
  const isOpen = record.status !== "closed";
  return isOpen === filter.open && (filter.customerId === undefined || filter.customerId === record.customer.id);
}

export function casePosition(record: Case): Position {
  return { at: record.opened_at, id: caseId({ reason: record.reason, customerId: record.customer.id }) };
}
