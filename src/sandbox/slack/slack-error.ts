/** A refusal in Slack's words: `{ ok: false, error, … }`. */
export class SlackError extends Error {
  override readonly name = "SlackError";
  readonly code: string;
  /** Sentences with a JSON pointer, as Slack puts them into `response_metadata.messages`. */
  readonly problems: readonly string[];

  constructor(code: string, problems: readonly string[] = []) {
    super(code);
    this.code = code;
    this.problems = problems;
  }

  /** The body that the Web API answers with. */
  toBody(): Record<string, unknown> {
    if (this.problems.length === 0) return { ok: false, error: this.code };
    const messages = this.problems.map((problem) => `[ERROR] ${problem}`);
    return { ok: false, error: this.code, errors: this.problems, response_metadata: { messages } };
  }
}
