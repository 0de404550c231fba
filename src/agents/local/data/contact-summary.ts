/** Who is known at the customer, and who speaks for the product there. */
import type { z } from "zod";
import type { Contact } from "../../crm/customer-source.ts";
import type { ContactSummary } from "./customer-data.ts";

const contactsShown = 20;

/** A departure that lies ahead hasn't happened. */
export function contactSummary(
  contacts: readonly Contact[],
  { today }: { today: string },
): z.infer<typeof ContactSummary> {
  const asOfToday = contacts.map((contact) => ({
    ...contact,
    left_at: contact.left_at !== null && contact.left_at <= today ? contact.left_at : null,
  }));
  const champions = asOfToday.filter(({ role }) => /\bchampion\b/i.test(role ?? ""));
  const present = champions.find(({ left_at }) => left_at === null);
  const lastToLeave = champions.toSorted((a, b) => ((a.left_at ?? "") < (b.left_at ?? "") ? 1 : -1))[0];
  const champion = present ?? lastToLeave;
  return {
    champion:
      champion === undefined ? null : { name: champion.name, email: champion.email, left_at: champion.left_at },
    contacts: asOfToday.slice(0, contactsShown),
  };
}
