/**
 * The open modal of the acting user, the top one of a stack of up to three. The browser's own dialog keeps the focus
 * inside. Escape and the bot's "Cancel" lead back to the modal below, the cross closes the whole stack, as in Slack.
 */
import type { PageView } from "../page-api.ts";
import type { InputField, Press } from "./block-context.ts";
import { h, setText } from "./h.ts";
import { rememberFocus } from "./keep-focus.ts";
import { markBusy } from "./pending-marks.ts";
import { refusalText } from "./presses.ts";
import type { Answer } from "./server.ts";
import { fields, string } from "./shape.ts";
import { createViewBody, type ViewContext, type ViewValues } from "./view-body.ts";

export interface ModalWiring {
  context: () => ViewContext;
  submit: (viewId: string, values: ViewValues) => Promise<Answer>;
  press: (viewId: string, press: Press, values: ViewValues) => Promise<Answer>;
  /** Closes this view and what lies upon it; what lies below it, if anything, is shown next. */
  close: (viewId: string, nothingBelow: boolean) => void;
  /** The server took it: asks what is open now. */
  settled: () => Promise<void>;
}

export interface Modal {
  element: HTMLElement;
  show: (view: PageView | null) => void;
}

export function createModal(wiring: ModalWiring): Modal {
  const parts = dialogParts();
  const { element, form, title, content, problem, cancel, submit, cross } = parts;
  const body = createViewBody({
    context: wiring.context,
    press: async (viewId, what, values) => {
      setText(problem, "");
      const answer = await wiring.press(viewId, what, values);
      if (!answer.ok && shown?.id === viewId) setText(problem, refusalText(answer.error));
    },
  });
  content.append(body.element);
  let shown: PageView | null = null;
  let leadBack: (() => void) | null = null;

  const hide = (): void => {
    if (shown === null) return;
    shown = null;
    element.close();
    body.clear();
    leadBack?.();
    leadBack = null;
  };
  const dismiss = (whole: boolean): void => {
    if (shown === null) return;
    const { id, view } = shown;
    const nothingBelow = whole || string(view["previous_view_id"]) === "";
    if (nothingBelow) hide();
    wiring.close(whole ? string(view["root_view_id"]) || id : id, nothingBelow);
  };
  const send = async (): Promise<void> => {
    if (shown === null || submit.hidden || submit.getAttribute("aria-busy") === "true") return;
    const { id } = shown;
    setText(problem, "");
    if (!check(body.inputs())) return;
    markBusy(submit, true);
    const answer = await wiring.submit(id, body.values());
    if (answer.ok) await wiring.settled();
    markBusy(submit, false);
    if (answer.ok || shown?.id !== id) return;
    showErrors(body.inputs(), answer.errors);
    if (Object.keys(answer.errors).length === 0) setText(problem, refusalText(answer.error));
  };
  const draw = (view: PageView): void => {
    const empty = body.inputs().length === 0;
    const opening = shown?.id !== view.id;
    setText(title, textOf(view, "title") || "Dialog");
    setText(cancel, textOf(view, "close") || "Cancel");
    setText(submit, textOf(view, "submit"));
    submit.hidden = submit.textContent === "";
    setText(problem, "");
    body.draw(view);
    for (const input of body.inputs()) input.setError(null);
    shown = view;
    if (!element.open) {
      leadBack = rememberFocus();
      element.showModal();
    }
    // What was only loading has its fields now: the keyboard goes where it would have gone at once.
    if (opening || (empty && !isWriting(element))) focusFirst(body.inputs(), content);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss(false);
  });
  cancel.addEventListener("click", () => dismiss(false));
  cross.addEventListener("click", () => dismiss(true));

  return {
    element,
    show: (view) => {
      if (view === null) return hide();
      if (shown === view || JSON.stringify(shown) === JSON.stringify(view)) return;
      draw(view);
    },
  };
}

interface DialogParts {
  element: HTMLDialogElement;
  form: HTMLFormElement;
  title: HTMLElement;
  content: HTMLElement;
  problem: HTMLElement;
  cancel: HTMLElement;
  submit: HTMLElement;
  cross: HTMLElement;
}

function dialogParts(): DialogParts {
  const title = h("h2", { id: "modal-title" });
  const problem = h("p", { class: "message-error", role: "alert" });
  const content = h("div", { class: "dialog-content", tabindex: -1 });
  const cancel = h("button", { type: "button", class: "button plain" });
  const submit = h("button", { type: "submit", class: "button primary" });
  const cross = h("button", { type: "button", class: "cross", "aria-label": "Close dialog" }, "×");
  const form = h(
    "form",
    { novalidate: true },
    h("div", { class: "dialog-head" }, title, cross),
    content,
    problem,
    h("div", { class: "dialog-buttons" }, cancel, submit),
  );
  const element = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title" }, form);
  return { element, form, title, content, problem, cancel, submit, cross };
}

function textOf({ view }: PageView, name: string): string {
  return string(fields(view[name])["text"]);
}

function isWriting(element: HTMLElement): boolean {
  const active = document.activeElement;
  return active !== null && element.contains(active) && active.matches("input,select,textarea");
}

function focusFirst(inputs: InputField[], content: HTMLElement): void {
  const asked = content.querySelector<HTMLElement>("[autofocus]");
  (asked ?? inputs[0] ?? content).focus();
}

/** What this page can see by itself is said before anything is sent. */
function check(inputs: InputField[]): boolean {
  const found = inputs.map((input): [string, string | null] => [input.blockId, input.problem()]);
  const errors = found.filter((entry): entry is [string, string] => entry[1] !== null);
  showErrors(inputs, Object.fromEntries(errors));
  return errors.length === 0;
}

function showErrors(inputs: InputField[], errors: Record<string, string>): void {
  for (const input of inputs) input.setError(errors[input.blockId] ?? null);
  inputs.find((input) => errors[input.blockId] !== undefined)?.focus();
}
