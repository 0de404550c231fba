/**
 * One strict address: no display name, comma, bracket, quote or line break, so that it can only ever name one mailbox. A mail
 * library turns a malformed one into another recipient (`b@y.com <evil@z.com>` goes to evil). E3: the address is the plan's,
 * letter by letter.
 */

/** The same for every spelling of one mailbox: letters of any case, and whatever tag (`dana+renewals@…`). For comparing, never for sending. */
export function mailboxOf(address: string): string {
  const plain = address.trim().toLowerCase();
  const at = plain.lastIndexOf("@");
  const tag = plain.indexOf("+");
  return tag < 1 || tag > at ? plain : plain.slice(0, tag) + plain.slice(at);
}

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 254) return false;
  const labels = text.slice(at + 1).split(".");
  return localPart.test(text.slice(0, at)) && labels.length >= 2 && labels.every((label) => domainLabel.test(label));
}
