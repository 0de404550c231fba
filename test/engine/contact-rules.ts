/** What revops.yml might say about reaching people: nothing, unless a test says it. */
import type { ContactRules } from "../../src/engine/contact-rules.ts";
import { mailboxOf } from "../../src/flow/mail-address.ts";
import { officeHours } from "../../src/flow/working-time.ts";

/** `never` and `customers`: who and about whom nobody is contacted. */
export function rules(changes: Partial<ContactRules> & { never?: string[]; customers?: string[] } = {}): ContactRules {
  const { never = [], customers = [], ...rest } = changes;
  return {
    workingTime: officeHours,
    keepsQuiet: false,
    directMessages: true,
    perPersonPerWeek: null,
    perAccountPerWeek: null,
    doNotContact: { mailboxes: new Set(never.map(mailboxOf)), customers: new Set(customers) },
    ...rest,
  };
}
