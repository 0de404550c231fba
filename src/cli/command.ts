/** What a command of the terminal is: its usage and examples as data, and its answer as one document and as words. */
import type { JsonObject } from "../flow/json.ts";
import type { Options } from "./options.ts";
import type { Paper } from "./paper.ts";
import type { Terminal } from "./terminal.ts";

export interface OptionSpec {
  type: "text" | "flag";
  /** What stands for the value in the usage; empty for a flag. */
  value: string;
  about: string;
}

export interface Example {
  /** Behind `npx revops`. */
  line: string;
  about: string;
}

export interface Call {
  /** What stands behind the command's word and is no option. */
  words: readonly string[];
  options: Options;
  terminal: Terminal;
}

export interface Answer {
  /** For `--json`. */
  document: JsonObject;
  /** For people. */
  text: (paper: Paper) => string;
  /** For standard error: `FILE:LINE:COLUMN: message`, one each. */
  problems?: readonly string[];
  /** Something was found that isn't fine: exit code 1. */
  isProblem?: boolean;
}

export interface Command {
  word: string;
  /** Behind `npx revops`; several where the command has several forms. */
  usage: readonly string[];
  purpose: string;
  options: Readonly<Record<string, OptionSpec>>;
  examples: readonly Example[];
  /** What else is good to know, in full sentences. */
  notes?: readonly string[];
  run(call: Call): Promise<Answer>;
}
