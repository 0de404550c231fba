/**
 * The open modal of the acting user. The browser's own dialog keeps the focus inside and gives Escape.
 * A view that the bot changes while it is open keeps what was typed (same block and action, as in Slack).
 */
import type { PageView } from "../page-api.ts";
import type { BlockContext, InputField, InputState, Press } from "./block-context.ts";
import { renderBlocks } from "./block-kit.ts";
import { fill, h } from "./h.ts";
import { keepFocus } from "./keep-focus.ts";
import { refusalText } from "./presses.ts";
import type { Answer } from "./server.ts";
import { fields, list, string } from "./shape.ts";

export type ViewValues = Record<string, Record<string, InputState>>;

export interface ModalWiring {
  context: () => Pick<BlockContext, "reader" | "userName" | "channelName">;
  submit: (viewId: string, values: ViewValues) => Promise<Answer>;
  press: (viewId: string, press: Press) => Promise<Answer>;
  close: (viewId: string) => void;
  /** The server took it: ask what is open now. */
  settled: () => void;
}

export interface Modal {
  element: HTMLElement;
  show: (view: PageView | null) => void;
}

interface Shown {
  view: PageView;
  inputs: InputField[];
}

export function createModal(wiring: ModalWiring): Modal {
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
  const pending = new Set<string>();
  let shown: Shown | null = null;

  const busy = (on: boolean): void => {
    for (const name of ["aria-busy", "aria-disabled"]) {
      if (on) submit.setAttribute(name, "true");
      else submit.removeAttribute(name);
    }
  };
  const press = async (viewId: string, what: Press): Promise<void> => {
    const key = `${what.blockId} ${what.actionId}`;
    pending.add(key);
    problem.textContent = "";
    const answer = await wiring.press(viewId, what);
    pending.delete(key);
    if (!answer.ok) problem.textContent = refusalText(answer.error);
  };
  const draw = (view: PageView): void => {
    const before = shown?.view.id === view.id ? shown.inputs.map((input) => ({ input, state: input.read() })) : [];
    const inputs: InputField[] = [];
    const context: BlockContext = {
      ...wiring.context(),
      press: (what) => void press(view.id, what),
      isPending: (blockId, actionId) => pending.has(`${blockId} ${actionId}`),
      inputs,
      scope: `view-${view.id}`,
    };
    title.textContent = string(fields(view.view["title"])["text"]) || "Dialog";
    cancel.textContent = string(fields(view.view["close"])["text"]) || "Cancel";
    submit.textContent = string(fields(view.view["submit"])["text"]);
    submit.hidden = submit.textContent === "";
    keepFocus(content, () => fill(content, renderBlocks(list(view.view["blocks"]), context)));
    for (const { input, state } of before) sameInput(inputs, input)?.restore(state);
    problem.textContent = "";
    busy(false);
    shown = { view, inputs };
  };
  const hide = (): void => {
    shown = null;
    if (element.open) element.close();
    content.replaceChildren();
  };
  const dismiss = (): void => {
    if (shown === null) return;
    const { id } = shown.view;
    hide();
    wiring.close(id);
  };
  const send = async (): Promise<void> => {
    if (shown === null || submit.hidden || submit.getAttribute("aria-busy") === "true") return;
    const { view, inputs } = shown;
    problem.textContent = "";
    if (!checkRequired(inputs)) return;
    busy(true);
    const answer = await wiring.submit(view.id, valuesOf(inputs));
    busy(false);
    if (answer.ok) return wiring.settled();
    if (shown?.view.id !== view.id) return;
    showErrors(shown.inputs, answer.errors);
    if (Object.keys(answer.errors).length === 0) problem.textContent = refusalText(answer.error);
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  element.addEventListener("cancel", (event) => {
    event.preventDefault();
    dismiss();
  });
  cancel.addEventListener("click", dismiss);
  cross.addEventListener("click", dismiss);

  return {
    element,
    show: (view) => {
      if (view === null) return hide();
      if (JSON.stringify(shown?.view) === JSON.stringify(view)) return;
      const opening = shown?.view.id !== view.id;
      draw(view);
      if (!element.open) element.showModal();
      if (opening) (shown?.inputs[0] ?? content).focus();
    },
  };
}

function sameInput(inputs: InputField[], other: InputField): InputField | null {
  return inputs.find((input) => input.blockId === other.blockId && input.actionId === other.actionId) ?? null;
}

function valuesOf(inputs: InputField[]): ViewValues {
  const values: ViewValues = {};
  for (const input of inputs) values[input.blockId] = { ...values[input.blockId], [input.actionId]: input.read() };
  return values;
}

function checkRequired(inputs: InputField[]): boolean {
  const missing = inputs.filter((input) => input.required && input.isEmpty());
  showErrors(inputs, Object.fromEntries(missing.map((input) => [input.blockId, "This field is needed."])));
  return missing.length === 0;
}

function showErrors(inputs: InputField[], errors: Record<string, string>): void {
  for (const input of inputs) input.setError(errors[input.blockId] ?? null);
  inputs.find((input) => errors[input.blockId] !== undefined)?.focus();
}
