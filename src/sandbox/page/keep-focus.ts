/** Redraws a part of the page without taking the keyboard away from whoever stands in it. */

/**
 * Runs `redraw`; if the focus was inside `root` and its element was replaced, the one that took its place gets it
 * (same block, action and value), else `root` itself, so that the next Tab goes on from here.
 */
export function keepFocus(root: HTMLElement, redraw: () => void): void {
  const active = document.activeElement;
  const inside = active instanceof HTMLElement && active !== root && root.contains(active);
  const key = inside ? focusKey(active) : null;
  const caret = inside ? caretOf(active) : null;
  redraw();
  if (!inside || root.contains(document.activeElement)) return;
  const again = find(root, key);
  (again ?? root).focus({ preventScroll: true });
  if (caret !== null && again !== null && isText(again)) again.setSelectionRange(...caret);
}

/**
 * Where the keyboard is now. The answer leads it back later, even if what it stood on was drawn anew meanwhile: to what
 * took its place, else to the message or pane that it stood in.
 */
export function rememberFocus(): () => void {
  const active = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const root = active?.closest<HTMLElement>('article,[role="tabpanel"]') ?? null;
  const key = active === null ? null : focusKey(active);
  return () => {
    if (active?.isConnected === true) active.focus();
    else if (root?.isConnected === true) (find(root, key) ?? root).focus();
  };
}

function find(root: HTMLElement, key: string | null): HTMLElement | null {
  const candidates = Array.from(root.querySelectorAll<HTMLElement>("a,button,input,select,textarea"));
  return candidates.find((candidate) => focusKey(candidate) === key) ?? null;
}

function isText(element: HTMLElement): element is HTMLTextAreaElement | HTMLInputElement {
  return element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && element.type === "text");
}

function caretOf(element: HTMLElement): [number, number] | null {
  return isText(element) ? [element.selectionStart ?? 0, element.selectionEnd ?? 0] : null;
}

function focusKey(element: HTMLElement): string {
  const block = element.closest<HTMLElement>("[data-block]")?.dataset["block"] ?? "";
  const action = element.closest<HTMLElement>("[data-action]")?.dataset["action"] ?? "";
  const value = element instanceof HTMLInputElement && element.type !== "text" ? element.value : "";
  return JSON.stringify([block, action, value, action === "" ? element.className : ""]);
}
