/** The sandbox without a `revops.yml`: the lead leads, the lead and the customer-success managers operate, two fields of the sample may be written. */
import { defaultRetention } from "../engine/retention.ts";
import { noPrices } from "../flow/usage.ts";
import type { Configuration } from "./configuration.ts";
import { noCrm } from "./configuration/crm.ts";
import { noContactLimits } from "./configuration/contacts.ts";
import { usualDigests } from "./configuration/digests.ts";
import { noPreferences } from "./configuration/people.ts";
import type { CrmSettings } from "./settings.ts";
import { leadEmail, type SandboxPerson } from "./sandbox-people.ts";

export function sandboxConfiguration(people: readonly SandboxPerson[], crm: CrmSettings): Configuration {
  const operators = people.filter(({ title }) => title === "Customer success").map(({ email }) => email);
  return {
    variables: { admin_email: leadEmail },
    roles: { revops_lead: [leadEmail], operator: [leadEmail, ...operators] },
    channels: { default: "#revops", alerts: "#renewals", flows: { churn_prevention: "#churn" } },
    limits: {},
    contacts: noContactLimits,
    prices: noPrices,
    people: noPreferences,
    retention: defaultRetention,
    digests: usualDigests,
    // Of the sample alone: a database of the user's own is written only where they say so.
    crm: crm.kind === "sample" ? { ...noCrm, writable: ["champion_status", "csm_email"] } : noCrm,
  };
}
