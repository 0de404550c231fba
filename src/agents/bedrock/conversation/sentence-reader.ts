/**
 * A model's prose as it comes: whole sentences or lines, one after another, until the mark that says that it is whole. Nothing is
 * handed on before its end is seen, so nobody reads half a figure.
 */

/** A sentence that never ends is handed on in pieces of this length. */
const longestSentence = 600;

export class SentenceReader {
  readonly #mark: string;
  #rest = "";
  /** Behind the mark; null until it is seen. */
  #closing: string | null = null;

  constructor(nonce: string) {
    this.#mark = `[${nonce}]`;
  }

  /** What is whole by now. */
  take(text: string): string[] {
    if (this.#closing !== null) {
      this.#closing += text;
      return [];
    }
    this.#rest += text;
    const at = this.#rest.indexOf(this.#mark);
    if (at !== -1) {
      this.#closing = this.#rest.slice(at + this.#mark.length);
      const before = this.#rest.slice(0, at);
      this.#rest = "";
      return [...this.#cut(before), ...this.#leftover()];
    }
    return this.#cut(this.#rest);
  }

  /** The names behind the mark; null: it never came, and what was said is half an answer. */
  end(): string[] | null {
    return this.#closing === null ? null : (this.#closing.match(/[a-z]+\d*/g) ?? []);
  }

  /** With the white space behind them, so that the pieces join. */
  #cut(text: string): string[] {
    const whole = text.match(/[^\n]*?(?:[.!?](?=\s)\s+|\n+)/g) ?? [];
    this.#rest = text.slice(whole.join("").length);
    if (this.#rest.length <= longestSentence) return whole;
    const piece = this.#rest.slice(0, longestSentence);
    const end = Math.max(piece.lastIndexOf(" "), 0) || longestSentence;
    const long = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return [...whole, long];
  }

  #leftover(): string[] {
    const left = this.#rest;
    this.#rest = "";
    return left.trim() === "" ? [] : [left];
  }
}
