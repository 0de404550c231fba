/**
 * One strict address: a mail library turns a malformed one into another recipient (`b@y.com <evil@z.com>` goes to evil), so
 * nothing but one plain mailbox passes. E3: the address is the plan's, letter by letter.
 */

const localPart = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const domainLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

export function isMailAddress(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at < 1 || at > 64 || text.length > 254) return false;
  const labels = text.slice(at + 1).split(".");
  return localPart.test(text.slice(0, at)) && labels.length >= 2 && labels.every((label) => domainLabel.test(label));
}

export interface Mailbox {
  name: string;
  address: string;
}

/** "RevOps <revops@example.com>" or the bare address; null for anything else. */
export function readSender(text: string): Mailbox | null {
  const named = /^\s*"?([^"<>]*?)"?\s*<([^<>]+)>\s*$/.exec(text);
  const sender =
    named === null ? { name: "", address: text.trim() } : { name: named[1] ?? "", address: (named[2] ?? "").trim() };
  return isMailAddress(sender.address) ? sender : null;
}
