/** Redraws a part of the page without taking the keyboard away from whoever stands in it. */

/**
 * Runs `redraw`; if the focus was inside `root` and its element was replaced, the one that took its place gets it
 * (same block, action and value), else `root` itself, so that the next Tab goes on from here.
 */
export function keepFocus(root: HTMLElement, redraw: () => void): void {
  const active = document.activeElement;
  const inside = active instanceof HTMLElement && active !== root && root.contains(active);
  const key = inside ? focusKey(active) : null;
  redraw();
  if (!inside || root.contains(document.activeElement)) return;
  const again = Array.from(root.querySelectorAll<HTMLElement>("a,button,input,select,textarea")).find(
    (candidate) => focusKey(candidate) === key,
  );
  (again ?? root).focus({ preventScroll: true });
}

function focusKey(element: HTMLElement): string {
  const block = element.closest<HTMLElement>("[data-block]")?.dataset["block"] ?? "";
  const action = element.closest<HTMLElement>("[data-action]")?.dataset["action"] ?? "";
  const value = element instanceof HTMLInputElement && element.type !== "text" ? element.value : "";
  return JSON.stringify([block, action, value, action === "" ? element.className : ""]);
}
