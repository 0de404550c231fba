/** What the tour says at each step, what it offers to do, and what it points at. Pure. */
import { CARDS_CHANNEL, cardToDecide, TOUR_COMMAND, TOUR_STEPS, type Tour, type TourScene } from "./tour.ts";

export interface TourWords {
  title: string;
  text: string;
  action: TourAction | null;
  /** A selector of what comes next. */
  target: string | null;
}

export type TourAction =
  | { kind: "offer"; label: string; text: string }
  | { kind: "go"; label: string; href: string }
  | { kind: "act_as"; label: string; user: string }
  | { kind: "show"; label: string; ts: string };

const CARDS_HREF = `#/c/${CARDS_CHANNEL}`;

export function tourWords(tour: Tour, scene: TourScene): TourWords {
  switch (tour.step) {
    case 0:
      return {
        title: "What this is",
        text: "This page behaves like Slack with the bot in it. Slack, mail and calendar are stand-ins: nothing leaves this machine.",
        action: null,
        target: null,
      };
    case 1:
      return {
        title: "Run a flow",
        text: "It looks at every customer whose renewal is near and scores the risk. Put the command into the message field and press Enter.",
        action: { kind: "offer", label: "Fill in the command", text: TOUR_COMMAND },
        target: isIn(scene, "revops") ? ".composer-box" : linkTo("#/c/revops"),
      };
    case 2:
      return {
        title: "See the card",
        text: `What needs a decision arrives in #${CARDS_CHANNEL}: the risk, why, and what is proposed. Nothing is sent yet.`,
        action: { kind: "go", label: `Open #${CARDS_CHANNEL}`, href: CARDS_HREF },
        target: linkTo(CARDS_HREF),
      };
    case 3:
      return decideWords(tour, scene);
    case 4:
      return {
        title: "What was sent",
        text: "The mail is in the Inbox, the booked time in the Calendar. Look at both.",
        action: tour.sawInbox
          ? { kind: "go", label: "Open the Calendar", href: "#/calendar" }
          : { kind: "go", label: "Open the Inbox", href: "#/inbox" },
        target: linkTo(tour.sawInbox ? "#/calendar" : "#/inbox"),
      };
    case 5:
      return {
        title: "Move the clock",
        text: "Reminders, expiries and schedules come when their time comes: move on by a day, or to the next schedule.",
        action: null,
        target: ".clock-buttons",
      };
    default:
      return {
        title: "That’s the tour",
        text: "Everything here works as in a workspace. Traffic shows what goes over the wires, and breaks it when you ask.",
        action: { kind: "go", label: "Open Traffic", href: "#/traffic" },
        target: null,
      };
  }
}

export function tourPlace(tour: Tour): string {
  return tour.step < TOUR_STEPS ? `${tour.step + 1} of ${TOUR_STEPS}` : "";
}

function decideWords(tour: Tour, scene: TourScene): TourWords {
  const title = "Decide";
  const found = cardToDecide(tour, scene);
  if (found === null) {
    const text = `No card waits in #${CARDS_CHANNEL} at the moment. Run the flow again, or go on.`;
    return { title, text, action: { kind: "offer", label: "Fill in the command", text: TOUR_COMMAND }, target: null };
  }
  const { card, approver } = found;
  if (approver !== null && approver.id !== scene.acting) {
    return {
      title,
      text: `Whoever starts a flow doesn’t decide about it. Act as ${approver.name}, whom a card names, and approve it.`,
      action: { kind: "act_as", label: `Act as ${approver.name}`, user: approver.id },
      target: "#acting-as",
    };
  }
  const here = isIn(scene, CARDS_CHANNEL);
  return {
    title,
    text: `A card in #${CARDS_CHANNEL} waits for you. Press its first button; nothing is sent before that.`,
    action: here
      ? { kind: "show", label: "Show the card", ts: card.ts }
      : { kind: "go", label: `Open #${CARDS_CHANNEL}`, href: CARDS_HREF },
    target: here ? `main article[data-ts="${card.ts}"] .button.primary` : linkTo(CARDS_HREF),
  };
}

function isIn({ place }: TourScene, name: string): boolean {
  return place.kind === "channel" && place.name === name;
}

function linkTo(href: string): string {
  return `.groups a[href="${href}"]`;
}
