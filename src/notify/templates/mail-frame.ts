/**
 * What stands around the mails of all templates: head, box and foot. `frame.html` in a folder of templates takes the place of the
 * built-in one. It says `<!-- content -->` once, and may say `<!-- subject -->`; a mail that is a whole document keeps its own.
 */
import { invalid, readTemplateFile } from "./template-file.ts";
import type { TemplateNode } from "./template-syntax.ts";

export const frameFile = "frame.html";

const contentMark = "<!-- content -->";
const subjectMark = "<!-- subject -->";

export type MailFrame = readonly TemplateNode[];

/** Throws `FailureError`, as a template's file does. */
export async function readMailFrame(file: string): Promise<MailFrame> {
  const frame = await readTemplateFile(file, "it is the frame of all mails.");
  const places = frame.filter((node) => node.kind === "text").flatMap(({ text }) => text.split(contentMark).slice(1));
  if (places.length !== 1)
    throw invalid(`${file}:1:1: ${contentMark} stands for the mail, so it has to be there once, outside of blocks.`);
  return frame;
}

export function framed(frame: MailFrame, mail: { subject: TemplateNode[]; content: TemplateNode[] }): TemplateNode[] {
  if (isWholeDocument(mail.content)) return mail.content;
  return filled(filled([...frame], contentMark, mail.content), subjectMark, mail.subject);
}

function filled(nodes: readonly TemplateNode[], mark: string, content: readonly TemplateNode[]): TemplateNode[] {
  return nodes.flatMap((node) => {
    if (node.kind !== "text" || !node.text.includes(mark)) return [node];
    const [before = "", after = ""] = node.text.split(mark);
    return [{ kind: "text", text: before }, ...content, { kind: "text", text: after }];
  });
}

function isWholeDocument([first]: readonly TemplateNode[]): boolean {
  return first?.kind === "text" && /^\s*<(?:!doctype|html)\b/i.test(first.text);
}
