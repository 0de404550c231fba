/** One envelope or call as a line that opens to what was said. */
import type { TrafficEntry } from "../page-api.ts";
import { format } from "./dates.ts";
import { fill, h } from "./h.ts";
import { isLate } from "./traffic-log.ts";
import { detailParts, durationText, FAULTS, isFailed, statusText, VIAS } from "./traffic-words.ts";

export interface RowScene {
  entry: TrafficEntry;
  open: boolean;
  zone: string;
  realNow: number;
  toggle: () => void;
}

interface Drawn {
  entry: TrafficEntry;
  rest: string;
}

const drawn = new WeakMap<HTMLElement, Drawn>();
const toggles = new WeakMap<HTMLElement, () => void>();

export function newTrafficRow(): HTMLElement {
  const row = h("div", { class: "exchange" });
  const line = h("button", { type: "button", class: "exchange-line", "data-stop": "" });
  line.addEventListener("click", () => toggles.get(row)?.());
  row.append(line);
  return row;
}

export function drawTrafficRow(row: HTMLElement, scene: RowScene): void {
  toggles.set(row, scene.toggle);
  const { entry, open, zone, realNow } = scene;
  const late = isLate(entry, realNow);
  const status = statusText(entry, late, realNow);
  const rest = JSON.stringify([open, zone, status]);
  const known = drawn.get(row);
  if (known?.entry === entry && known.rest === rest) return;
  drawn.set(row, { entry, rest });
  row.classList.toggle("late", late);
  row.classList.toggle("failed", isFailed(entry));
  const [line] = row.children;
  if (line === undefined) return;
  line.setAttribute("aria-expanded", open ? "true" : "false");
  fill(line, ...lineParts(entry, zone, status));
  // The line itself stays where it is: it may have the keyboard.
  while (line.nextSibling !== null) line.nextSibling.remove();
  if (open) row.append(detail(entry));
}

function lineParts(entry: TrafficEntry, zone: string, status: string): HTMLElement[] {
  const time = `${format(entry.at, "timeSeconds", zone)}.${String(entry.at % 1_000).padStart(3, "0")}`;
  const toApp = entry.direction === "to_app";
  return [
    h("time", { datetime: new Date(entry.at).toISOString() }, time),
    h("span", { class: "out-of-sight" }, toApp ? "to the app by" : "from the app by"),
    h("span", { class: "exchange-way", "aria-hidden": "true" }, toApp ? "→ app" : "app →"),
    h("span", { class: "exchange-via" }, VIAS[entry.via]),
    h("span", { class: "exchange-name" }, entry.name),
    h(
      "span",
      { class: "exchange-status" },
      status,
      entry.fault !== null && h("span", { class: "fault-tag" }, `injected: ${FAULTS[entry.fault].title.toLowerCase()}`),
    ),
    h("span", { class: "exchange-ms" }, entry.ms === null ? "" : durationText(entry.ms)),
  ];
}

function detail(entry: TrafficEntry): HTMLElement {
  return h(
    "div",
    { class: "exchange-detail" },
    ...detailParts(entry.detail).map(({ title, json }) =>
      h("section", {}, h("h3", {}, title), h("pre", { tabindex: 0, role: "group", "aria-label": title }, json)),
    ),
  );
}
