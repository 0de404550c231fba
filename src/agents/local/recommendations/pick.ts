/**
 * Which plays a strategy takes, in which order. Plays are picked one by one, each by the points that it takes back beyond those
 * before it, so that two plays aren't paid for the same points.
 */
import type { RiskReason } from "../risk/renewal-risk.ts";
import { type Play, plays } from "./play.ts";
import { fits } from "./precondition.ts";
import type { Situation } from "./situation.ts";

/** More than four is a list, not a plan. */
const most = 4;
const fewest = 2;
/** Of the plays for growth; the rest of the plan keeps what there is. */
const mostGrowth = 2;
/** Log-odds; a play that takes back less isn't worth somebody's time. */
const leastPoints = 0.03;

export interface Pick {
  play: Play;
  /** Log-odds that it takes back, beyond the plays picked before it. */
  points: number;
  /** Log-odds that it takes back by itself. */
  alone: number;
  reasons: RiskReason[];
}

export function pick(situation: Situation): Pick[] {
  const raising = situation.risk.reasons.filter(({ points }) => points > 0);
  const fitting = plays.filter((play) => fits(play, situation));
  const ofKind = (kind: Play["kind"]) => fitting.filter((play) => play.kind === kind);
  const growth = situation.strategy === "expansion" ? growing(ofKind("growth"), raising) : [];
  const gaps = ofKind("gap").map(withoutReasons);
  // A filler answers reasons too, where there are some.
  const others = [...ofKind("answer"), ...ofKind("filler")];
  const room = most - gaps.length - growth.length;
  const answers = answering(others, { situation, raising, room });
  const picked = [...growth, ...answers, ...gaps];
  const ids = new Set(picked.map(({ play }) => play.id));
  const fillers = ofKind("filler")
    .filter(({ id }) => !ids.has(id))
    .map(withoutReasons);
  return [...picked, ...fillers.slice(0, Math.max(0, fewest - ids.size))];
}

function withoutReasons(play: Play): Pick {
  return { play, points: 0, alone: 0, reasons: [] };
}

/** What adds most first. */
function growing(candidates: readonly Play[], raising: RiskReason[]): Pick[] {
  return candidates
    .toSorted((a, b) => b.grows - a.grows)
    .slice(0, mostGrowth)
    .map((play) => ({ ...weigh(play, raising), points: 0 }));
}

interface Answering {
  situation: Situation;
  raising: RiskReason[];
  room: number;
}

function answering(candidates: readonly Play[], { situation, raising, room }: Answering): Pick[] {
  switch (situation.strategy) {
    case "value_based":
    case "expansion":
      return byWorth(candidates, { reasons: raising, room, worth: ({ points }) => points }).map((one) => ({
        ...one,
        alone: weigh(one.play, raising).points,
      }));
    case "retention_first":
      // A play that takes back as much in half the time is worth twice as much; the strongest reason is answered before the next.
      return byWorth(candidates, { reasons: raising, room, worth: soonest })
        .map((one) => ({ ...one, alone: weigh(one.play, raising).points }))
        .toSorted((a, b) => a.play.dueInDays - b.play.dueInDays || b.points - a.points);
    default:
      return situation.strategy satisfies never;
  }
}

function soonest({ points, play }: Pick): number {
  return points / play.dueInDays;
}

function byWorth(
  candidates: readonly Play[],
  { reasons, room, worth }: { reasons: RiskReason[]; room: number; worth: (pick: Pick) => number },
): Pick[] {
  const best = candidates
    .map((play) => weigh(play, reasons))
    .filter(({ points }) => points >= leastPoints)
    .toSorted((a, b) => worth(b) - worth(a))[0];
  if (room <= 0 || best === undefined) return [];
  const others = candidates.filter(({ id }) => id !== best.play.id);
  const left = reasons.map((reason) => ({ ...reason, points: reason.points * (1 - shareOf(best.play, reason)) }));
  return [best, ...byWorth(others, { reasons: left, room: room - 1, worth })];
}

function weigh(play: Play, reasons: readonly RiskReason[]): Pick {
  const worked = reasons
    .filter((reason) => shareOf(play, reason) > 0)
    .toSorted((a, b) => b.points * shareOf(play, b) - a.points * shareOf(play, a));
  const points = worked.reduce((sum, reason) => sum + reason.points * shareOf(play, reason), 0);
  return { play, points, alone: points, reasons: worked };
}

/** By the reason's main topic; one of an older model is its own. */
function shareOf({ relieves }: Play, { factor, topics }: RiskReason): number {
  const topic = topics?.[0] ?? factor;
  return Object.entries(relieves).find(([about]) => about === topic)?.[1] ?? 0;
}
