/** An answer, a problem or a wrong line onto the terminal; gives the exit code (DESIGN §6). */
import type { Answer } from "./command.ts";
import { createPaper } from "./paper.ts";
import { plain } from "./plain.ts";
import type { Terminal } from "./terminal.ts";

export const exitCodes = { fine: 0, problems: 1, usage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function writeAnswer(terminal: Terminal, { answer, asJson }: { answer: Answer; asJson: boolean }): ExitCode {
  for (const problem of answer.problems ?? []) terminal.err(`${plain(problem)}\n`);
  const text = asJson ? JSON.stringify(answer.document, null, 2) : answer.text(createPaper(terminal));
  if (text !== "") terminal.out(`${text}\n`);
  return answer.isProblem === true ? exitCodes.problems : exitCodes.fine;
}

export interface Told {
  sentences: readonly string[];
  suggestion: string | null;
  /** How it is written, a line each. */
  usage: readonly string[];
  code: ExitCode;
}

/** With `--json` a program finds the same in a document. */
export function writeError(terminal: Terminal, { told, asJson }: { told: Told; asJson: boolean }): ExitCode {
  const { sentences, suggestion, usage, code } = told;
  // Names of customers stand in them, and what some server has said.
  const message = sentences
    .flatMap((sentence) => sentence.split("\n"))
    .map(plain)
    .join("\n");
  const hint = suggestion === null ? "" : ` Did you mean ${suggestion}?`;
  terminal.err([`${message}${hint}`, ...usage, ""].join("\n"));
  if (asJson) terminal.out(`${JSON.stringify({ error: { message, suggestion } }, null, 2)}\n`);
  return code;
}
