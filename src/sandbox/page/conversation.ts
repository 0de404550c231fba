/** The main pane of a channel or direct message, with its composer; the thread beside it is made the same way. */
import type { PageChannel, PageMessage } from "../page-api.ts";
import { createComposer, type Composer } from "./composer.ts";
import type { Reader } from "./dates.ts";
import { h } from "./h.ts";
import { firstSteps } from "./first-steps.ts";
import type { Memory } from "./memory.ts";
import { createMessageList, type MessageList } from "./message-list.ts";
import type { Presses } from "./presses.ts";
import type { Answer } from "./server.ts";
import { channelTimeline, threadTimeline, timelineKeys } from "./timeline.ts";
import { channelTitle, noticeKey, type Workspace } from "./workspace.ts";

export interface ConversationScene {
  workspace: Workspace;
  as: string;
  reader: Reader;
  channel: PageChannel;
  thread: string | null;
  /** The last ts that had been read when the channel was opened. */
  readTs: string | null;
}

export interface ConversationWiring {
  name: "channel" | "thread";
  memory: Memory;
  presses: Presses;
  openThread: ((message: PageMessage) => void) | null;
  send: (text: string) => Promise<Answer>;
  dismissNotice: () => void;
}

export interface Conversation {
  element: HTMLElement;
  list: MessageList;
  composer: Composer;
  draw: (scene: ConversationScene) => void;
}

export function createConversation(wiring: ConversationWiring): Conversation {
  const list = createMessageList();
  const composer = createComposer({
    name: wiring.name,
    history: { load: wiring.memory.sentLines, save: wiring.memory.saveSentLines },
    send: wiring.send,
    dismissNotice: wiring.dismissNotice,
  });
  const more = h(
    "button",
    { type: "button", class: "to-end", hidden: true, onclick: list.scrollToEnd },
    "Go to the newest",
  );
  // From reading back to writing; in a thread Escape closes the thread.
  list.element.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && wiring.name === "channel" && !event.defaultPrevented) composer.focus();
  });
  list.element.addEventListener("scroll", () => (more.hidden = list.isAtEnd()));
  const element = h("div", { class: "conversation" }, list.element, more, composer.element);

  const draw = (scene: ConversationScene): void => {
    const { workspace, as, channel, thread } = scene;
    const title = channelTitle(workspace, channel, as);
    const question = { workspace, channel: channel.id, as, reader: scene.reader };
    list.draw({
      label: thread === null ? `Messages in ${title}` : "Thread",
      subject: JSON.stringify([channel.id, thread, as]),
      keys: timelineKeys({ ...question, thread }),
      items: (window) =>
        thread === null
          ? channelTimeline({ ...question, readTs: scene.readTs }, window)
          : threadTimeline({ ...question, thread }, window),
      around: {
        workspace,
        reader: scene.reader,
        presses: wiring.presses,
        openThread: wiring.openThread,
        scope: wiring.name,
      },
      empty: workspace.messages.has(channel.id)
        ? firstSteps({ workspace, channel, as, thread, offer: composer.offer })
        : null,
    });
    more.hidden = list.isAtEnd();
    composer.show({
      key: JSON.stringify([as, channel.id, thread]),
      placeholder: title,
      commands: workspace.commands,
      inThread: thread !== null,
      notice: thread === null ? (workspace.notices.get(noticeKey(as, channel.id)) ?? null) : null,
    });
  };
  return { element, list, composer, draw };
}
