/**
 * One strict address: no display name, comma, bracket, quote or line break, so that it can only ever name one mailbox. A mail
 * library turns a malformed one into another recipient (`b@y.com <evil@z.com>` goes to evil). E3: the address is the plan's,
 * letter by letter.
 */

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 254) return false;
  const labels = text.slice(at + 1).split(".");
  return localPart.test(text.slice(0, at)) && labels.length >= 2 && labels.every((label) => domainLabel.test(label));
}
