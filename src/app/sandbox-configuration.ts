/** The sandbox without a `revops.yml`: the lead leads, and the lead and the customer-success managers operate. */
import { noMapping } from "../agents/crm/postgres/mapping.ts";
import { defaultRetention } from "../engine/retention.ts";
import type { Configuration } from "./configuration.ts";
import { noPreferences } from "./configuration/people.ts";
import { leadEmail, type SandboxPerson } from "./sandbox-people.ts";

export function sandboxConfiguration(people: readonly SandboxPerson[]): Configuration {
  const operators = people.filter(({ title }) => title === "Customer success").map(({ email }) => email);
  return {
    variables: { admin_email: leadEmail },
    roles: { revops_lead: [leadEmail], operator: [leadEmail, ...operators] },
    channels: { default: "#revops", alerts: "#renewals", flows: {} },
    limits: {},
    people: noPreferences,
    retention: defaultRetention,
    crm: noMapping,
  };
}
