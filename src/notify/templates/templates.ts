/**
 * Message templates: folders of four files (`subject.txt`, `mail.html`, `mail.txt`, `slack.txt`), named after the folder.
 *
 * Job: read and check them once, render each part with its own escaping. Non-job: recipients (E3), sending.
 */
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { FailureError } from "../../flow/failure.ts";
import type { RenderedMessage, TemplateRenderer } from "../../flow/message-template.ts";
import { nearest } from "../../flow/nearest.ts";
import { filters } from "./filters.ts";
import { checkTemplate, type TemplateProblem } from "./template-check.ts";
import { escapes } from "./template-escape.ts";
import { needsOf } from "./template-needs.ts";
import { MissingVariableError, renderTemplate } from "./template-render.ts";
import { parseTemplate, TemplateSyntaxError, type TemplateNode } from "./template-syntax.ts";
import { TemplateVariables } from "./template-variables.ts";

const files = { subject: "subject.txt", html: "mail.html", text: "mail.txt", slack: "slack.txt" } as const;
type Part = keyof typeof files;
type Template = Record<Part, TemplateNode[]>;

export interface Templates extends TemplateRenderer {
  /** In the order of the alphabet. */
  readonly names: readonly string[];
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

const builtIn = fileURLToPath(new URL(".", import.meta.url));

/** A template of a later folder takes the place of one of the same name. Throws `FailureError` that names each problem with file, line and column. */
export async function loadTemplates(parameters: { folders?: readonly string[] } = {}): Promise<Templates> {
  const templates = new Map<string, Template>();
  const problems: string[] = [];
  for (const folder of [builtIn, ...(parameters.folders ?? [])]) {
    for (const name of await templateNames(folder)) {
      const read = await readTemplate(join(folder, name), problems);
      if (read !== null) templates.set(name, read);
    }
  }
  if (problems.length > 0) throw invalid(problems.join("\n"));
  return {
    names: [...templates.keys()].toSorted(),
    needs: new Map([...templates].map(([name, template]) => [name, needsOf(Object.values(template).flat())])),
    render: ({ template, variables }) => render(templates, { name: template, variables }),
  };
}

async function templateNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/** Null where one of the files is wrong: what is said joins the problems. */
async function readTemplate(folder: string, problems: string[]): Promise<Template | null> {
  const part = async (name: Part): Promise<TemplateNode[]> => {
    try {
      const file = join(folder, files[name]);
      return parseFile(file, await readPart(file));
    } catch (error) {
      if (!(error instanceof FailureError)) throw error;
      problems.push(error.failure.cause);
      return [];
    }
  };
  const before = problems.length;
  const template = {
    subject: await part("subject"),
    html: await part("html"),
    text: await part("text"),
    slack: await part("slack"),
  };
  return problems.length === before ? template : null;
}

async function readPart(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw invalid(`${file} can't be read: a template has the files ${Object.values(files).join(", ")}.`, error);
  }
}

/** All problems of the file, each as `FILE:LINE:COLUMN: message`. */
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

function render(
  templates: ReadonlyMap<string, Template>,
  { name, variables }: { name: string; variables: unknown },
): RenderedMessage {
  const template = templates.get(name);
  if (template === undefined) throw invalid(unknownTemplate(name, [...templates.keys()]));
  const parsed = TemplateVariables.safeParse(variables);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(
      `The template ${name} can't use ${issue?.path.join(".") ?? "its variables"}: ${issue?.message ?? ""}.`,
    );
  }
  const part = (which: Part) => renderPart({ name, template, which, variables: parsed.data });
  return { subject: part("subject").trim(), html: part("html"), text: tidy(part("text")), slack: tidy(part("slack")) };
}

/** What a template leaves out must leave no hole. */
function tidy(text: string): string {
  return text
    .replaceAll(/[ \t]+$/gm, "")
    .replaceAll(/\n{3,}/g, "\n\n")
    .trim();
}

function renderPart(parameters: {
  name: string;
  template: Template;
  which: Part;
  variables: TemplateVariables;
}): string {
  const { name, template, which, variables } = parameters;
  try {
    return renderTemplate(template[which], variables, { escape: escapes[which], filters });
  } catch (error) {
    if (!(error instanceof MissingVariableError)) throw error;
    throw invalid(`The template ${name} needs ${error.path}, which isn't there.`, error);
  }
}

function unknownTemplate(name: string, known: string[]): string {
  const near = nearest(name, known);
  const hint = near === null ? `There are ${known.join(", ")}.` : `Did you mean ${near}?`;
  return `There is no template ${name.slice(0, 100)}. ${hint}`;
}

function invalid(sentence: string, cause?: unknown): FailureError {
  return new FailureError({ error: "Input.Invalid", cause: sentence }, { cause });
}
