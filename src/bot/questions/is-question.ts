/** Is a line a command, or a sentence that wants an answer? A slip in a command stays one, and gets its "did you mean". */
import type { CommandLine } from "../listeners/commands/command-line.ts";
import { plainText } from "../listeners/commands/plain-text.ts";

/** "staus Acme" is a slip; longer than that is a sentence. */
const longestSlip = 2;
const sentenceWords = 4;

export function isQuestion(line: string, parsed: CommandLine): boolean {
  const text = plainText(line).trim();
  const words = text.split(/\s+/);
  const isAsked = text.endsWith("?");
  switch (parsed.kind) {
    case "unknown":
      return isAsked || parsed.suggestion === null || words.length > longestSlip;
    case "status":
      return isAsked || /^(?:of|for|about|on)\s/i.test(parsed.subject ?? "");
    case "help":
      return parsed.topic !== null && (isAsked || words.length >= sentenceWords);
    // "history of Acme", "explain why Acme is at risk", "customer Acme, who owns it?"
    case "problem":
      return isAsked || /^(?:history of|explain (?:why|how|what)|approvals (?:for|of))\s/i.test(text);
    case "later":
      return isAsked || words.length >= sentenceWords;
    case "run":
    case "explain":
    case "history":
    case "flows":
    case "metrics":
    case "approvals":
    case "pause":
    case "resume":
    case "abort":
    case "redrive":
      return false;
    default:
      return parsed satisfies never;
  }
}
