/** Is a line a command, or a sentence that wants an answer? A slip in a command stays one, and gets its "did you mean". */
import type { CommandLine } from "../listeners/commands/command-line.ts";
import { plainText } from "../listeners/commands/plain-text.ts";

/** "staus Acme" is a slip; longer than that is a sentence. */
const longestSlip = 2;
const sentenceWords = 4;

/** A line that can be meant as a command is one: what is left are those that can't, and a few that read as sentences. */
export function isQuestion(line: string, parsed: CommandLine): boolean {
  const text = plainText(line).trim();
  const count = text.split(/\s+/).length;
  const isAsked = text.endsWith("?");
  if (parsed.kind === "unknown") return isAsked || parsed.suggestion === null || count > longestSlip;
  if (parsed.kind === "status") return isAsked || /^(?:of|for|about|on)\s/i.test(parsed.subject ?? "");
  if (parsed.kind === "help") return parsed.topic !== null && (isAsked || count >= sentenceWords);
  // "history of Acme", "explain why Acme is at risk"
  if (parsed.kind === "problem")
    return isAsked || /^(?:history of|explain (?:why|how|what)|approvals (?:for|of))\s/i.test(text);
  return false;
}
