/** Leads through the tour: follows what the person does, points at what comes next, and does what the card offers. */
import type { PageMessage } from "../page-api.ts";
import type { Press } from "./block-context.ts";
import { createTourCard, type TourCard } from "./tour-card.ts";
import { advance, hasPrimaryButton, newTour, nextStep, type Tour } from "./tour.ts";
import { tourPlace, tourWords, type TourAction } from "./tour-words.ts";
import { fields, list, string } from "./shape.ts";
import type { Visit } from "./visit.ts";

export interface TourGuide {
  card: TourCard;
  draw: () => void;
  /** A line was sent and taken. */
  sent: (text: string) => void;
  /** A press in a message was taken. */
  pressed: (message: PageMessage, press: Press) => void;
}

export interface TourGuideWiring {
  visit: Visit;
  narrow: MediaQueryList;
  /** Where the card stands: beside the channels, or below the header. */
  slots: () => { wide: Element; narrow: Element };
  act: (action: TourAction) => void;
  changed: () => void;
}

export function createTourGuide({ visit, narrow, slots, act, changed }: TourGuideWiring): TourGuide {
  let tour = newTour(visit.memory.tour());
  const keep = (next: Tour): void => {
    if (next.step !== tour.step || next.closed !== tour.closed)
      visit.memory.saveTour({ step: next.step, closed: next.closed });
    tour = next;
  };
  const change = (next: Tour): void => {
    keep(next);
    changed();
  };
  const card = createTourCard({
    narrow,
    act,
    next: () => change(nextStep(tour)),
    close: () => change({ ...tour, closed: true }),
    start: () => change(newTour({ step: 0, closed: false })),
  });
  return {
    card,
    draw: () => {
      const scene = { workspace: visit.workspace, place: visit.place, acting: visit.acting };
      keep(advance(tour, scene));
      const slot = narrow.matches ? slots().narrow : slots().wide;
      if (card.element.parentElement !== slot) slot.append(card.element);
      const words = tour.closed ? null : tourWords(tour, scene);
      card.draw(words === null ? null : { words, place: tourPlace(tour) });
      point(words?.target ?? null);
    },
    sent: (text) => {
      if (/^\/\S+\s+run\b/.test(text)) change({ ...tour, ranAs: visit.acting });
    },
    pressed: (message, press) => {
      if (hasPrimaryButton(message) && isPrimary(message, press)) {
        change({ ...tour, pressed: { channel: message.channel, ts: message.ts } });
      }
    },
  };
}

function isPrimary({ blocks }: PageMessage, { blockId, actionId }: Press): boolean {
  const block = blocks.map(fields).find((candidate) => candidate["block_id"] === blockId) ?? {};
  const item =
    list(block["elements"])
      .map(fields)
      .find((candidate) => candidate["action_id"] === actionId) ?? {};
  return string(item["style"]) === "primary";
}

/** Marks the one thing that comes next; behind the menu of a narrow window the menu's button stands for it. */
function point(selector: string | null): void {
  const wanted = selector === null ? null : document.querySelector<HTMLElement>(selector);
  const seen =
    wanted === null || wanted.checkVisibility() ? wanted : document.querySelector<HTMLElement>(".menu-button");
  for (const marked of document.querySelectorAll("[data-tour]"))
    if (marked !== seen) marked.removeAttribute("data-tour");
  if (seen !== null && seen.dataset["tour"] === undefined) seen.dataset["tour"] = "next";
}
