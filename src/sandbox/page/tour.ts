/**
 * The guided tour: six steps, each done by doing it. Pure: what is done is read from the workspace and from where one stands.
 *
 * 1. It advances by itself and never goes back; "Go on" passes over a step that can't be done.
 * 2. Closed stays closed, until somebody starts it again.
 */
import type { PageMessage, PageUser } from "../page-api.ts";
import type { Place } from "./place.ts";
import { fields, list } from "./shape.ts";
import { channelsOf, seenIn, type Workspace } from "./workspace.ts";

export const TOUR_STEPS = 6;
export const TOUR_COMMAND = "/revops run renewal_management";
export const CARDS_CHANNEL = "renewals";

export interface Tour {
  /** From 0; TOUR_STEPS: all of it was seen. */
  step: number;
  closed: boolean;
  /** Who ran a flow from this page: they don't decide about it. */
  ranAs: string | null;
  /** The card that somebody decided about. */
  pressed: { channel: string; ts: string } | null;
  sawInbox: boolean;
  sawCalendar: boolean;
  /** Where the clock stood when its step came. */
  offsetMs: number | null;
}

export interface TourScene {
  workspace: Workspace;
  place: Place;
  acting: string;
}

export function newTour(remembered: { step: number; closed: boolean }): Tour {
  return { ...remembered, ranAs: null, pressed: null, sawInbox: false, sawCalendar: false, offsetMs: null };
}

/** The tour as it stands now: the same object if nothing was done. */
export function advance(tour: Tour, scene: TourScene): Tour {
  if (tour.closed) return tour;
  let now = look(tour, scene);
  while (now.step < TOUR_STEPS && isDone(now, scene)) now = look({ ...now, step: now.step + 1 }, scene);
  return now;
}

export function nextStep(tour: Tour): Tour {
  return { ...tour, step: Math.min(tour.step + 1, TOUR_STEPS) };
}

/** What only counts once its step has come. */
function look(tour: Tour, { place, workspace }: TourScene): Tour {
  const sawInbox = tour.sawInbox || (tour.step === 4 && place.kind === "inbox");
  const sawCalendar = tour.sawCalendar || (tour.step === 4 && place.kind === "calendar");
  const offsetMs = tour.step === 5 ? (tour.offsetMs ?? workspace.clock.offsetMs) : null;
  const same = sawInbox === tour.sawInbox && sawCalendar === tour.sawCalendar && offsetMs === tour.offsetMs;
  return same ? tour : { ...tour, sawInbox, sawCalendar, offsetMs };
}

function isDone(tour: Tour, scene: TourScene): boolean {
  const { workspace, place } = scene;
  switch (tour.step) {
    case 0:
    case 1:
      return tour.ranAs !== null;
    case 2:
      return place.kind === "channel" && place.name === CARDS_CHANNEL && pendingCards(scene).length > 0;
    case 3:
      return tour.pressed !== null && isDecided(workspace, tour.pressed);
    case 4:
      return tour.sawInbox && tour.sawCalendar;
    case 5:
      return tour.offsetMs !== null && workspace.clock.offsetMs > tour.offsetMs;
    default:
      return false;
  }
}

/** Cards that wait for a decision, the newest first. */
export function pendingCards({ workspace, acting }: TourScene): PageMessage[] {
  const channel = channelsOf(workspace).find(({ name }) => name === CARDS_CHANNEL);
  if (channel === undefined) return [];
  return seenIn(workspace, channel.id, acting).roots.filter(hasPrimaryButton).toReversed();
}

/** The card to decide about and whom it names: the acting person's own if there is one, else the newest. */
export function cardToDecide(tour: Tour, scene: TourScene): { card: PageMessage; approver: PageUser | null } | null {
  const cards = pendingCards(scene);
  const people = Array.from(scene.workspace.users.values()).filter(({ id, isBot }) => !isBot && id !== tour.ranAs);
  const acting = people.find(({ id }) => id === scene.acting);
  const own = acting === undefined ? undefined : cards.find((card) => isNamed(card, acting));
  const card = own ?? cards[0];
  if (card === undefined) return null;
  const approver = own === undefined ? people.find((person) => isNamed(card, person)) : acting;
  return { card, approver: approver ?? null };
}

function isNamed(card: PageMessage, { name }: PageUser): boolean {
  return JSON.stringify(card.blocks).includes(name);
}

export function hasPrimaryButton({ blocks }: PageMessage): boolean {
  return blocks.some((block) => list(fields(block)["elements"]).some((item) => fields(item)["style"] === "primary"));
}

function isDecided(workspace: Workspace, { channel, ts }: { channel: string; ts: string }): boolean {
  const card = workspace.messages.get(channel)?.byTs.get(ts);
  return card !== undefined && !hasPrimaryButton(card);
}
