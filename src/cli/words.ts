/** The words of a line that are no options, taken one by one. */
import type { Call } from "./command.ts";
import { UsageError } from "./errors.ts";

/** The one subject, `what` in words; blanks in it need no quotes. */
export function subjectOf(call: Pick<Call, "words">, what: string): string {
  const subject = optionalSubject(call);
  if (subject === null) throw new UsageError(`This command needs ${what}.`);
  return subject;
}

/** Null: none was given. */
export function optionalSubject({ words }: Pick<Call, "words">): string | null {
  const subject = words.join(" ").trim();
  return subject === "" ? null : subject;
}

/** For commands that take nothing behind them. */
export function noWords({ words }: Pick<Call, "words">): void {
  if (words.length > 0) throw new UsageError(`"${words.join(" ")}" is too much: this command takes options only.`);
}
