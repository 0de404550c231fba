/** `limits.contacts` of revops.yml: how often a person, and people about a customer, are reached, and who never is. */
import type { Reader } from "../../flow/flow-file/reader.ts";
import type { SourceNode } from "../../flow/flow-file/source.ts";
import { isMailAddress, mailboxOf } from "../../flow/mail-address.ts";
import type { ContactRules } from "../../engine/contact-rules.ts";

export type ContactLimits = Pick<ContactRules, "perPersonPerWeek" | "perAccountPerWeek" | "doNotContact">;

export const noContactLimits: ContactLimits = {
  perPersonPerWeek: null,
  perAccountPerWeek: null,
  doNotContact: { mailboxes: new Set(), customers: new Set() },
};

const caps = ["per_person_per_week", "per_account_per_week"] as const;
/** Each is read whenever the record changes. */
const highestCap = 500;

export function readContacts(node: SourceNode | null, reader: Reader): ContactLimits {
  const keys = [...caps, "do_not_contact"];
  const fields = node === null ? null : reader.fields(node, { what: "the limits of contacts", keys });
  if (fields === null) return noContactLimits;
  const cap = (key: (typeof caps)[number]) => {
    const value = fields.get(key);
    return value === null ? null : reader.wholeNumber(value, { what: key, min: 1, max: highestCap });
  };
  return {
    perPersonPerWeek: cap("per_person_per_week"),
    perAccountPerWeek: cap("per_account_per_week"),
    doNotContact: readDoNotContact(fields.get("do_not_contact"), reader),
  };
}

function isAddress(text: string): boolean {
  return text.includes("@");
}

function readDoNotContact(node: SourceNode | null, reader: Reader): ContactLimits["doNotContact"] {
  const texts = (node === null ? [] : reader.list(node)).flatMap((item) => {
    const text = reader.text(item, "who is not to be contacted")?.trim() ?? null;
    if (text === null) return [];
    if (!isAddress(text) || isMailAddress(text)) return [text];
    reader.report.error(item.at, `"${text}" is not one mail address; write one, or a customer's id or name`);
    return [];
  });
  return {
    mailboxes: new Set(texts.filter(isAddress).map(mailboxOf)),
    customers: new Set(texts.filter((text) => !isAddress(text)).map((text) => text.toLowerCase())),
  };
}
