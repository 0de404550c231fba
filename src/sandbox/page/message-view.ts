/**
 * One message as an element, and its edit in place: the article stays, so focus and scroll position stay.
 * Not its job: which messages stand where (timeline), what a press does (presses).
 */
import type { PageMessage } from "../page-api.ts";
import type { BlockContext } from "./block-context.ts";
import { renderBlocks } from "./block-kit.ts";
import { format, shortMoment, type Reader } from "./dates.ts";
import { fill, h, setText } from "./h.ts";
import { keepFocus } from "./keep-focus.ts";
import { markPending } from "./pending-marks.ts";
import type { Presses } from "./presses.ts";
import { sharedFile } from "./shared-file.ts";
import { mrkdwnNodes } from "./text-view.ts";
import { instantOf, type TimelineItem } from "./timeline.ts";
import type { Workspace } from "./workspace.ts";

export type MessageItem = Extract<TimelineItem, { kind: "message" }>;

export interface Surroundings {
  workspace: Workspace;
  reader: Reader;
  presses: Presses;
  /** Null inside a thread. */
  openThread: ((message: PageMessage) => void) | null;
  scope: string;
}

interface Drawn {
  message: PageMessage;
  replies: string;
  zone: string;
  users: Workspace["users"];
  press: number;
}

const drawn = new WeakMap<HTMLElement, Drawn>();

export function newMessage(): HTMLElement {
  return h("article", { class: "message", tabindex: -1, "data-stop": "" });
}

export function drawMessage(article: HTMLElement, item: MessageItem, around: Surroundings): void {
  const { message } = item;
  article.classList.toggle("compact", item.compact);
  const known = drawn.get(article);
  const now: Drawn = {
    message,
    replies: JSON.stringify(item.replies),
    zone: around.reader.zone,
    users: around.workspace.users,
    press: around.presses.versionOf(message),
  };
  drawn.set(article, now);
  const same =
    known?.message === message && known.replies === now.replies && known.zone === now.zone && known.users === now.users;
  if (!same) keepFocus(article, () => redraw(article, item, around));
  else if (known.press !== now.press) markPresses(article, message, around.presses);
}

function redraw(article: HTMLElement, item: MessageItem, around: Surroundings): void {
  const { message } = item;
  const author = around.workspace.users.get(message.user);
  const name = author?.name ?? message.user;
  const time = format(instantOf(message), "time", around.reader.zone);
  article.dataset["ts"] = message.ts;
  article.dataset["channel"] = message.channel;
  article.dataset["user"] = message.user;
  article.classList.toggle("ephemeral", message.ephemeralFor !== null);
  article.setAttribute("aria-label", `${name}, ${time}`);
  const avatar = h("div", { class: "avatar", "aria-hidden": "true" }, author?.initials ?? "?");
  avatar.style.setProperty("--hue", String(author?.hue ?? 0));
  fill(
    article,
    avatar,
    h(
      "div",
      { class: "message-main" },
      message.ephemeralFor !== null && h("p", { class: "ephemeral-mark" }, "Only visible to you"),
      head({ name, isBot: author?.isBot === true, message, reader: around.reader }),
      body(message, around),
      ...message.files.map(sharedFile),
      h("div", { class: "message-error", role: "alert" }),
      threadLink(item, around),
    ),
    message.ephemeralFor === null && tools(message, around),
  );
  markPresses(article, message, around.presses);
}

function head(parts: { name: string; isBot: boolean; message: PageMessage; reader: Reader }): HTMLElement {
  const at = instantOf(parts.message);
  const full = `${format(at, "dayYear", parts.reader.zone)}, ${format(at, "timeSeconds", parts.reader.zone)}`;
  return h(
    "div",
    { class: "message-head" },
    h("b", { class: "author" }, parts.name),
    parts.isBot && h("span", { class: "app-tag" }, "App"),
    h("time", { datetime: new Date(at).toISOString(), title: full }, format(at, "time", parts.reader.zone)),
    parts.message.edited && h("span", { class: "edited" }, "(edited)"),
  );
}

function body(message: PageMessage, around: Surroundings): HTMLElement | null {
  const context = blockContext(message, around);
  if (message.blocks.length > 0) return renderBlocks(message.blocks, context);
  if (message.text === "" && message.files.length > 0) return null;
  return h("div", { class: "text" }, ...mrkdwnNodes(message.text, context));
}

function blockContext(message: PageMessage, around: Surroundings): BlockContext {
  const { workspace, presses, reader } = around;
  return {
    reader,
    userName: (id) => workspace.users.get(id)?.name ?? null,
    channelName: (id) => workspace.channels.get(id)?.name ?? null,
    press: (press) => presses.press(message, press),
    isPending: (blockId, actionId) => presses.isPending(message, blockId, actionId),
    inputs: [],
    images: message.images,
    scope: `${around.scope}-${message.ts}`,
  };
}

function threadLink({ message, replies }: MessageItem, { openThread, reader }: Surroundings): HTMLElement | null {
  if (replies === null || openThread === null) return null;
  const count = replies.count === 1 ? "1 reply" : `${replies.count} replies`;
  return h(
    "button",
    { type: "button", class: "thread-link", onclick: () => openThread(message) },
    h("b", {}, count),
    replies.lastAt !== null && h("span", {}, ` Last ${shortMoment(replies.lastAt, reader)}`),
  );
}

function tools(message: PageMessage, { openThread }: Surroundings): HTMLElement | null {
  if (openThread === null) return null;
  return h(
    "div",
    { class: "message-tools" },
    h("button", { type: "button", class: "tool", onclick: () => openThread(message) }, "Reply in thread"),
  );
}

function markPresses(article: HTMLElement, message: PageMessage, presses: Presses): void {
  markPending(article, (block, action) => presses.isPending(message, block, action));
  setText(article.querySelector(".message-error"), presses.errorOf(message) ?? "");
}
