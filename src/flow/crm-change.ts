/** What changes at a customer in the CRM, in words: each field as it was and as it will be. Raw text, escaped where it lands (T2). */
import type { FieldValue } from "./customer.ts";
import type { CrmChange, CrmUpdateEffect } from "./effect.ts";

export function updateInWords({ customer, changes }: Pick<CrmUpdateEffect, "customer" | "changes">): string {
  return `CRM update of ${customer.name}: ${changes.map(changeInWords).join(", ")}`;
}

export function changeInWords({ field, from, to }: CrmChange): string {
  return `${field} ${valueInWords(from)} → ${valueInWords(to)}`;
}

/** A text that could be read as more than one value, or as none, stands in quotes. */
export function valueInWords(value: FieldValue): string {
  if (value === null) return "nothing";
  if (typeof value !== "string" || (plain.test(value) && value !== "nothing")) return String(value);
  return JSON.stringify(value);
}

const plain = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}@._+:/ -]*$/u;
