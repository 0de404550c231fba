/**
 * `retrieve_customer_data`: what is known of one customer, in the parts that the flow asks for.
 * It is read anew, also of the execution's own customer: after a wait of weeks it says how they stand now, not how they stood
 * at the start. Only who is gone from the CRM meanwhile is told of as the execution recorded them.
 */
import { z } from "zod";
import type { Customer } from "../../../flow/customer.ts";
import { localDate } from "../../../flow/zone.ts";
import type { ActionRequest } from "../../agent.ts";
import type { CustomerRecords, CustomerSource } from "../../crm/customer-source.ts";
import { defineAction, type LocalAction } from "../local-agent.ts";
import { contactSummary } from "./contact-summary.ts";
import { CustomerData, type DataPart, dataParts } from "./customer-data.ts";
import { noCustomer, unknownCustomer } from "./get-customer.ts";
import { invoiceSummary } from "./invoice-summary.ts";
import { supportHistory } from "./support-history.ts";
import { usageMetrics } from "./usage-metrics.ts";

const Parameters = z.strictObject({
  customer_id: z.string().min(1).optional().describe("left out: the execution's customer"),
  include_fields: z.array(z.enum(dataParts)).min(1).optional().describe("left out: all"),
}).describe("What is known of one customer, in the parts that the flow asks for.");

export function retrieveCustomerData({ source }: { source: CustomerSource }): LocalAction {
  return defineAction({
    agent: "data_agent",
    action: "retrieve_customer_data",
    parameters: Parameters,
    output: CustomerData,
    reads: [],
    plansEffects: false,
    readsCustomer: true,
    run: async ({ customer_id, include_fields }, request) => {
      const customer = await customerOf({ source, request, customerId: customer_id });
      const records = await source.records({ customerId: customer.id, signal: request.signal });
      const { now, timezone } = request.context;
      const day = { today: localDate({ at: now, timezone }), timezone };
      return { output: collect({ customer, records, day, parts: include_fields ?? dataParts }) };
    },
  });
}

async function customerOf(parameters: {
  source: CustomerSource;
  request: ActionRequest;
  customerId: string | undefined;
}): Promise<Customer> {
  const { source, request, customerId } = parameters;
  const recorded = request.customer;
  const wanted = customerId ?? recorded?.id;
  if (wanted === undefined) throw noCustomer("retrieve_customer_data");
  const found = await source.get({ customerId: wanted, signal: request.signal });
  if (found !== null) return found;
  if (recorded?.id !== wanted) throw unknownCustomer(wanted);
  return recorded;
}

export function collect(parameters: {
  customer: Customer;
  records: CustomerRecords;
  day: { today: string; timezone: string };
  parts: readonly DataPart[];
}): CustomerData {
  const { customer, records, day, parts } = parameters;
  const asked = new Set(parts);
  const { usage, tickets, invoices, contacts } = records;
  const data: CustomerData = {
    as_of: day.today,
    ...(asked.has("contract_details") ? { contract_details: contractDetails(customer) } : {}),
    ...(asked.has("usage_metrics")
      ? { usage_metrics: usage === null ? null : usageMetrics({ usage, seats: customer.seats, today: day.today }) }
      : {}),
    ...(asked.has("support_history") ? { support_history: tickets === null ? null : supportHistory(tickets, day) } : {}),
    ...(asked.has("invoices") ? { invoices: invoices === null ? null : invoiceSummary(invoices, day) } : {}),
    ...(asked.has("contacts")
      ? {
          contacts: contacts === null ? null : contactSummary(contacts, day),
          champion_status: customer.champion_status,
        }
      : {}),
    ...(asked.has("nps") ? { nps: customer.nps } : {}),
  };
  return { ...data, missing: parts.filter((part) => data[part] === null) };
}

function contractDetails(customer: Customer): CustomerData["contract_details"] {
  const { contract_start, renewal_date, notice_date, auto_renew, term_months, seats, arr, currency, status } = customer;
  return { contract_start, renewal_date, notice_date, auto_renew, term_months, seats, arr, currency, status };
}
