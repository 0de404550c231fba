/** T2: what a variable must look like in each part of a message. */
import { escapeMrkdwn, oneLine } from "../slack/escape.ts";
import type { Escape } from "./template-render.ts";

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** In text and in quoted attributes. */
const escapeHtml: Escape = (text) => text.replaceAll(/[&<>"']/g, (found) => entities[found] ?? found);

/** Control characters would reach headers and terminals; line breaks would begin lines that the template didn't write. */
const longest = 4000;

export const escapes = {
  subject: (text) => oneLine(text, 200),
  html: (text) => escapeHtml(oneLine(text, longest)),
  text: (text) => oneLine(text, longest),
  slack: (text) => escapeMrkdwn(oneLine(text, longest)),
} as const satisfies Record<string, Escape>;
