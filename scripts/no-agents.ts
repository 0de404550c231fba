/** For agents of which only the descriptions are read: nobody is asked, nothing is rendered. */
import type { CustomerSource } from "../src/agents/crm/customer-source.ts";
import type { TemplateRenderer } from "../src/flow/message-template.ts";

export const nobody: CustomerSource = {
  get: () => Promise.resolve(null),
  find: () => Promise.resolve([]),
  all: async function* () {},
  records: () => Promise.resolve({ usage: null, tickets: null, invoices: null, contacts: null }),
};

export const silent: TemplateRenderer = { render: () => ({ subject: "", html: "", text: "", slack: "" }) };
