/** Help: the commands, one line each; of one command its usage, options and examples. */
import { nearest } from "../flow/nearest.ts";
import type { Answer, Command, OptionSpec } from "./command.ts";
import { UsageError } from "./errors.ts";
import { commonOptions } from "./options.ts";
import type { Paper } from "./paper.ts";
import { table } from "./table.ts";

export const invocation = "npx revops";

export function helpList(commands: readonly Command[]): Answer {
  const document = {
    commands: commands.map(({ word, usage, purpose }) => ({ command: word, usage: [...usage], purpose })),
  };
  return { document, text: (paper) => listText(paper, commands) };
}

function listText(paper: Paper, commands: readonly Command[]): string {
  const rows = commands.map(({ word, purpose }) => [`  ${paper.mark("bold", word)}`, purpose]);
  return [
    `${invocation} COMMAND [--json]`,
    "",
    table(paper, { rows }),
    "",
    `${invocation} help COMMAND shows usage and examples. What starts or changes an execution is recorded in the`,
    "store; the running app drives it. Exit code 0: fine; 1: problems found; 2: wrong usage.",
  ].join("\n");
}

export function helpOn(command: Command): Answer {
  const { word, usage, purpose, examples, notes = [] } = command;
  const specs: Record<string, OptionSpec> = { ...command.options, ...commonOptions };
  const options = Object.entries(specs).map(([name, { value, about }]) => ({
    option: value === "" ? `--${name}` : `--${name} ${value}`,
    about,
  }));
  const document = {
    command: word,
    usage: [...usage],
    purpose,
    options,
    examples: examples.map((one) => ({ ...one })),
  };
  const text = (paper: Paper) =>
    [
      ...usage.map((line) => paper.mark("bold", `${invocation} ${line}`)),
      `${purpose.charAt(0).toUpperCase()}${purpose.slice(1)}.`,
      ...notes,
      "",
      table(paper, { rows: options.map(({ option, about }) => [`  ${option}`, about]) }),
      "",
      "Examples:",
      ...examples.flatMap(({ line, about }) => [`  ${invocation} ${line}`, paper.mark("dim", `      ${about}`)]),
    ].join("\n");
  return { document, text };
}

export function helpAbout(commands: readonly Command[], topic: string): Answer {
  const command = commands.find(({ word }) => word === topic);
  if (command !== undefined) return helpOn(command);
  const words = commands.map(({ word }) => word);
  throw new UsageError(`There is no command ${topic}, so no help on it.`, { suggestion: nearest(topic, words) });
}
