/** A customer whose renewal is at risk, and the source that has them: what the agents' contract is tested with. */
import type { CustomerRecords, CustomerSource } from "../../src/agents/crm/customer-source.ts";
import { customerWith } from "./support.ts";

export const troubled = customerWith({
  id: "cust-1",
  name: "Route 66 Logistics",
  account_manager_email: "dana@example.com",
  csm_email: "bo@example.com",
  arr: 120_000,
  currency: "EUR",
  seats: 120,
  renewal_date: "2026-12-14",
  notice_date: "2026-12-01",
  auto_renew: false,
  champion_status: "left",
});

export function troubledSource(subject = "Export fails"): CustomerSource {
  const records: CustomerRecords = {
    usage: [
      { month: "2026-07", active_users: 82, events: 900 },
      { month: "2026-10", active_users: 49, events: 500 },
    ],
    tickets: ["T-1", "T-2"].map((id) => ({
      id,
      opened_at: "2026-11-14T08:00:00Z",
      closed_at: null,
      priority: "urgent",
      csat: null,
      subject,
    })),
    invoices: [],
    contacts: [{ name: "Ruth", email: "ruth@example.com", role: "champion", left_at: "2026-11-03" }],
  };
  return {
    get: async ({ customerId }) => (customerId === troubled.id ? troubled : null),
    find: async () => [troubled],
    all: async function* () {
      yield [troubled];
    },
    records: async () => records,
  };
}
