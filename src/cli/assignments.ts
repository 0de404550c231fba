/** `name=value` among the words of a line: inputs of a flow. */
import { UsageError } from "./errors.ts";

/** What stands before the first `=` decides: a name that isn't one is a mistake, not a customer. */
export function splitAssignments(words: readonly string[]): { plain: string[]; input: Record<string, string> } {
  const input = new Map<string, string>();
  const plain: string[] = [];
  for (const word of words) {
    const at = word.indexOf("=");
    if (at === -1) plain.push(word);
    else add(input, { word, name: word.slice(0, at), value: word.slice(at + 1) });
  }
  return { plain, input: Object.fromEntries(input) };
}

function add(input: Map<string, string>, { word, name, value }: { word: string; name: string; value: string }): void {
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name))
    throw new UsageError(`"${word}" can't be read: write name=value without blanks around =, the name in lower case.`);
  if (input.has(name)) throw new UsageError(`"${name}" is given twice: write it once.`);
  input.set(name, value);
}
