/** What of an update is still to be written, by what stands in the CRM now. Pure. */
import { valueInWords } from "../../flow/crm-change.ts";
import type { FieldValue, WritableField } from "../../flow/customer.ts";
import type { CrmChange } from "../../flow/effect.ts";
import { FailureError } from "../../flow/failure.ts";
import { isSameValue } from "./field-value.ts";

/** Throws `Effect.Refused` where a field has neither the value that it was planned from nor the one that it is to have. */
export function openChanges(asked: {
  customerId: string;
  changes: readonly CrmChange[];
  now: (field: WritableField) => FieldValue;
}): CrmChange[] {
  const { customerId, changes, now } = asked;
  const open = changes.filter(({ field, to }) => !isSameValue(field, now(field), to));
  const foreign = open.filter(({ field, from }) => !isSameValue(field, now(field), from));
  if (foreign.length === 0) return open;
  const words = foreign.map(
    ({ field, from, to }) =>
      `${field} is ${valueInWords(now(field))}, not ${valueInWords(from)}, which was to become ${valueInWords(to)}`,
  );
  throw refused(
    `The CRM has changed since this was planned for ${customerId}: ${words.join("; ")}. Nothing was written.`,
  );
}

export function refused(cause: string): FailureError {
  return new FailureError({ error: "Effect.Refused", cause });
}
