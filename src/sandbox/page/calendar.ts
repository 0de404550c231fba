/** The calendar as an agenda: what the flows booked, by day. */
import type { PageCalendarEvent } from "../page-api.ts";
import { agenda, type AgendaDay, type AgendaEvent } from "./agenda.ts";
import type { Reader } from "./dates.ts";
import { fill, h } from "./h.ts";

export interface Calendar {
  element: HTMLElement;
  draw: (drawing: { events: PageCalendarEvent[]; reader: Reader; personOf: (email: string) => string }) => void;
}

export function createCalendar(): Calendar {
  const element = h("div", { class: "calendar" });
  let drawn = "";
  return {
    element,
    draw: ({ events, reader, personOf }) => {
      const days = agenda(events, reader);
      const key = JSON.stringify([days, reader.zone]);
      if (drawn === key) return;
      drawn = key;
      if (days.length === 0) fill(element, emptyCalendar());
      else fill(element, ...daySections(days, personOf));
    },
  };
}

function emptyCalendar(): HTMLElement {
  return h("p", { class: "empty" }, "Nothing booked yet. Follow-ups that the flows book stand here.");
}

/** What comes stands first; what was is folded away below. */
function daySections(days: AgendaDay[], personOf: (email: string) => string): HTMLElement[] {
  const past = days.filter((day) => day.past).toReversed();
  const coming = days.filter((day) => !day.past).map((day) => daySection(day, personOf));
  if (past.length === 0) return coming;
  const count = past.reduce((sum, day) => sum + day.events.length, 0);
  const earlier = past.map((day) => daySection(day, personOf));
  return [...coming, h("details", { class: "earlier" }, h("summary", {}, `Earlier (${count})`), ...earlier)];
}

function daySection(day: AgendaDay, personOf: (email: string) => string): HTMLElement {
  return h(
    "section",
    { class: "agenda-day", "aria-label": day.name },
    h("h2", {}, day.name),
    h("ul", {}, ...day.events.map((item) => h("li", {}, eventCard(item, personOf)))),
  );
}

function eventCard(item: AgendaEvent, personOf: (email: string) => string): HTMLElement {
  const { event } = item;
  return h(
    "article",
    { class: item.cancelled ? "event cancelled" : "event", "aria-label": event.summary, "data-event": event.id },
    h(
      "div",
      { class: "event-time" },
      h("time", { datetime: event.start }, item.time),
      h("span", {}, item.zone),
      item.readerTime !== null && h("span", {}, `${item.readerTime} for you`),
    ),
    h(
      "div",
      { class: "event-body" },
      h("h3", {}, event.summary || "(no title)", item.cancelled && h("span", { class: "app-tag" }, "Cancelled")),
      event.attendees.length > 0 &&
        h("p", { class: "event-people" }, "With ", ...peopleNodes(event.attendees, personOf)),
      event.description !== "" && h("p", { class: "event-description" }, event.description),
      event.organizer !== "" && h("p", { class: "event-people" }, `Organised by ${personOf(event.organizer)}`),
    ),
  );
}

function peopleNodes(emails: string[], personOf: (email: string) => string): Node[] {
  return emails.flatMap((email, index) => [
    document.createTextNode(index === 0 ? "" : ", "),
    h("span", { title: email }, personOf(email)),
  ]);
}
