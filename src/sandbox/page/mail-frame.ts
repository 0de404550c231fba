/**
 * A mail's HTML in a frame of its own.
 *
 * 1. The frame runs no scripts and sends no forms (T2); links open beside the page.
 * 2. The page's CSP holds in the frame too and refuses inline styles, without which a mail is unreadable: they are put
 *    back through the CSSOM, which can style but not run anything. Pictures from elsewhere stay refused: nothing leaves
 *    the machine because somebody reads a mail.
 */
import { h } from "./h.ts";

export function mailFrame(html: string): HTMLElement {
  const frame = h("iframe", {
    class: "mail-frame",
    title: "The mail as HTML",
    sandbox: "allow-same-origin allow-popups allow-popups-to-escape-sandbox",
    referrerpolicy: "no-referrer",
  });
  frame.srcdoc = `<!doctype html><base target="_blank">${html}`;
  frame.addEventListener("load", () => {
    const inside = frame.contentDocument;
    if (inside === null) return;
    applyStyles(inside);
    frame.style.height = `${inside.documentElement.scrollHeight}px`;
  });
  return frame;
}

function applyStyles(inside: Document): void {
  const view = inside.defaultView;
  if (view === null) return;
  const sheets = Array.from(inside.querySelectorAll("style"), (style) => {
    const sheet = new view.CSSStyleSheet();
    sheet.replaceSync(style.textContent ?? "");
    return sheet;
  });
  inside.adoptedStyleSheets = [baseSheet(view), ...sheets];
  for (const element of inside.querySelectorAll<HTMLElement>("[style]")) {
    element.style.cssText = element.getAttribute("style") ?? "";
  }
}

/** Mails are written for white paper, whatever the page's own colours. */
function baseSheet(view: Window & typeof globalThis): CSSStyleSheet {
  const sheet = new view.CSSStyleSheet();
  sheet.replaceSync(
    ":root { color-scheme: light; background: #fff; color: #1d1f23; font: 14px/1.5 system-ui, sans-serif; }",
  );
  return sheet;
}
