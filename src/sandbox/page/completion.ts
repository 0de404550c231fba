/** What the composer offers while somebody types a command, and what it remembers. Pure. */
import type { PageState } from "../page-api.ts";

export type Command = PageState["commands"][number];

/** Commands that the text may become; none once its name is complete and something follows. */
export function suggestCommands(text: string, commands: Command[]): Command[] {
  if (!/^\/\S*$/.test(text)) return [];
  return commands.filter((command) => command.command.startsWith(text.toLowerCase()));
}

/** The text after a suggestion was taken: ready for its arguments. */
export function completeCommand(command: Command): string {
  return `${command.command} `;
}

export function isCommand(text: string, commands: Command[]): boolean {
  const [name] = text.split(/\s/, 1);
  return commands.some((command) => command.command === name);
}

/** Sent lines, oldest first; a position behind the last one is the draft. */
export interface History {
  lines: string[];
  position: number;
  draft: string;
}

const REMEMBERED = 50;

export function newHistory(lines: string[] = []): History {
  return { lines, position: lines.length, draft: "" };
}

export function remember(history: History, line: string): History {
  const lines = history.lines.at(-1) === line ? history.lines : [...history.lines, line].slice(-REMEMBERED);
  return newHistory(lines);
}

/** One line back (-1) or forward (1); null when there is none. */
export function recall(history: History, step: -1 | 1, text: string): { history: History; text: string } | null {
  const position = history.position + step;
  if (position < 0 || position > history.lines.length) return null;
  const draft = history.position === history.lines.length ? text : history.draft;
  return { history: { ...history, position, draft }, text: history.lines[position] ?? draft };
}
