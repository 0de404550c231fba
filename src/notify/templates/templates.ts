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
import { escapes } from "./template-escape.ts";
import { MissingVariableError, renderTemplate } from "./template-render.ts";
import { parseTemplate, TemplateSyntaxError, type TemplateNode } from "./template-syntax.ts";
import { TemplateVariables } from "./template-variables.ts";

const files = { subject: "subject.txt", html: "mail.html", text: "mail.txt", slack: "slack.txt" } as const;
type Part = keyof typeof files;
type Template = Record<Part, TemplateNode[]>;

const builtIn = fileURLToPath(new URL(".", import.meta.url));

/** A template of a later folder takes the place of one of the same name. Throws `FailureError` that names file and line. */
export async function loadTemplates(parameters: { folders?: readonly string[] } = {}): Promise<TemplateRenderer> {
  const templates = new Map<string, Template>();
  for (const folder of [builtIn, ...(parameters.folders ?? [])]) {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) templates.set(entry.name, await readTemplate(join(folder, entry.name)));
    }
  }
  return { render: ({ template, variables }) => render(templates, { name: template, variables }) };
}

async function readTemplate(folder: string): Promise<Template> {
  const part = async (name: Part) => {
    const file = join(folder, files[name]);
    return parseFile(file, await readPart(file));
  };
  return {
    subject: await part("subject"),
    html: await part("html"),
    text: await part("text"),
    slack: await part("slack"),
  };
}

async function readPart(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw invalid(`${file} can't be read: a template has the files ${Object.values(files).join(", ")}.`, error);
  }
}

function parseFile(file: string, source: string): TemplateNode[] {
  try {
    const nodes = parseTemplate(source);
    checkFilters(nodes);
    return nodes;
  } catch (error) {
    if (!(error instanceof TemplateSyntaxError)) throw error;
    throw invalid(`${file}:${error.line}: ${error.message}.`, error);
  }
}

function checkFilters(nodes: readonly TemplateNode[]): void {
  for (const node of nodes) {
    if (node.kind === "if") checkFilters([...node.there, ...node.otherwise]);
    if (node.kind === "each") checkFilters(node.body);
    if (node.kind !== "value" || node.filter === null || Object.hasOwn(filters, node.filter.name)) continue;
    const known = Object.keys(filters).join(", ");
    throw new TemplateSyntaxError(`there is no filter ${node.filter.name}; there are ${known}`, node.line);
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
