/**
 * Changes of a customer's fields in the CRM: written through the source that the customers come from.
 *
 * - W1. Each change carries the value that it was planned from, and the new one counts as arrived: performing again is harmless
 *   (`native`), and nothing that somebody else has written meanwhile is overwritten.
 * - W2. What may be written is asked again here: the plan may be older than `revops.yml`.
 */
import { updateInWords } from "../../flow/crm-change.ts";
import type { WritableField } from "../../flow/customer.ts";
import type { CustomerWriter } from "../../flow/customer-writer.ts";
import type { CrmUpdateEffect, Effect } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import type { Notifier } from "../notifier.ts";

export interface CrmNotifierOptions {
  /** Or why the customers can't be changed where they come from. */
  writer: CustomerWriter | { refusal: string };
  writable: readonly WritableField[];
}

export function createCrmNotifier({ writer, writable }: CrmNotifierOptions): Notifier {
  return {
    kinds: ["crm_update"],
    idempotency: "native",
    async perform({ effect, signal }) {
      const update = crmUpdate(effect);
      const { customer, changes } = update;
      if ("refusal" in writer) throw refused(writer.refusal);
      const closed = changes.filter(({ field }) => !writable.includes(field)).map(({ field }) => field);
      if (closed.length > 0) throw refused(`revops.yml doesn't list ${closed.join(", ")} under crm.writable.`);
      await writer.update({ customerId: customer.id, changes, signal });
      return { id: customer.id, summary: updateInWords(update), url: null };
    },
  };
}

function crmUpdate(effect: Effect): CrmUpdateEffect {
  if (effect.kind === "crm_update") return effect;
  throw refused(`A CRM takes no ${effect.kind}.`);
}

function refused(cause: string): FailureError {
  return new FailureError({ error: "Effect.Refused", cause });
}
