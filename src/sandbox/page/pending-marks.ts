/** Marks the controls whose press is under way. Only marks: what somebody chose or where they stand isn't drawn anew. */

export function markPending(root: HTMLElement, isPending: (blockId: string, actionId: string) => boolean): void {
  for (const control of root.querySelectorAll<HTMLElement>("[data-action]")) {
    const block = control.closest<HTMLElement>("[data-block]")?.dataset["block"] ?? "";
    markBusy(control, isPending(block, control.dataset["action"] ?? ""));
  }
}

/** Not `disabled`: a disabled button would drop the keyboard's focus in the middle of being pressed. */
export function markBusy(control: HTMLElement, busy: boolean): void {
  for (const name of ["aria-busy", "aria-disabled"]) {
    if (busy) control.setAttribute(name, "true");
    else control.removeAttribute(name);
  }
}
