/** The words of a line by a command's own options. Throws `UsageError` with the nearest right name. */
import { parseArgs } from "node:util";
import { nearest } from "../flow/nearest.ts";
import type { Command, OptionSpec } from "./command.ts";
import { UsageError } from "./errors.ts";

export const commonOptions = {
  json: { type: "flag", value: "", about: "one JSON document on standard output" },
  help: { type: "flag", value: "", about: "the command's usage and examples" },
} as const satisfies Record<string, OptionSpec>;

export class Options {
  readonly #values: ReadonlyMap<string, string | true>;

  constructor(values: ReadonlyMap<string, string | true>) {
    this.#values = values;
  }

  text(name: string): string | null {
    const value = this.#values.get(name);
    return typeof value === "string" ? value : null;
  }

  isSet(name: string): boolean {
    return this.#values.has(name);
  }

  /** One of some words; null: not given. */
  choice<Word extends string>(name: string, words: readonly Word[]): Word | null {
    const text = this.text(name);
    if (text === null) return null;
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    const message = `--${name} must be one of ${words.join(", ")}, not "${text}".`;
    throw new UsageError(message, { suggestion: nearest(text, words) });
  }

  /** A whole number from 1. */
  count(name: string, { otherwise, most }: { otherwise: number; most: number }): number {
    const text = this.text(name);
    if (text === null) return otherwise;
    if (/^\d{1,9}$/.test(text) && Number(text) >= 1 && Number(text) <= most) return Number(text);
    throw new UsageError(`--${name} must be a whole number from 1 to ${most.toLocaleString("en-US")}, not "${text}".`);
  }
}

export function readOptions(parameters: { command: Command; args: readonly string[] }): {
  words: string[];
  options: Options;
} {
  const { command, args } = parameters;
  const specs: Record<string, OptionSpec> = { ...command.options, ...commonOptions };
  const { tokens } = parseArgs({
    args: [...args],
    // Its own refusals have no nearest name and no usage, so the tokens are checked here.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(specs).map(([name, { type }]) => [
        name,
        { type: type === "flag" ? "boolean" : "string" } as const,
      ]),
    ),
  });
  const words: string[] = [];
  const values = new Map<string, string | true>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const spec = Object.hasOwn(specs, token.name) ? specs[token.name] : undefined;
    if (spec === undefined) throw unknownOption(token.rawName, Object.keys(specs));
    values.set(token.name, valueOf({ name: token.name, spec, value: token.value, isGiven: values.has(token.name) }));
  }
  return { words, options: new Options(values) };
}

function unknownOption(written: string, known: readonly string[]): UsageError {
  const near = nearest(written.replace(/^-+/, ""), known);
  return new UsageError(`There is no option ${written}.`, { suggestion: near === null ? null : `--${near}` });
}

function valueOf(given: {
  name: string;
  spec: OptionSpec;
  value: string | undefined;
  isGiven: boolean;
}): string | true {
  const { name, spec, value, isGiven } = given;
  if (isGiven) throw new UsageError(`--${name} is given twice: write it once.`);
  if (spec.type === "flag") {
    if (value === undefined) return true;
    throw new UsageError(`--${name} takes no value.`);
  }
  if (value === undefined || value === "") throw new UsageError(`--${name} needs a value: --${name} ${spec.value}.`);
  return value;
}
