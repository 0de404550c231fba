/** The mails that left over SMTP: a list, and one mail as HTML, as text, with its headers. */
import type { PageMail } from "../page-api.ts";
import { dayName, format, shortMoment, type Reader } from "./dates.ts";
import { fill, h } from "./h.ts";
import { mailFrame } from "./mail-frame.ts";
import { placeHash } from "./place.ts";

type Tab = "HTML" | "Text" | "Headers";
const TABS: Tab[] = ["HTML", "Text", "Headers"];

export interface Inbox {
  element: HTMLElement;
  draw: (drawing: { mails: PageMail[]; selected: string | null; reader: Reader }) => void;
}

export function createInbox(): Inbox {
  const items = h("ul", { class: "mail-list", "aria-label": "Mails" });
  const reading = h("article", { class: "mail", "aria-label": "Mail" });
  const element = h("div", { class: "inbox" }, items, reading);
  let tab: Tab | null = null;
  let drawnList: unknown = null;
  let drawnMail = "";
  let last: Parameters<Inbox["draw"]>[0] | null = null;

  const choose = (next: Tab): void => {
    tab = next;
    if (last !== null) draw(last);
    reading.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
  };
  const draw = (drawing: Parameters<Inbox["draw"]>[0]): void => {
    last = drawing;
    const { mails, selected, reader } = drawing;
    const mail = mails.find((candidate) => candidate.id === selected) ?? null;
    element.classList.toggle("reading", mail !== null);
    const listKey = JSON.stringify([mails.map(({ id }) => id), reader.zone, selected]);
    if (drawnList !== listKey) fill(items, ...listRows(mails, selected, reader));
    drawnList = listKey;
    const shownTab = tabOf(mail, tab);
    const mailKey = JSON.stringify([
      mail?.id ?? (selected === null ? "" : "gone"),
      shownTab,
      reader.zone,
      mails.length === 0,
    ]);
    if (drawnMail === mailKey) return;
    drawnMail = mailKey;
    if (mail === null) fill(reading, nothing(mails, selected));
    else fill(reading, ...mailParts({ mail, tab: shownTab, choose, reader }));
  };
  return { element, draw };
}

/** What somebody chose stays chosen, where the mail has it. */
function tabOf(mail: PageMail | null, chosen: Tab | null): Tab {
  if (chosen === "Headers" || (chosen === "Text" && mail?.text !== null)) return chosen;
  return mail?.html === null ? "Text" : "HTML";
}

function nothing(mails: PageMail[], selected: string | null): HTMLElement {
  if (mails.length === 0) {
    return h(
      "p",
      { class: "empty" },
      "No mail yet. What the flows send by mail arrives here; nothing leaves this machine.",
    );
  }
  return h("p", { class: "empty" }, selected === null ? "Choose a mail to read it." : "This mail is not there.");
}

function listRows(mails: PageMail[], selected: string | null, reader: Reader): HTMLElement[] {
  return mails.map((mail) =>
    h(
      "li",
      {},
      h(
        "a",
        { href: placeHash({ kind: "inbox", mail: mail.id }), "aria-current": mail.id === selected ? "true" : null },
        h("span", { class: "mail-to" }, mail.to.join(", ")),
        h("time", { datetime: mail.at }, shortMoment(Date.parse(mail.at), reader)),
        h("span", { class: "mail-subject" }, mail.subject || "(no subject)"),
      ),
    ),
  );
}

interface MailParts {
  mail: PageMail;
  tab: Tab;
  choose: (tab: Tab) => void;
  reader: Reader;
}

function mailParts({ mail, tab, choose, reader }: MailParts): HTMLElement[] {
  const at = Date.parse(mail.at);
  return [
    h("a", { class: "back", href: placeHash({ kind: "inbox", mail: null }) }, "All mails"),
    h("h2", {}, mail.subject || "(no subject)"),
    h(
      "dl",
      { class: "mail-facts" },
      h("dt", {}, "From"),
      h("dd", {}, mail.from),
      h("dt", {}, "To"),
      h("dd", {}, mail.to.join(", ")),
      h("dt", {}, "Sent"),
      h("dd", {}, `${dayName(at, reader)}, ${format(at, "time", reader.zone)}`),
    ),
    tabList(mail, tab, choose),
    h(
      "div",
      { class: "mail-panel", role: "tabpanel", id: "mail-panel", "aria-label": tab, tabindex: 0 },
      panel(mail, tab),
    ),
  ];
}

function tabList(mail: PageMail, selected: Tab, choose: (tab: Tab) => void): HTMLElement {
  const available = TABS.filter((tab) => tab === "Headers" || (tab === "HTML" ? mail.html : mail.text) !== null);
  const tabs = available.map((tab) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": tab === selected ? "true" : "false",
        "aria-controls": "mail-panel",
        tabindex: tab === selected ? 0 : -1,
        onclick: () => choose(tab),
      },
      tab,
    ),
  );
  const bar = h("div", { class: "tabs", role: "tablist", "aria-label": "Show the mail as" }, ...tabs);
  bar.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = available[(available.indexOf(selected) + step + available.length) % available.length];
    if (step !== 0 && next !== undefined) choose(next);
  });
  return bar;
}

function panel(mail: PageMail, tab: Tab): HTMLElement {
  switch (tab) {
    case "HTML":
      return mailFrame(mail.html ?? "");
    case "Text":
      return h("pre", { class: "mail-text" }, mail.text ?? "");
    case "Headers":
      return h(
        "table",
        { class: "mail-headers" },
        h(
          "tbody",
          {},
          ...mail.headers.map(({ name, value }) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value))),
        ),
      );
  }
}
