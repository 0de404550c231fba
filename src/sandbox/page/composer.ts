/**
 * Where one writes. Enter sends, Shift+Enter breaks the line, `/` offers the commands, ArrowUp brings back what was sent.
 * Drafts stay with their channel. Not its job: what a command means; the bot answers that.
 */
import type { Answer } from "./server.ts";
import { completeCommand, isCommand, newHistory, recall, remember, type Command } from "./completion.ts";
import { createCommandMenu } from "./command-menu.ts";
import { fill, h } from "./h.ts";
import { refusalText } from "./presses.ts";

export interface ComposerSubject {
  /** Which draft this is: acting user, channel and thread. */
  key: string;
  /** "#revops", "Dana Reyes", "thread": what the field is named after. */
  placeholder: string;
  commands: Command[];
  inThread: boolean;
  notice: string | null;
}

export interface Composer {
  element: HTMLElement;
  show: (subject: ComposerSubject) => void;
  focus: () => void;
  /** Puts a text there to be read and sent by the person. */
  offer: (text: string) => void;
}

export interface ComposerWiring {
  name: string;
  history: { load: () => string[]; save: (lines: string[]) => void };
  send: (text: string) => Promise<Answer>;
  dismissNotice: () => void;
}

export function createComposer(wiring: ComposerWiring): Composer {
  const field = h("textarea", { class: "composer-field", rows: 1, "aria-autocomplete": "list" });
  const notice = h("p", { class: "composer-notice", role: "status" });
  const menu = createCommandMenu({ id: `${wiring.name}-commands`, field, choose: (command) => take(command) });
  const button = h("button", { type: "submit", class: "button primary send" }, "Send");
  const box = h("div", { class: "composer-box" }, field, button);
  const element = h("form", { class: "composer" }, menu.element, box, notice);
  const drafts = new Map<string, string>();
  let subject: ComposerSubject | null = null;
  let history = newHistory(wiring.history.load());
  let local: string | null = null;

  const write = (text: string): void => {
    field.value = text;
    grow(field);
    menu.update(text, subject?.inThread === false ? subject.commands : []);
  };
  const say = (text: string | null): void => {
    local = text;
    const shown = local ?? subject?.notice ?? null;
    if (notice.textContent !== (shown ?? "")) fill(notice, shown ?? "");
  };
  const take = (command: Command): void => {
    write(completeCommand(command));
    field.focus();
  };
  const send = async (): Promise<void> => {
    const text = field.value;
    if (subject === null || text.trim() === "") return;
    if (subject.inThread && isCommand(text, subject.commands)) {
      say(`${text.split(/\s/, 1)[0] ?? ""} does not work in threads. Type it in the channel.`);
      return;
    }
    const { key } = subject;
    history = remember(history, text);
    wiring.history.save(history.lines);
    wiring.dismissNotice();
    say(null);
    write("");
    drafts.delete(key);
    const answer = await wiring.send(text);
    if (answer.ok || subject.key !== key) return;
    if (field.value === "") write(text);
    say(refusalText(answer.error));
  };

  element.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
  field.addEventListener("input", () => write(field.value));
  field.addEventListener("blur", () => menu.close());
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (menu.key(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      return void send();
    }
    const step = historyStep(event, field);
    const found = step === null ? null : recall(history, step, field.value);
    if (found === null) return;
    event.preventDefault();
    ({ history } = found);
    write(found.text);
    menu.close();
  });

  return {
    element,
    focus: () => field.focus(),
    offer: (text) => {
      write(text);
      field.focus();
    },
    show: (next) => {
      const moved = subject?.key !== next.key;
      if (moved && subject !== null) drafts.set(subject.key, field.value);
      subject = next;
      field.setAttribute("aria-label", next.inThread ? "Reply in thread" : `Message ${next.placeholder}`);
      field.placeholder = next.inThread ? "Reply…" : `Message ${next.placeholder}`;
      if (moved) write(drafts.get(next.key) ?? "");
      if (moved) menu.close();
      say(moved ? null : local);
    },
  };
}

/** Up on an empty field or on what was recalled; a text with lines keeps its arrow keys. */
function historyStep(event: KeyboardEvent, field: HTMLTextAreaElement): -1 | 1 | null {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || field.value.includes("\n")) return null;
  if (event.key === "ArrowUp") return -1;
  return event.key === "ArrowDown" ? 1 : null;
}

function grow(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
}
