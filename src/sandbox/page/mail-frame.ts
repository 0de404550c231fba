/**
 * A mail's HTML in a frame of its own.
 *
 * 1. The frame runs no scripts and sends no forms (T2); links open beside the page.
 * 2. Nothing is fetched because somebody reads a mail: what would load from elsewhere is taken out first.
 * 3. The page's CSP holds in the frame too and refuses inline styles, without which a mail is unreadable: they are put
 *    back through the CSSOM, which can style but not run anything.
 */
import { h } from "./h.ts";

const REFUSED = "script,link,meta,base,iframe,frame,object,embed,applet,video,audio,svg";
const STYLE = "data-mail-style";

export function mailFrame(html: string): HTMLElement {
  const { markup, sheets } = prepare(html);
  const frame = h("iframe", {
    class: "mail-frame",
    title: "The mail as HTML",
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "no-referrer",
  });
  frame.srcdoc = markup;
  frame.addEventListener("load", () => {
    const inside = frame.contentDocument;
    if (inside?.defaultView == null) return;
    dress(inside, inside.defaultView, sheets);
    frame.style.height = `${inside.documentElement.scrollHeight + 2}px`;
  });
  return frame;
}

/** Parses without running anything, and lays the styles aside. */
function prepare(html: string): { markup: string; sheets: string[] } {
  const mail = new DOMParser().parseFromString(html, "text/html");
  const sheets = Array.from(mail.querySelectorAll("style"), (style) => style.textContent ?? "");
  for (const element of mail.querySelectorAll(`style,${REFUSED}`)) element.remove();
  for (const element of mail.querySelectorAll("*")) cleanAttributes(element);
  const base = mail.createElement("base");
  base.target = "_blank";
  mail.head.prepend(base);
  return { markup: `<!doctype html>${mail.documentElement.outerHTML}`, sheets };
}

function cleanAttributes(element: Element): void {
  for (const { name, value } of Array.from(element.attributes)) {
    const remote = (name === "src" || name === "background") && !value.startsWith("data:image/");
    if (name === "style") element.setAttribute(STYLE, value);
    if (name === "style" || name === "srcset" || name.startsWith("on") || remote) element.removeAttribute(name);
  }
}

function dress(inside: Document, view: Window & typeof globalThis, sheets: string[]): void {
  inside.adoptedStyleSheets = [PAPER, ...sheets].map((text) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  for (const element of inside.querySelectorAll<HTMLElement>(`[${STYLE}]`)) {
    element.style.cssText = element.getAttribute(STYLE) ?? "";
  }
}

/** Mails are written for white paper, whatever the page's own colours. */
const PAPER =
  ":root { color-scheme: light; background: #fff; color: #1d1f23; font: 14px/1.5 system-ui, sans-serif; } body { margin: 12px; }";
