/** The ways to name an approver: a mail address, `user:U012ABC`, `group:HANDLE`, `role:NAME`. */
import { FailureError } from "../../flow/failure.ts";

export type Reference =
  | { kind: "email"; email: string }
  | { kind: "user"; userId: string }
  | { kind: "group"; handle: string }
  | { kind: "role"; role: string };

/** Throws `FailureError` (`Input.Invalid`) for what names nobody. */
export function parseReference(text: string): Reference {
  const reference = text.trim();
  const named = /^(user|group|role):\s*(\S+)$/.exec(reference);
  const name = named?.[2] ?? "";
  if (named?.[1] === "user") return { kind: "user", userId: name };
  if (named?.[1] === "group") return { kind: "group", handle: name.replace(/^@/, "") };
  if (named?.[1] === "role") return { kind: "role", role: name };
  if (/^[^\s@:]+@[^\s@:]+$/.test(reference)) return { kind: "email", email: reference.toLowerCase() };
  const cause = `"${text.slice(0, 100)}" names no approver. Use a mail address, user:ID, group:HANDLE or role:NAME.`;
  throw new FailureError({ error: "Input.Invalid", cause });
}

const written: Readonly<Record<string, string>> = {
  revops: "RevOps",
  csm: "CSM",
  am: "AM",
  vp: "VP",
  cro: "CRO",
  cfo: "CFO",
};
/** Letters that are spoken with a vowel first. */
const spokenWithVowel = /^(?:[aeio]|u(?!ni|s[ei])|[FHLMNRSX](?=[A-Z]))/;

/** "a RevOps lead", "an operator". */
export function anyoneWith(role: string): string {
  const words = role
    .split("_")
    .map((word) => written[word] ?? word)
    .join(" ");
  return `${spokenWithVowel.test(words) || /^(?:AM|VP of )$/.test(words) ? "an" : "a"} ${words}`;
}
