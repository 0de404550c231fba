/**
 * One line of the terminal, from its words to an exit code.
 *
 * Job: find the command, read its options, write its answer or what stands in its way. Non-job: what a command does.
 */
import { nearest } from "../flow/nearest.ts";
import type { Answer, Call, Command } from "./command.ts";
import { commands } from "./commands.ts";
import { UsageError } from "./errors.ts";
import { helpAbout, helpList, helpOn, invocation } from "./help.ts";
import { readOptions } from "./options.ts";
import { told } from "./told.ts";
import type { Terminal } from "./terminal.ts";
import { writeAnswer, writeError, type ExitCode } from "./write.ts";

export async function runCli({ args, terminal }: { args: readonly string[]; terminal: Terminal }): Promise<ExitCode> {
  const asJson = args.includes("--json");
  try {
    return writeAnswer(terminal, { answer: await answer(args, terminal), asJson });
  } catch (error) {
    return writeError(terminal, { told: await told(error), asJson });
  }
}

async function answer(args: readonly string[], terminal: Terminal): Promise<Answer> {
  const at = args.findIndex((arg) => !arg.startsWith("-"));
  const before = at === -1 ? args : args.slice(0, at);
  const stray = before.find((arg) => !["--json", "--help", "-h"].includes(arg));
  if (stray !== undefined) throw new UsageError(`${stray} stands before the command: ${invocation} COMMAND [options].`);
  const word = args[at];
  if (word === undefined || word === "help") return help(at === -1 ? [] : args.slice(at + 1));
  const command = commands.find((one) => one.word === word);
  if (command === undefined) throw unknownWord(word);
  const rest = [...before, ...args.slice(at + 1)];
  if (rest.includes("--help") || rest.includes("-h")) return helpOn(command);
  return run(command, { args: rest, terminal });
}

function help(args: readonly string[]): Answer {
  const [topic, ...others] = args.filter((arg) => !arg.startsWith("-"));
  if (others.length > 0) throw new UsageError(`help takes one command: ${invocation} help [COMMAND].`);
  return topic === undefined ? helpList(commands) : helpAbout(commands, topic);
}

async function run(
  command: Command,
  { args, terminal }: { args: readonly string[]; terminal: Terminal },
): Promise<Answer> {
  try {
    const call: Call = { ...readOptions({ command, args }), terminal };
    return await command.run(call);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const usage = command.usage.map((line) => `Usage: ${invocation} ${line}`);
    throw new UsageError(error.message, { suggestion: error.suggestion, usage });
  }
}

function unknownWord(word: string): UsageError {
  const near = nearest(word, ["help", ...commands.map((command) => command.word)]);
  const usage = near === null ? [`${invocation} help lists the commands.`] : [];
  return new UsageError(`There is no command ${word}.`, { suggestion: near, usage });
}
