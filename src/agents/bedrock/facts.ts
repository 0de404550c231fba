/** What the model hears of a customer: code's figures on one side, what people wrote on the other. */
import { z } from "zod";
import { Json, type JsonObject } from "../../flow/json.ts";
import { localDate } from "../../flow/zone.ts";
import type { ActionRequest } from "../agent.ts";
import { optionalInput } from "../local/action-input.ts";
import { CustomerData } from "../local/data/customer-data.ts";
import type { RenewalRisk } from "../local/risk/renewal-risk.ts";

export interface Facts {
  today: string;
  facts: JsonObject;
  quoted: JsonObject;
}

const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .nullable()
  .catch(null);

/** A reason's evidence quotes tickets and people, so it stands with what was written. */
export function factsFor(request: ActionRequest, risk: RenewalRisk): Facts {
  const { customer, context } = request;
  const data = optionalInput(request, { action: "retrieve_customer_data", schema: CustomerData });
  const today = localDate({ at: context.now, timezone: context.timezone });
  const { tickets = null, ...support } = data?.support_history ?? {};
  const known = {
    today,
    risk: { ...risk, reasons: risk.reasons.map(({ factor, text, points }) => ({ factor, text, points })) },
    contract: {
      arr: customer?.arr ?? null,
      currency: Currency.parse(customer?.currency ?? null),
      seats: customer?.seats ?? null,
      renewal_date: customer?.renewal_date ?? null,
      notice_date: customer?.notice_date ?? null,
      auto_renew: customer?.auto_renew ?? null,
      term_months: customer?.term_months ?? null,
    },
    usage: data?.usage_metrics ?? null,
    support,
    invoices: data?.invoices ?? null,
    nps: data?.nps ?? customer?.nps ?? null,
  };
  const written = {
    customer: customer?.name ?? null,
    champion: data?.contacts?.champion?.name ?? null,
    tickets: (tickets ?? []).map(({ priority, subject, opened_at }) => ({ priority, subject, opened_at })),
    evidence: risk.reasons.flatMap(({ factor, evidence }) => evidence.map(({ text }) => ({ factor, text }))),
  };
  return { today, facts: plain(known), quoted: plain(written) };
}

/** Without what is undefined. */
function plain(value: unknown): JsonObject {
  return z.record(z.string(), Json).parse(JSON.parse(JSON.stringify(value)));
}
