/** Who mails come from: a strict address, and a name beside it. */
import { isMailAddress } from "../../flow/mail-address.ts";

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
