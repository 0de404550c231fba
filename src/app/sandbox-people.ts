/** Who is in the sandbox's workspace: the RevOps lead, every owner of the customer source, and somebody who may do nothing. */
import type { CustomerDirectory } from "../agents/agent.ts";
import type { Customer } from "../flow/customer.ts";
import { isZone } from "../flow/zone.ts";

export interface SandboxPerson {
  email: string;
  name: string;
  title: string;
  timezone: string;
}

export const leadEmail = "lead@example.com";
const outsiderEmail = "riley.quinn@example.com";

/** The lead comes first: it is who the page starts as. */
export async function sandboxPeople({
  customers,
  timezone,
}: {
  customers: CustomerDirectory;
  timezone: string;
}): Promise<SandboxPerson[]> {
  const owners = new Map<string, SandboxPerson>();
  for await (const page of customers.all()) for (const customer of page) addOwners(owners, { customer, timezone });
  const lead = owners.get(leadEmail) ?? { email: leadEmail, name: "Morgan Lee", title: "RevOps lead", timezone };
  const outsider = owners.has(outsiderEmail)
    ? []
    : [{ email: outsiderEmail, name: "Riley Quinn", title: "Finance, no approver", timezone }];
  const others = [...owners.values()]
    .filter(({ email }) => email !== leadEmail)
    .toSorted((one, other) => one.name.localeCompare(other.name));
  return [lead, ...others, ...outsider];
}

function addOwners(
  owners: Map<string, SandboxPerson>,
  { customer, timezone }: { customer: Customer; timezone: string },
): void {
  const manager = customer.account_manager_email?.toLowerCase();
  const zone = customer.timezone !== null && isZone(customer.timezone) ? customer.timezone : timezone;
  if (manager && owners.get(manager)?.title !== "Account manager") {
    const name = customer.account_manager_name ?? nameOf(manager);
    owners.set(manager, { email: manager, name, title: "Account manager", timezone: zone });
  }
  const csm = customer.csm_email?.toLowerCase();
  if (csm && !owners.has(csm))
    owners.set(csm, { email: csm, name: nameOf(csm), title: "Customer success", timezone: zone });
}

/** `lee.chan@example.com` → Lee Chan. */
function nameOf(email: string): string {
  const words = (email.split("@")[0] ?? email).split(/[._-]+/).filter((word) => word !== "");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}
