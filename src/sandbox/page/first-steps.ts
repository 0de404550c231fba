/** What an empty channel says: what one can type here, ready to be put into the composer. */
import type { PageChannel } from "../page-api.ts";
import { h } from "./h.ts";
import { otherMember, type Workspace } from "./workspace.ts";

export interface FirstSteps {
  workspace: Workspace;
  channel: PageChannel;
  as: string;
  thread: string | null;
  offer: (text: string) => void;
}

export function firstSteps({ workspace, channel, as, thread, offer }: FirstSteps): HTMLElement {
  const suggest = (text: string): HTMLElement =>
    h("button", { type: "button", class: "suggestion", onclick: () => offer(text) }, text);
  if (thread !== null) return h("p", { class: "empty" }, "This thread is no longer there.");
  if (channel.kind === "im") {
    if (otherMember(workspace, channel, as)?.isBot !== true) return h("p", { class: "empty" }, "No messages yet.");
    return h(
      "div",
      { class: "empty" },
      h("p", {}, "The bot writes to you here. To see what it can do, say"),
      suggest("help"),
    );
  }
  if (channel.name !== "revops") {
    return h("p", { class: "empty" }, channel.topic === "" ? "No messages yet." : `No messages yet. ${channel.topic}`);
  }
  return h(
    "div",
    { class: "empty" },
    h("p", {}, "Nothing here yet. Start a flow over all customers that it is for:"),
    suggest("/revops run renewal_management"),
    h("p", {}, "or for one of them:"),
    suggest("/revops run renewal_management Acme Robotics"),
    h("p", {}, "What needs a decision arrives in #renewals. Choose an account manager under “Acting as” to decide."),
  );
}
