import { describe, expect, test } from "vitest";
import type { Place } from "../../../src/sandbox/page/place.ts";
import { advance, newTour, nextStep, TOUR_STEPS, type Tour, type TourScene } from "../../../src/sandbox/page/tour.ts";
import { tourWords } from "../../../src/sandbox/page/tour-words.ts";
import { newWorkspace, replaceMessages, type Workspace } from "../../../src/sandbox/page/workspace.ts";
import { cardBlocks, fakeState, LEAD, MANAGER, message, RENEWALS } from "./fake-data.ts";

const revops: Place = { kind: "channel", name: "revops", thread: null };
const renewals: Place = { kind: "channel", name: "renewals", thread: null };
const card = message({ channel: RENEWALS, text: "card", blocks: cardBlocks() });
const decided = { ...card, blocks: cardBlocks().slice(0, 3) };

function workspaceWith(cards: (typeof card)[], offsetMs = 0): Workspace {
  const workspace = newWorkspace({ ...fakeState(), clock: { ...fakeState().clock, offsetMs } });
  replaceMessages(workspace, RENEWALS, cards);
  return workspace;
}

function scene(parts: Partial<TourScene> = {}): TourScene {
  return { workspace: workspaceWith([card]), place: revops, acting: LEAD, ...parts };
}

function at(step: number, parts: Partial<Tour> = {}): Tour {
  return { ...newTour({ step, closed: false }), ...parts };
}

describe("does the tour advance when it was done, and only then?", () => {
  test("nothing moves by itself", () => {
    for (const step of [0, 1, 2, 3, 4]) {
      const tour = at(step);
      expect(advance(tour, scene())).toBe(tour);
    }
    expect(advance(at(5), scene()).step).toBe(5);
  });
  test("who runs a flow at once has done the first two steps", () => {
    expect(advance(at(0, { ranAs: LEAD }), scene()).step).toBe(2);
  });
  test("the channel alone is no card", () => {
    expect(advance(at(2), scene({ place: renewals, workspace: workspaceWith([]) })).step).toBe(2);
    expect(advance(at(2), scene({ place: renewals })).step).toBe(3);
  });
  test("a press that the bot refused leaves the card as it was", () => {
    const pressed = { channel: RENEWALS, ts: card.ts };
    expect(advance(at(3, { pressed }), scene()).step).toBe(3);
    expect(advance(at(3, { pressed }), scene({ workspace: workspaceWith([decided]) })).step).toBe(4);
  });
  test("both the Inbox and the Calendar, in any order, but not before their step", () => {
    expect(advance(at(3), scene({ place: { kind: "inbox", mail: null } })).sawInbox).toBe(false);
    const half = advance(at(4), scene({ place: { kind: "calendar" } }));
    expect(half.step).toBe(4);
    expect(advance(half, scene({ place: { kind: "inbox", mail: null } })).step).toBe(5);
  });
  test("a clock that had been moved before doesn't count", () => {
    const begun = advance(at(5), scene({ workspace: workspaceWith([], 86_400_000) }));
    expect(begun.step).toBe(5);
    expect(advance(begun, scene({ workspace: workspaceWith([], 90_000_000) })).step).toBe(TOUR_STEPS);
  });
  test("closed, it follows nobody", () => {
    const closed = at(0, { closed: true, ranAs: LEAD });
    expect(advance(closed, scene())).toBe(closed);
  });
  test("going on ends at the end", () => {
    expect(nextStep(at(TOUR_STEPS)).step).toBe(TOUR_STEPS);
  });
});

describe("does it say whom to act as?", () => {
  test("whoever the card names, not the one who started the flow", () => {
    expect(tourWords(at(3, { ranAs: LEAD }), scene()).action).toEqual({
      kind: "act_as",
      label: "Act as Dana Reyes",
      user: MANAGER,
    });
  });
  test("and who is named already is shown their own card, although a newer one is another's", () => {
    const newer = message({
      channel: RENEWALS,
      minutes: 5,
      blocks: JSON.parse(JSON.stringify(cardBlocks()).replace("Dana Reyes", "Kit Marlow")),
    });
    const words = tourWords(
      at(3, { ranAs: LEAD }),
      scene({ acting: MANAGER, place: renewals, workspace: workspaceWith([card, newer]) }),
    );
    expect(words.action).toEqual({ kind: "show", label: "Show the card", ts: card.ts });
    expect(words.target).toContain(card.ts);
  });
  test("without a card it says so", () => {
    expect(tourWords(at(3), scene({ workspace: workspaceWith([decided]) })).text).toContain("No card waits");
  });
});
