/**
 * Message templates: folders of four files (`subject.txt`, `mail.html`, `mail.txt`, `slack.txt`), named after the folder.
 *
 * Job: read and check them once, render each part with its own escaping. Non-job: recipients (E3), sending.
 */
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { FailureError } from "../../flow/failure.ts";
import type { RenderedMessage, TemplateRenderer } from "../../flow/message-template.ts";
import { nearest } from "../../flow/nearest.ts";
import { filters } from "./filters.ts";
import { frameFile, framed, readMailFrame, type MailFrame } from "./mail-frame.ts";
import { escapes } from "./template-escape.ts";
import { invalid, readTemplateFile } from "./template-file.ts";
import { needsOf } from "./template-needs.ts";
import { MissingVariableError, renderTemplate } from "./template-render.ts";
import type { TemplateNode } from "./template-syntax.ts";
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

/**
 * A template of a later folder takes the place of one of the same name, and so does its frame. Throws `FailureError` that names each
 * problem with file, line and column.
 */
export async function loadTemplates(parameters: { folders?: readonly string[] } = {}): Promise<Templates> {
  const read = new Map<string, Template>();
  const problems: string[] = [];
  let frame: MailFrame = [];
  for (const folder of [builtIn, ...(parameters.folders ?? [])]) {
    const { templates, hasFrame } = await contents(folder);
    if (hasFrame) frame = (await unlessWrong(readMailFrame(join(folder, frameFile)), problems)) ?? frame;
    for (const name of templates) {
      const template = await readTemplate(join(folder, name), problems);
      if (template !== null) read.set(name, template);
    }
  }
  if (problems.length > 0) throw invalid(problems.join("\n"));
  const templates = new Map([...read].map(([name, template]) => [name, inFrame(frame, template)]));
  return {
    names: [...templates.keys()].toSorted(),
    needs: new Map([...templates].map(([name, template]) => [name, needsOf(Object.values(template).flat())])),
    render: ({ template, variables }) => render(templates, { name: template, variables }),
  };
}

async function contents(folder: string): Promise<{ templates: string[]; hasFrame: boolean }> {
  const entries = await readdir(folder, { withFileTypes: true });
  return {
    templates: entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted(),
    hasFrame: entries.some(({ name }) => name === frameFile),
  };
}

/** Null where one of the files is wrong: what is said joins the problems. */
async function readTemplate(folder: string, problems: string[]): Promise<Template | null> {
  const whereMissing = `a template has the files ${Object.values(files).join(", ")}.`;
  const part = (name: Part) => unlessWrong(readTemplateFile(join(folder, files[name]), whereMissing), problems);
  const subject = await part("subject");
  const html = await part("html");
  const text = await part("text");
  const slack = await part("slack");
  if (subject === null || html === null || text === null || slack === null) return null;
  return { subject, html, text, slack };
}

async function unlessWrong<T>(reading: Promise<T>, problems: string[]): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof FailureError)) throw error;
    problems.push(error.failure.cause);
    return null;
  }
}

function inFrame(frame: MailFrame, template: Template): Template {
  return { ...template, html: framed(frame, { subject: template.subject, content: template.html }) };
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
