/** Account managers and their customers, as the source has them now; who has gone is nobody's any more. */
import type { Customer } from "../../../flow/customer.ts";
import { isGone } from "../../../flow/gone-customer.ts";
import { isMailAddress } from "../../../flow/mail-address.ts";
import type { CustomerSource } from "../../crm/customer-source.ts";

/** Mail addresses are compared without regard to case. Null: the customer has no account manager that can be told. */
export function ownerOf({ account_manager_email: email }: Pick<Customer, "account_manager_email">): string | null {
  const address = email?.trim().toLowerCase() ?? "";
  return isMailAddress(address) ? address : null;
}

export async function presentCustomers(source: CustomerSource, signal: AbortSignal): Promise<Customer[]> {
  const found: Customer[] = [];
  for await (const page of source.all({ signal })) found.push(...page.filter((customer) => !isGone(customer)));
  return found;
}
