/** Why a command did not do what was asked; the exit code follows from the kind (DESIGN §6). */

/** The line can't be meant: exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** The nearest right word. */
  readonly suggestion: string | null;
  /** How it is written, a line each. */
  readonly usage: readonly string[];
  constructor(message: string, options: { suggestion?: string | null; usage?: readonly string[] } = {}) {
    super(message);
    this.suggestion = options.suggestion ?? null;
    this.usage = options.usage ?? [];
  }
}

/** What is asked for can't be had, for reasons outside the line, each a sentence: exit code 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly sentences: readonly string[];
  /** The nearest right word. */
  readonly suggestion: string | null;
  constructor(sentences: readonly string[], suggestion: string | null = null) {
    super(sentences.join("\n"));
    this.sentences = sentences;
    this.suggestion = suggestion;
  }
}
