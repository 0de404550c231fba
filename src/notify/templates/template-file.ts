/** One file of a template, read and checked: every problem with file, line and column. */
import { readFile } from "node:fs/promises";
import { FailureError } from "../../flow/failure.ts";
import { checkTemplate, type TemplateProblem } from "./template-check.ts";
import { parseTemplate, TemplateSyntaxError, type TemplateNode } from "./template-syntax.ts";

/** Throws `FailureError` (`Input.Invalid`): a line for each problem, `FILE:LINE:COLUMN: message`. */
export async function readTemplateFile(file: string, whereMissing: string): Promise<TemplateNode[]> {
  return parseFile(file, await read(file, whereMissing));
}

async function read(file: string, whereMissing: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw invalid(`${file} can't be read: ${whereMissing}`, error);
  }
}

function parseFile(file: string, source: string): TemplateNode[] {
  const lines = source.split("\n");
  const located = ({ line, word, message }: TemplateProblem) =>
    `${file}:${line}:${(lines[line - 1] ?? "").indexOf(word) + 1 || 1}: ${message}.`;
  try {
    const nodes = parseTemplate(source);
    const problems = checkTemplate(nodes);
    if (problems.length > 0) throw invalid(problems.map(located).join("\n"));
    return nodes;
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    throw invalid(located({ line: error.line, word: "{{", message: error.message }), error);
  }
}

export function invalid(sentence: string, cause?: unknown): FailureError {
  return new FailureError({ error: "Input.Invalid", cause: sentence }, { cause });
}
