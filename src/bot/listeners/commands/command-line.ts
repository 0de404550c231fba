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
export const words = [
  "run",
  "status",
  "customer",
  "explain",
  "history",
  "flows",
  "approvals",
  "pause",
  "resume",
  "abort",
  "redrive",
  "metrics",
  "simulate",
  "doctor",
  "help",
] as const;
export type Word = (typeof words)[number];

export const usage: Readonly<Record<Word, string>> = {
  run: "/revops run FLOW [CUSTOMER] [name=value …]",
  status: "/revops status [EXECUTION | FLOW | CUSTOMER]",
  customer: "/revops customer NAME",
  explain: "/revops explain EXECUTION",
  history: "/revops history [FLOW | EXECUTION]",
  flows: "/revops flows [FLOW]",
  approvals: "/revops approvals",
  pause: "/revops pause FLOW",
  resume: "/revops resume FLOW",
  abort: "/revops abort EXECUTION [compensate]",
  redrive: "/revops redrive EXECUTION [from STEP] [name=value …]",
  metrics: "/revops metrics [FLOW]",
  simulate: "/revops simulate FLOW [PERIOD] [approvals=approve|reject|expire] [customer=NAME]",
  doctor: "/revops doctor",
  help: "/revops help [TOPIC]",
};

export type CommandLine =
  | { kind: "run"; flowId: string; customer: string | null; input: Record<string, string> }
  | { kind: "status"; subject: string | null }
  | { kind: "customer"; customer: string }
  | { kind: "explain"; executionId: string }
  | { kind: "history"; subject: string | null }
  | { kind: "flows" | "metrics"; flowId: string | null }
  | { kind: "approvals" | "doctor" }
  | { kind: "pause" | "resume"; flowId: string }
  | { kind: "abort"; executionId: string; compensate: boolean }
  | { kind: "redrive"; executionId: string; from: string | null; input: Record<string, string> }
  | {
      kind: "simulate";
      flowId: string;
      period: string | null;
      assumed: (typeof assumed)[number];
      customer: string | null;
    }
  | { kind: "help"; topic: string | null }
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
    case "customer":
      return parseCustomer(rest);
    case "explain":
      return parseExplain(rest);
    case "history":
      return parseHistory(rest);
    case "flows":
    case "metrics":
      return parseOptionalFlow(word, rest);
    case "pause":
    case "resume":
      return parseFlow(word, rest);
    case "abort":
      return parseAbort(rest);
    case "redrive":
      return parseRedrive(rest);
    case "simulate":
      return parseSimulate(rest);
    case "approvals":
    case "doctor":
      return rest.length === 0 ? { kind: word } : problem(`“${word}” takes nothing behind it: ${usage[word]}`);
    default:
      return word satisfies never;
  }
}

function parseRun(rest: Token[]): CommandLine {
  const [flow, ...others] = rest;
  if (flow === undefined || isAssignment(flow)) return problem(`Which flow? ${usage.run}`);
  const input = readInput(others, "run");
  if (typeof input === "string") return problem(input);
  const customer = joined(others.filter((token) => !isAssignment(token)));
  return { kind: "run", flowId: flow.text.toLowerCase(), customer, input };
}

const assumed = ["approve", "reject", "expire"] as const;

function parseSimulate(rest: Token[]): CommandLine {
  const [flow, ...others] = rest;
  if (flow === undefined || isAssignment(flow)) return problem(`Which flow? ${usage.simulate}`);
  const input = readInput(others, "simulate");
  if (typeof input === "string") return problem(input);
  const { approvals = "approve", customer = null, ...unknown } = input;
  const [stray] = Object.keys(unknown);
  if (stray !== undefined) {
    const near = nearest(stray, ["approvals", "customer"]);
    const hint = near === null ? "" : ` Did you mean ${near}=…?`;
    return problem(`“simulate” takes no ${stray}: ${usage.simulate}.${hint}`);
  }
  const word = assumed.find((one) => one === approvals.toLowerCase());
  if (word === undefined) return problem(`“approvals” is one of ${assumed.join(", ")}, not “${approvals}”.`);
  const period = joined(others.filter((token) => !isAssignment(token)));
  return { kind: "simulate", flowId: flow.text.toLowerCase(), period, assumed: word, customer };
}

function parseCustomer(rest: Token[]): CommandLine {
  const customer = joined(rest);
  return customer === null ? problem(`Which customer? ${usage.customer}`) : { kind: "customer", customer };
}

function parseExplain(rest: Token[]): CommandLine {
  const [execution, ...others] = rest;
  if (execution === undefined) return problem(`Which execution? ${usage.explain}`);
  if (others.length > 0) return problem(`“explain” takes one execution, by its id: ${usage.explain}`);
  return { kind: "explain", executionId: execution.text };
}

function parseHistory(rest: Token[]): CommandLine {
  const [subject, ...others] = rest;
  if (others.length > 0) return problem(`“history” takes one flow or one execution, by its id: ${usage.history}`);
  return { kind: "history", subject: subject?.text ?? null };
}

function parseOptionalFlow(word: "flows" | "metrics", rest: Token[]): CommandLine {
  const [flow, ...others] = rest;
  if (others.length > 0) return problem(`“${word}” takes one flow at most: ${usage[word]}`);
  return { kind: word, flowId: flow?.text.toLowerCase() ?? null };
}

function parseFlow(word: "pause" | "resume", rest: Token[]): CommandLine {
  const [flow, ...others] = rest;
  if (flow === undefined) return problem(`Which flow? ${usage[word]}`);
  if (others.length > 0) return problem(`“${word}” takes one flow: ${usage[word]}`);
  return { kind: word, flowId: flow.text.toLowerCase() };
}

function parseAbort(rest: Token[]): CommandLine {
  const [execution, how, ...others] = rest;
  if (execution === undefined) return problem(`Which execution? ${usage.abort}`);
  const compensate = how?.text.toLowerCase() === "compensate";
  if (others.length > 0 || (how !== undefined && !compensate)) {
    const near = how !== undefined && nearest(how.text.toLowerCase(), ["compensate"]) !== null;
    const hint = near ? " Did you mean “compensate”?" : " An execution is named by its id: “status” shows it.";
    return problem(`“abort” takes an execution and, to take back what was done, “compensate”: ${usage.abort}.${hint}`);
  }
  return { kind: "abort", executionId: execution.text, compensate };
}

function parseRedrive(rest: Token[]): CommandLine {
  const [execution, ...others] = rest;
  if (execution === undefined || isAssignment(execution)) return problem(`Which execution? ${usage.redrive}`);
  const input = readInput(others, "redrive");
  if (typeof input === "string") return problem(input);
  const [from, step, ...more] = others.filter((token) => !isAssignment(token));
  if (from === undefined) return { kind: "redrive", executionId: execution.text, from: null, input };
  if (from.text.toLowerCase() !== "from" || more.length > 0)
    return problem(`Behind the execution stand “from STEP” and name=value, nothing else: ${usage.redrive}`);
  if (step === undefined) return problem(`From which step? ${usage.redrive}`);
  return { kind: "redrive", executionId: execution.text, from: step.text.toLowerCase(), input };
}

/** What is written as name=value; a text says what is wrong with it. */
function readInput(tokens: Token[], word: "run" | "redrive" | "simulate"): Record<string, string> | string {
  const input = new Map<string, string>();
  for (const token of tokens.filter(isAssignment)) {
    const fault = addInput(input, token, word);
    if (fault !== null) return fault;
  }
  return Object.fromEntries(input);
}

/** An `=` outside quotes makes a token `name=value`, well formed or not; a quoted "Acme=Co" is a name. */
function isAssignment(token: Token): boolean {
  return token.equalsAt !== null;
}

function addInput(input: Map<string, string>, token: Token, word: "run" | "redrive" | "simulate"): string | null {
  const at = token.equalsAt ?? 0;
  const name = token.text.slice(0, at);
  const value = token.text.slice(at + 1);
  const shown = `“${token.text}”`;
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    return `${shown} can't be read: write name=value without spaces around “=”, the name in lower case. ${usage[word]}`;
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
