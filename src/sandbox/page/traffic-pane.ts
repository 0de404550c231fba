/** What goes between the app and Slack, mail and calendar, live: a filter, the list, the faults beside it. */
import type { FaultName, TrafficEntry, TrafficVia } from "../page-api.ts";
import { createFaultPanel, type FaultPanelWiring } from "./fault-panel.ts";
import { createFollowList, type ListRow } from "./follow-list.ts";
import { h, setText } from "./h.ts";
import { filterEntries, type TrafficFilter, type TrafficLog } from "./traffic-log.ts";
import { drawTrafficRow, newTrafficRow } from "./traffic-row.ts";
import { VIAS } from "./traffic-words.ts";

export interface TrafficDrawing {
  traffic: TrafficLog;
  armed: FaultName[];
  zone: string;
  realNow: number;
}

export interface TrafficPane {
  element: HTMLElement;
  draw: (drawing: TrafficDrawing) => void;
}

export function createTrafficPane(wiring: FaultPanelWiring & { changed: () => void }): TrafficPane {
  const filter: TrafficFilter = { text: "", via: null };
  const list = createFollowList({ class: "messages traffic-list", role: "log" });
  const count = h("p", { class: "traffic-count" });
  const more = h(
    "button",
    { type: "button", class: "to-end", hidden: true, onclick: list.scrollToEnd },
    "Go to the newest",
  );
  const faults = createFaultPanel(wiring);
  const opened = new Set<number>();
  const change = (parts: Partial<TrafficFilter>): void => {
    Object.assign(filter, parts);
    wiring.changed();
  };
  const element = h(
    "div",
    { class: "traffic" },
    h(
      "section",
      { class: "traffic-main", "aria-label": "Envelopes and calls" },
      filterBar(change, count),
      h("div", { class: "conversation" }, list.element, more),
    ),
    faults.element,
  );
  const mark = (): void => {
    more.hidden = list.isAtEnd();
  };
  list.element.addEventListener("scroll", mark);

  const draw = ({ traffic, armed, zone, realNow }: TrafficDrawing): void => {
    const entries = filterEntries(traffic.entries, filter);
    const row = (entry: TrafficEntry): ListRow => ({
      key: String(entry.seq),
      make: newTrafficRow,
      draw: (node) =>
        drawTrafficRow(node, {
          entry,
          open: opened.has(entry.seq),
          zone,
          realNow,
          toggle: () => {
            if (!opened.delete(entry.seq)) opened.add(entry.seq);
            list.hold();
            wiring.changed();
          },
        }),
    });
    list.draw({
      label: "Traffic",
      subject: JSON.stringify(filter),
      keys: entries.map(({ seq }) => String(seq)),
      rows: ({ from, to }) => entries.slice(from, to).map(row),
      empty: traffic.loaded ? h("p", { class: "empty" }, emptyText(traffic)) : null,
    });
    setText(count, entries.length === traffic.entries.length ? "" : `${entries.length} of ${traffic.entries.length}`);
    mark();
    faults.draw({ armed, traffic, zone });
  };
  return { element, draw };
}

function emptyText({ entries }: TrafficLog): string {
  return entries.length === 0
    ? "Nothing yet. Each envelope to the app and each of its calls appears here as it happens."
    : "Nothing fits the filter.";
}

function filterBar(change: (parts: Partial<TrafficFilter>) => void, count: HTMLElement): HTMLElement {
  const text = h("input", {
    type: "search",
    placeholder: "chat.postMessage, 429, C0…",
    "aria-label": "Filter by text",
  });
  text.addEventListener("input", () => change({ text: text.value }));
  const via = h("select", { "aria-label": "Filter by via" }, h("option", { value: "" }, "All ways"));
  for (const [name, title] of Object.entries(VIAS)) via.append(h("option", { value: name }, title));
  via.addEventListener("change", () => change({ via: viaOf(via.value) }));
  return h("div", { class: "traffic-filter", role: "search", "aria-label": "Traffic" }, text, via, count);
}

function viaOf(value: string): TrafficVia | null {
  switch (value) {
    case "socket":
    case "http":
    case "web_api":
    case "response_url":
    case "smtp":
    case "google":
      return value;
    default:
      return null;
  }
}
