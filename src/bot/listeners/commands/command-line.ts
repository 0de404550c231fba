/**
 * What was typed behind `/revops`, as data.
 *
 * Job: words, quotes and `name=value` of one line, Slack's escapes undone; a sentence on usage where the line can't be meant.
 * Non-job: it knows no flow, no customer and no execution: whether they exist is the engine's word.
 */
import { nearest } from "../../../flow/nearest.ts";
import { plainText } from "./plain-text.ts";
import { tokenize, type Token } from "./tokenize.ts";

/** The words that work, in the order in which help lists them. */
export const words = ["run", "status", "flows", "approvals", "help"] as const;
export type Word = (typeof words)[number];

/** Promised, and not there yet: neither listed nor suggested. */
const laterWords: ReadonlySet<string> = new Set(
  "history explain pause resume abort redrive simulate metrics customer doctor".split(" "),
);

export const usage: Readonly<Record<Word, string>> = {
  run: "/revops run FLOW [CUSTOMER] [name=value …]",
  status: "/revops status [EXECUTION | FLOW | CUSTOMER]",
  flows: "/revops flows",
  approvals: "/revops approvals",
  help: "/revops help [TOPIC]",
};

export type CommandLine =
  | { kind: "run"; flowId: string; customer: string | null; input: Record<string, string> }
  | { kind: "status"; subject: string | null }
  | { kind: "flows" }
  | { kind: "approvals" }
  | { kind: "help"; topic: string | null }
  | { kind: "later"; word: string }
  | { kind: "unknown"; word: string; suggestion: string | null }
  /** `message` says what is wrong with the line and how it is written. */
  | { kind: "problem"; message: string };

export function parseCommandLine(text: string): CommandLine {
  const tokens = tokenize(plainText(text));
  if (tokens === "unclosed")
    return problem("A quote is opened and not closed: put names in quotes like “Acme Robotics”.");
  const [first, ...rest] = tokens;
  if (first === undefined) return { kind: "help", topic: null };
  const word = first.text.toLowerCase();
  if (isWord(word)) return parseWord(word, rest);
  if (laterWords.has(word)) return { kind: "later", word };
  return { kind: "unknown", word: first.text, suggestion: nearest(word, words) };
}

function parseWord(word: Word, rest: Token[]): CommandLine {
  switch (word) {
    case "run":
      return parseRun(rest);
    case "status":
      return { kind: "status", subject: joined(rest) };
    case "help":
      return { kind: "help", topic: joined(rest)?.toLowerCase() ?? null };
    case "flows":
    case "approvals":
      return rest.length === 0 ? { kind: word } : problem(`“${word}” takes nothing behind it: ${usage[word]}`);
  }
}

function parseRun(rest: Token[]): CommandLine {
  const [flow, ...others] = rest;
  if (flow === undefined || isAssignment(flow)) return problem(`Which flow? ${usage.run}`);
  const input = new Map<string, string>();
  for (const token of others.filter(isAssignment)) {
    const fault = addInput(input, token);
    if (fault !== null) return problem(fault);
  }
  const customer = joined(others.filter((token) => !isAssignment(token)));
  return { kind: "run", flowId: flow.text.toLowerCase(), customer, input: Object.fromEntries(input) };
}

/** An `=` outside quotes makes a token `name=value`, well formed or not; a quoted "Acme=Co" is a name. */
function isAssignment(token: Token): boolean {
  return token.equalsAt !== null;
}

function addInput(input: Map<string, string>, token: Token): string | null {
  const at = token.equalsAt ?? 0;
  const name = token.text.slice(0, at);
  const value = token.text.slice(at + 1);
  const shown = `“${token.text}”`;
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    return `${shown} can't be read: write name=value without spaces around “=”, the name in lower case. ${usage.run}`;
  }
  if (value === "" && !token.quoted)
    return `${shown} has no value: write ${name}=VALUE, or ${name}="" for an empty one.`;
  if (input.has(name)) return `“${name}” is given twice: write it once.`;
  input.set(name, value);
  return null;
}

function joined(tokens: Token[]): string | null {
  return tokens.length === 0 ? null : tokens.map((token) => token.text).join(" ");
}

function isWord(word: string): word is Word {
  return (words as readonly string[]).includes(word);
}

function problem(message: string): CommandLine {
  return { kind: "problem", message };
}
